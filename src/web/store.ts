import { batch, signal } from "@preact/signals";
import { type Client, openClient } from "../client/client.ts";
import { factsBySocket } from "../client/event-socket.ts";
import { follow as followFacts } from "../client/follow.ts";
import type { Snapshot } from "../core/api.ts";
import type { Event } from "../core/facts.ts";
import type { Seq } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Sentence } from "../core/saying.ts";
import { sentence } from "../core/sentence.ts";
import type { State } from "../core/state.ts";
import type { Early } from "./early.ts";
import { forgetToken, keptToken } from "./kept-token.ts";

/** A fact as the page shows it; its sentence is made once. */
export interface Line extends Sentence {
  event: Event;
}

/** Lines kept; older ones are in the ledger (`muster ledger`). */
const KEPT = 1000;
const EARLIER = 300;

export type Connection = "connecting" | "live" | "lost";

export const state = signal<State | null>(null);
/** Newest first. */
export const lines = signal<Line[]>([]);
export const connection = signal<Connection>("connecting");
/** Since when what is shown may be out of date; null = it is not. */
export const lostSince = signal<number | null>(null);
/** Why nobody is logged in; null = somebody is. */
export const loggedOut = signal<string | null>(null);
/** Ticks once a second, for times that pass. */
export const now = signal(Date.now());
export const toast = signal("");
/** Which part a narrow screen shows. */
export const shown = signal<"agents" | "terminal" | "feed">("agents");

/** The terminal takes the ledger's room. */
export const isWide = signal(false);

let client: Client = openClient({});
export const api = (): Client => client;

let toastTimer: Timer | undefined;

/** Says something for four seconds. */
export function say(text: string): void {
  toast.value = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast.value = "";
  }, 4000);
}

/** Does what a person asked for; a refusal is said, with what to do next. */
export async function act(path: string, body: unknown): Promise<boolean> {
  try {
    await client.post(path, body);
    return true;
  } catch (error) {
    say(error instanceof Refusal ? `${error.message}${error.hint ? `; ${error.hint}` : ""}` : String(error));
    return false;
  }
}

let latest: State | null = null;
let waiting: Event[] = [];
let isDue = false;

const lineOf = (event: Event, of: State): Line => ({ event, ...sentence(event, of) });

/** Facts of one frame are drawn together. */
function flush(): void {
  isDue = false;
  const [facts, of] = [waiting, latest];
  waiting = [];
  if (!of) return;
  batch(() => {
    const fresh = facts.map((fact) => lineOf(fact, of)).reverse();
    if (fresh.length > 0) lines.value = [...fresh, ...lines.value].slice(0, KEPT);
    state.value = { ...of };
  });
}

function schedule(): void {
  if (isDue) return;
  isDue = true;
  // A hidden tab draws no frames, and still keeps up.
  if (document.hidden) setTimeout(flush, 250);
  else requestAnimationFrame(flush);
}

/** What was before the page was opened. Facts that came meanwhile are in both, so numbers decide. */
async function loadEarlier(of: State): Promise<void> {
  const { facts } = await client.get<{ facts: Event[] }>(`/api/ledger?tail=1&limit=${EARLIER}`);
  const known = new Map(lines.value.map((line) => [line.event.seq, line]));
  for (const fact of facts) if (!known.has(fact.seq)) known.set(fact.seq, lineOf(fact, of));
  lines.value = [...known.values()].sort((a, b) => b.event.seq - a.event.seq).slice(0, KEPT);
}

export function logOut(reason: string): void {
  forgetToken();
  loggedOut.value = reason;
}

/** What was asked for before this program had come; once, and of the same login. null = none came, and who asks again learns why. */
async function earlySnapshot(token: string): Promise<Snapshot | null> {
  const found: Early | null = globalThis.musterEarly;
  globalThis.musterEarly = null;
  return found?.token === token ? found.snapshot : null;
}

/** The state, once, and the stream that goes on from there. */
async function* factsFrom(
  after: Seq | undefined,
  token: string,
  signal: AbortSignal,
  opened: () => void,
): AsyncIterable<Snapshot | Event> {
  if (after !== undefined) return yield* client.events(after, signal, opened);
  // A state comes packed by a request, and as it is by a socket.
  const first = (await earlySnapshot(token)) ?? (await client.get<Snapshot>("/api/state"));
  yield first;
  yield* client.events(first.seq, signal, opened);
}

/** Follows the daemon until the login ends. */
export async function follow(signal: AbortSignal): Promise<void> {
  const token = keptToken() ?? "";
  client = openClient({ token, stream: (after, until) => factsBySocket({ token }, after, until) });
  const told = (isConnected: boolean) => {
    connection.value = isConnected ? "live" : "lost";
    lostSince.value = isConnected ? null : (lostSince.value ?? Date.now());
  };
  try {
    for await (const news of followFacts(
      (after) => factsFrom(after, token, signal, () => told(true)),
      signal,
      () => told(false),
    )) {
      latest = news.state;
      waiting.push(...news.facts);
      // The first of all is drawn at once; later facts of one frame together.
      if (news.isFresh) flush();
      else schedule();
      if (news.isFresh) void loadEarlier(news.state).catch(() => {});
    }
  } catch (error) {
    if (error instanceof Refusal && error.code === "forbidden") logOut("the login has ended");
    else throw error;
  }
}
