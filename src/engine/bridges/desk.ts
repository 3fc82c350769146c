import { bridgeKey, CODE_MS, codeFor, isRight, MOST_TRIES, rightsUpTo } from "../../core/bridges/bridges-state.ts";
import type { ChatPlace } from "../../core/bridges/facts.ts";
import { type ChatLine, type ChatSetting, chatLine, type OwnCommand } from "../../core/bridges/line.ts";
import { type Incoming, PLATFORMS, type Platform } from "../../core/bridges/port.ts";
import { redacted } from "../../core/bridges/text.ts";
import { observe } from "../../core/commands.ts";
import { CONSOLE_COMMANDS, type ConsoleRight } from "../../core/console-line.ts";
import { DAEMON, type Mid, type Millis, type Principal, USER } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { DecisionChannel } from "../../core/rfd/facts.ts";
import type { Team } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import { keepFiles } from "./inbound-files.ts";
import type { BridgeRoster } from "./roster.ts";
import { type BridgeWorld, chatAt, rulesOf, runningIn } from "./world.ts";

export const NOT_SUBSCRIBED = "Not subscribed. Ask the owner for a pairing code.";
const LEFT = "Unsubscribed. Nothing is told here any more.";
const BAD_CODE = "That code is not valid. Ask the owner for a new one: muster bridge pair.";
const BEGUN = "This was begun before Muster was started again; see whether it took effect, then send it anew.";
const PREFIXES: Record<Platform, string> = { telegram: "tg", slack: "sl", discord: "dc", wecom: "wc" };
/** No letter or digit that looks like another one. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** A stranger is answered at most so often, and strangers of a platform are written down at most so often (S48). */
const STRANGER_MS = 10_000;
/** So often a stranger may ask who it is, or try a code. */
const ASKING_MS = 1000;
/** Strangers that are answered in one such time. */
const MOST_ANSWERS = 20;
/** Hints and strangers that are remembered. */
const MOST_KEPT = 1000;

/** A code as people may type it. */
const plainCode = (code: string): string => code.toUpperCase().replaceAll(/[^0-9A-Z]/g, "");

/** Takes in what people say in chats: who may, what it means, and the answer (P86-P88). */
export class ChatDesk {
  private readonly hinted = new Map<string, Millis>();
  /** When strangers of a platform were written down, and how many were answered since. */
  private readonly strangers = new Map<string, { since: Millis; count: number; answers: number }>();
  private readonly working = new Map<string, Promise<void>>();
  private roster?: Pick<BridgeRoster, "of">;

  constructor(private readonly world: BridgeWorld) {}

  /** By which answers to strangers go out. */
  answerBy(roster: Pick<BridgeRoster, "of">): void {
    this.roster = roster;
  }

  /** Makes a pairing code. It is in the answer and nowhere else; the log has its hash. */
  pair(
    order: { repo: string; right?: string; platform?: string },
    by: Principal,
  ): { code: string; right: ConsoleRight; until: Millis } {
    const { repo, right = "talk", platform } = order;
    if (!isRight(right)) throw new Refusal("usage", `no right ${right}`, "read, talk, operate or approve");
    const known = PLATFORMS.find((one) => one === platform);
    if (platform !== undefined && known === undefined)
      throw new Refusal("usage", `no platform ${platform}`, `known: ${PLATFORMS.join(", ")}`);
    if (known === "wecom") throw new Refusal("usage", "wecom only listens", "nobody can write there");
    const code = this.newCode();
    const until = this.world.clock.now() + CODE_MS;
    const more = known === undefined ? {} : { platform: known };
    this.world.dispatch(
      { do: "wish", wish: { type: "bridge.coded", repo, hash: this.hashOf(repo, code), right, until, ...more } },
      by,
    );
    return { code, right, until };
  }

  /** One update of a platform; resolves when it was carried out. Never throws: what is wrong is answered. */
  async receive({ repo, platform }: Pick<ChatPlace, "repo" | "platform">, incoming: Incoming): Promise<void> {
    const place: ChatPlace = { repo, platform, chat: incoming.chat };
    const key = `${this.world.sha256(repo)} ${this.midOf(place, incoming)}`;
    const running = this.working.get(key) ?? this.take(place, incoming).catch((error) => this.report(place, error));
    this.working.set(key, running);
    await running;
    this.working.delete(key);
  }

  private async take(place: ChatPlace, incoming: Incoming): Promise<void> {
    const team = runningIn(this.world.state(), place.repo);
    if (!team || place.platform === "wecom") return;
    const line = chatLine(incoming, settingOf(team, place.platform));
    if (line.kind === "nothing") return;
    if (line.kind === "own") return this.own(place, incoming, line.name, line.rest);
    const chat = chatAt(this.world.state(), place);
    if (!chat) return this.denyStranger(place, incoming);
    if (line.kind === "hint" && !this.mayHint(place, team)) return;
    const mid = this.midOf(place, incoming);
    if (chat.received[mid]) return;
    const isRepeat = mid in chat.received;
    const said = incoming.button ?? incoming.text;
    const shown = preview(redacted(said, rulesOf(team, place.platform).redact)) || "a file";
    this.observe({
      type: "bridge.received",
      ...place,
      message: mid,
      sender: preview(incoming.sender, 60),
      preview: shown,
    });
    const answer =
      line.kind === "console" ? await this.carryOut(place, team, incoming, line, mid, isRepeat) : line.text;
    this.observe({ type: "bridge.replied", ...place, message: mid, body: answer });
  }

  /** Letters have an id, so they may be sent again; of anything else nobody knows whether it took effect. */
  private async carryOut(
    place: ChatPlace,
    team: Team,
    incoming: Incoming,
    { lines }: ChatLine & { kind: "console" },
    mid: Mid,
    isRepeat: boolean,
  ): Promise<string> {
    const rights = rightsUpTo(chatAt(this.world.state(), place)?.right ?? "read");
    const isLetter = lines.every((line) => /^(a|b|both): /.test(line));
    if (isRepeat && !isLetter) return BEGUN;
    const channel = place.platform as DecisionChannel;
    try {
      const answers: string[] = [];
      const added = isLetter ? await keepFiles(this.world, place, team, incoming, mid, rights) : "";
      for (const line of lines) {
        const call = { team: team.name, line: line + added, channel, rights, mid };
        answers.push(...(await this.world.console.execute(call)).lines);
      }
      return answers.join("\n");
    } catch (error) {
      return this.refused(place, incoming, error);
    }
  }

  private refused(place: ChatPlace, incoming: Incoming, error: unknown): string {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, hint } = error;
    if (code !== "forbidden") return hint ? `${message}; ${hint}` : message;
    this.observe({ type: "bridge.denied", ...place, sender: preview(incoming.sender, 60), reason: message });
    return message;
  }

  private async own(place: ChatPlace, incoming: Incoming, name: OwnCommand, rest: string): Promise<void> {
    const chat = chatAt(this.world.state(), place);
    const sender = preview(incoming.sender, 60);
    if (name === "subscribe") return this.subscribe(place, incoming, rest);
    if (name === "whoami") {
      const may = chat ? `right ${chat.right}` : "not subscribed";
      return this.say(place, incoming, `${place.platform} chat ${place.chat}, you are ${sender}: ${may}`);
    }
    if (!chat) return this.denyStranger(place, incoming);
    if (name === "help") return this.say(place, incoming, helpFor(chat.right));
    this.observe({ type: "bridge.unsubscribed", ...place, sender, reason: `${sender} asked for it` });
    return this.say(place, incoming, LEFT);
  }

  private async subscribe(place: ChatPlace, incoming: Incoming, typed: string): Promise<void> {
    const { world } = this;
    const state = world.state();
    const team = runningIn(state, place.repo);
    const allowed = team && place.platform !== "wecom" ? team.settings[place.platform].allow_chats : [];
    if (allowed.length > 0 && !allowed.includes(place.chat)) return this.denyStranger(place, incoming);
    const hash = this.hashOf(place.repo, plainCode(typed));
    const code = codeFor(state.bridges, place, hash, world.clock.now());
    const sender = preview(incoming.sender, 60);
    if (!code) {
      const open = state.bridges.codes[place.repo];
      const isTry = open !== undefined && open.tries < MOST_TRIES && world.clock.now() < open.until;
      if (isTry) this.observe({ type: "bridge.denied", ...place, sender, reason: "code" });
      return this.say(place, incoming, BAD_CODE);
    }
    const after = team ? this.startOf(team, place) : state.seq;
    this.observe({ type: "bridge.subscribed", ...place, hash, right: code.right, sender, after });
    return this.say(place, incoming, `Subscribed with right ${code.right}. /help says what you may do.`);
  }

  /** After which fact a new chat is told: the last one, or some texts to the user before. */
  private startOf(team: Team, { platform }: ChatPlace): number {
    const { seq } = this.world.state();
    const { start_mode: mode, replay_last: last } = team.settings[platform].outbound.cursor;
    if (mode === "tail" || last === 0) return seq;
    const told = this.world.log
      .tail(1000)
      .filter((event) => event.type === "message.queued" && "to" in event && event.to === USER);
    const first = told.at(-last) ?? told[0];
    return first ? first.seq - 1 : seq;
  }

  private denyStranger(place: ChatPlace, incoming: Incoming): void {
    const sender = preview(incoming.sender, 60);
    if (this.countStranger(place) === 1)
      this.observe({ type: "bridge.denied", ...place, sender, reason: "it is not subscribed" });
    if (!this.mayTell(`stranger ${place.platform} ${place.chat}`, STRANGER_MS)) return;
    void this.say(place, incoming, NOT_SUBSCRIBED);
  }

  /** The number of this stranger within the last seconds, from 1. */
  private countStranger({ repo, platform }: ChatPlace): number {
    const now = this.world.clock.now();
    const known = this.strangers.get(bridgeKey({ repo, platform }));
    const fresh = known !== undefined && now < known.since + STRANGER_MS;
    const count = fresh ? { ...known, count: known.count + 1 } : { since: now, count: 1, answers: 0 };
    this.strangers.set(bridgeKey({ repo, platform }), count);
    return count.count;
  }

  /** Strangers never use up what a platform lets us say. */
  private mayAnswer(place: ChatPlace, text: string): boolean {
    if (text !== NOT_SUBSCRIBED) {
      if (!this.mayTell(`asks ${place.platform} ${place.chat}`, ASKING_MS)) return false;
      this.countStranger(place);
    }
    const known = this.strangers.get(bridgeKey(place));
    if (!known || known.answers >= MOST_ANSWERS) return false;
    known.answers += 1;
    return true;
  }

  private mayHint(place: ChatPlace, team: Team): boolean {
    const cooldown = place.platform === "wecom" ? 0 : team.settings[place.platform].hints.cooldown_seconds;
    return this.mayTell(`hint ${place.repo} ${place.platform} ${place.chat}`, cooldown * 1000);
  }

  private mayTell(key: string, pause: Millis): boolean {
    const now = this.world.clock.now();
    const last = this.hinted.get(key);
    if (last !== undefined && now < last + pause) return false;
    if (this.hinted.size >= MOST_KEPT) this.hinted.clear();
    this.hinted.set(key, now);
    return true;
  }

  /** Said once and not kept: it is for whoever asked, subscribed or not. */
  private async say(place: ChatPlace, incoming: Incoming, text: string): Promise<void> {
    if (!chatAt(this.world.state(), place) && text !== LEFT && !this.mayAnswer(place, text)) return;
    const team = runningIn(this.world.state(), place.repo);
    const patterns = team ? rulesOf(team, place.platform).redact : [];
    const key = `own ${this.midOf(place, incoming)}`;
    await this.roster?.of(place)?.send({ kind: "text", chat: place.chat, key, text: redacted(text, patterns) });
  }

  private midOf(place: ChatPlace, { message }: Incoming): Mid {
    const short = message.replaceAll(/[^A-Za-z0-9]/g, "").slice(-16) || "0";
    const digest = this.world.sha256([place.repo, place.platform, place.chat, message].join("\0"));
    return `${PREFIXES[place.platform]}-${short}-${digest.slice(0, 10)}`;
  }

  private newCode(): string {
    const bits = BigInt(`0x${this.world.random.hex(10)}`);
    return Array.from({ length: 8 }, (_, n) => ALPHABET[Number((bits >> BigInt(5 * n)) & 31n)]).join("");
  }

  private hashOf(repo: string, code: string): string {
    return this.world.sha256(`${repo}\0${code}`);
  }

  private observe(fact: Parameters<typeof observe>[0]): void {
    this.world.dispatch(observe(fact), DAEMON);
  }

  private report({ platform, chat }: ChatPlace, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.observe({ type: "notice.raised", level: "error", text: `${platform} ${chat}: ${reason}` });
  }
}

function settingOf(team: Team, platform: Exclude<Platform, "wecom">): ChatSetting {
  const { routing, dm, default_route: groupRoute } = team.settings[platform];
  return {
    isSolo: team.seats.length < 2,
    requireExplicit: routing.require_explicit,
    requireMention: routing.require_mention,
    allowPrefix: routing.allow_prefix,
    groupRoute,
    directRoute: dm.route_default,
  };
}

/** Commands that this right may use; `/x` is `!x` in Slack and Discord. */
function helpFor(right: ConsoleRight): string {
  const mine = rightsUpTo(right);
  const commands = Object.values(CONSOLE_COMMANDS).filter((one) => !("isLocal" in one) && mine.includes(one.right));
  const talk = mine.includes("talk") ? ["a: TEXT, b: TEXT, both: TEXT"] : [];
  const keys = mine.includes("operate") ? ["/pa /pb /pboth TEXT  types into the terminal"] : [];
  return [...talk, ...keys, ...commands.map(({ usage, help }) => `${usage}  ${help}`), "/whoami /unsubscribe"].join(
    "\n",
  );
}
