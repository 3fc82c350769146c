import { type Command, type Letter, observe } from "../../core/commands.ts";
import { NotADiff, parseDiff, pathsOf } from "../../core/diff.ts";
import { askAux, promptIn } from "../../core/errands/asking.ts";
import { type AgentId, DAEMON, type Mid, type Principal, SYSTEM, USER } from "../../core/ids.ts";
import { type ParsedLetter, parseLetter } from "../../core/letter/parse.ts";
import { titleOf } from "../../core/patch-policy.ts";
import type { FoundLetter } from "../../core/ports.ts";
import type { State, Team } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import { acknowledge } from "./acks.ts";
import { type Tip, tip } from "./tips.ts";

/** A command and who gives it: an agent's letter has an agent's rights (law 4). */
export interface Order {
  command: Command;
  by: Principal;
}

export interface RouteWorld {
  state: State;
  team: Team;
  now: number;
  /** A message id made of a claim's time and its key; the same key gives the same id. */
  mid(at: number, key: string): Mid;
  sha256(text: string): string;
}

/** Long enough for every sentence, short enough for one line of `git log`. */
const TITLE_LIMIT = 60;

const FORM = `wrap letters in <TO_PEER> ... </TO_PEER> (or <TO_USER>) and end with one fence:
\`\`\`insight
who: <you>
kind: ask|counter|revise|note|evidence
next: <one step>
refs: []
\`\`\`
This one was delivered all the same.`;

/** Who gets what is written into a box; System is the rhythm of a solo team, and keeps what PeerB tells the user (P29). */
function recipientOf({ team }: RouteWorld, letter: FoundLetter): string {
  const peer = team.seats.find(({ seat }) => seat !== letter.seat);
  if (letter.box === "to_peer") return peer?.agent ?? SYSTEM;
  const isFirst = team.seats[0]?.seat === letter.seat;
  return isFirst ? USER : SYSTEM;
}

function changesIn(diff: string): { paths: string[]; lines: number; title: string } {
  try {
    const parsed = parseDiff(diff);
    return { paths: pathsOf(parsed), lines: parsed.changed, title: titleOf(diff, parsed) };
  } catch (error) {
    // The patch line says what is wrong with it.
    if (!(error instanceof NotADiff)) throw error;
    return { paths: [], lines: 0, title: titleOf(diff, null) };
  }
}

/** `P-0007`: one number per patch of this home. */
const nextPatch = (state: State, ahead: number): string =>
  `P-${String(Object.keys(state.patches).length + 1 + ahead).padStart(4, "0")}`;

interface Source {
  world: RouteWorld;
  letter: FoundLetter;
  author: AgentId;
}

function submissions({ world, letter, author }: Source, diffs: string[], title: string | undefined): Order[] {
  const { team, state } = world;
  let ahead = 0;
  return diffs.flatMap((diff, index): Order[] => {
    const origin = `${letter.origin}|patch${index}`;
    if (state.accepted[origin]) return [];
    const changes = changesIn(diff);
    const patch = {
      patch: nextPatch(state, ahead++),
      team: team.name,
      author,
      title: preview(title || changes.title, TITLE_LIMIT),
      sha: world.sha256(diff),
      lines: changes.lines,
      paths: changes.paths,
      mid: world.mid(letter.at, origin),
      origin,
      body: diff,
    };
    return [{ command: { do: "submit", patch }, by: { kind: "agent", agent: author } }];
  });
}

/** Lessons for the author of a letter that was taken all the same. */
function lessons(source: Source, parsed: ParsedLetter): Order[] {
  const { world, letter, author } = source;
  const teach = (kind: Tip["kind"], text: string): Order[] => {
    const mid = world.mid(letter.at, `${letter.origin}|${kind}`);
    const lesson = tip(world.state, { mid, at: world.now, author, team: world.team.name, kind, text });
    return lesson ? [{ command: { do: "send", letter: lesson }, by: DAEMON }] : [];
  };
  const orders: Order[] = [];
  if (!parsed.hasTag || !parsed.insight) orders.push(...teach("form", FORM));
  if (letter.box === "to_user" && recipientOf(world, letter) !== USER) {
    orders.push(...teach("user", "only PeerA answers the user. Your text is kept, not shown; tell your peer instead."));
  }
  if (letter.encoding !== "utf-8") {
    orders.push(...teach("encoding", `your letter was read as ${letter.encoding}; write UTF-8.`));
  }
  const sender = otherSender(letter.seat, parsed);
  if (!sender) return orders;
  const text = `a letter of ${letter.seat} says it is from ${sender}; the owner of the mailbox is its sender`;
  const taught = teach("sender", text);
  const notice = observe({ type: "notice.raised", level: "warning", text, about: author });
  return [...orders, ...taught, ...taught.map(() => ({ command: notice, by: DAEMON }))];
}

/** A name that a letter gives itself and that is not its seat's. */
function otherSender(seat: string, parsed: ParsedLetter): string | null {
  const names = [parsed.claimedSender, parsed.insight?.who].filter((name): name is string => Boolean(name));
  const other = names.find((name) => name.toLowerCase() !== seat.toLowerCase() && !name.startsWith("<"));
  return other === undefined ? null : preview(other, 40);
}

/** A file for the helper; the same file gives the same errand. */
function asked({ world, letter, author }: Source): Order[] {
  const { state, team, now } = world;
  const errand = world.mid(letter.at, letter.origin).replace("muster", "aux");
  if (state.errands.all[errand]) return [];
  const { fact } = askAux(state, { team, asker: author, prompt: promptIn(letter.text), now, errand });
  return [{ command: observe(fact), by: DAEMON }];
}

/** A letter that holds nothing but acknowledgements is no message; what is in a message is read from it. */
function acknowledged({ world, author }: Source, parsed: ParsedLetter): Order[] {
  if (!parsed.isOnlyAcks) return [];
  return acknowledge(world.state, author, parsed.acks).map((command) => ({ command, by: DAEMON }));
}

/**
 * What a claimed letter asks for: its message, its patches, lessons for its author. Repeating all of it is harmless, by
 * origin and mid.
 */
export function route(world: RouteWorld, letter: FoundLetter): Order[] {
  const author = world.team.seats.find(({ seat }) => seat === letter.seat)?.agent;
  if (!author) return [];
  const source: Source = { world, letter, author };
  if (letter.box === "to_aux") return asked(source);
  if (letter.box === "patch") return submissions(source, [letter.text], undefined);
  const parsed = parseLetter(letter.text);
  const message: Letter = {
    mid: world.mid(letter.at, letter.origin),
    from: author,
    to: recipientOf(world, letter),
    kind: "letter",
    text: parsed.text,
    team: world.team.name,
    origin: letter.origin,
  };
  const isEmpty = parsed.text === "" || parsed.isOnlyAcks;
  const title = parsed.events.find(({ kind }) => kind === "Item")?.text;
  return [
    ...(isEmpty
      ? []
      : [{ command: { do: "send", letter: message } as const, by: { kind: "agent", agent: author } as const }]),
    ...(letter.box === "to_peer" ? submissions(source, parsed.patches, title) : []),
    ...acknowledged(source, parsed),
    ...(parsed.isOnlyAcks ? [] : lessons(source, parsed)),
  ];
}
