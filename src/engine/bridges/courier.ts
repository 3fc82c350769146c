import { type Chat, chatKey } from "../../core/bridges/bridges-state.ts";
import type { Lane } from "../../core/bridges/facts.ts";
import { type ChatItem, gathered, itemOf, replyItem } from "../../core/bridges/items.ts";
import type { BridgeAbilities, Outgoing } from "../../core/bridges/port.ts";
import { parted, redacted } from "../../core/bridges/text.ts";
import { observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { DAEMON, type Millis, type Seq } from "../../core/ids.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import type { Connection } from "./connection.ts";
import type { BridgeRoster } from "./roster.ts";
import { type BridgeWorld, type ChatRules, rulesOf, runningIn } from "./world.ts";

/** What was read for a chat and is not told yet. A copy of the log: after a restart it is read again. */
interface Box {
  /** Of which subscription. */
  since: Millis;
  scanned: Seq;
  items: Record<Lane, ChatItem[]>;
  lastAt: Millis;
  /** Peers' talk is off where the reading stands; undefined = nothing was read about it. */
  isOff?: boolean;
}

const LANES: Lane[] = ["reply", "news", "talk"];
const BATCH = 1000;
/** Items held in memory; the log keeps the others. */
const MOST_HELD = 200;
/** A text in more parts than this goes as a file. */
const MOST_PARTS = 5;
const CAPTION = 200;

/** Tells each subscribed chat what concerns it: everything once, in order, from the log (P89). */
export class Courier implements Reactor<Chat> {
  readonly name = "chats";
  private readonly boxes = new Map<string, Box>();

  constructor(
    private readonly world: BridgeWorld,
    private readonly roster: Pick<BridgeRoster, "of">,
  ) {}

  pending({ bridges }: State): Map<string, Chat> {
    return new Map(Object.entries(bridges.chats).filter(([, chat]) => this.roster.of(chat) !== undefined));
  }

  async perform(task: Chat, signal: AbortSignal): Promise<Performed> {
    const key = chatKey(task);
    while (!signal.aborted) {
      const chat = this.world.state().bridges.chats[key];
      const connection = this.roster.of(task);
      const team = runningIn(this.world.state(), task.repo);
      if (!chat || !connection || !team) return {};
      const box = this.boxOf(key, chat);
      const rules = rulesOf(team, chat.platform);
      this.scan(box, chat, team, rules);
      const due = this.due(box, chat, rules);
      if (due === undefined) return {};
      if (typeof due === "number") return { again: due };
      const wait = await this.tell(box, chat, connection, due, rules);
      if (wait > 0) return { again: wait };
    }
    return {};
  }

  private boxOf(key: string, { since, cursors }: Chat): Box {
    const known = this.boxes.get(key);
    if (known?.since === since) return known;
    const scanned = Math.min(...LANES.map((lane) => cursors[lane]));
    const box: Box = { since, scanned, items: { reply: [], news: [], talk: [] }, lastAt: 0 };
    this.boxes.set(key, box);
    return box;
  }

  private scan(box: Box, chat: Chat, team: Team, rules: ChatRules): void {
    for (;;) {
      if (LANES.reduce((sum, lane) => sum + box.items[lane].length, 0) >= MOST_HELD) return;
      const events = this.world.log.read(box.scanned, BATCH);
      for (const event of events) {
        this.take(box, chat, team, rules, event);
        box.scanned = event.seq;
      }
      if (events.length < BATCH) return;
    }
  }

  private take(box: Box, chat: Chat, team: Team, rules: ChatRules, event: Event): void {
    if (event.type === "team.tuned") this.tuned(box, team, event as Event<"team.tuned">);
    const body = (seq: Seq) => this.world.log.body(seq) ?? "";
    const item = replyItem(event, chat, body) ?? itemOf(event, { state: this.world.state(), team, body });
    if (!item || item.seq <= chat.cursors[item.lane]) return;
    if (item.lane === "talk" && (box.isOff ?? !rules.isVerbose)) return;
    box.items[item.lane].push(item);
  }

  /** What peers wrote while their talk was off is not told when it is on again. */
  private tuned(box: Box, team: Team, event: Event<"team.tuned">): void {
    if (event.team !== team.name || event.switch !== "verbose") return;
    if (event.isOn && box.isOff === undefined) box.items.talk = [];
    box.isOff = !event.isOn;
  }

  /** What is to be told next, or how long until then; undefined = nothing. */
  private due(box: Box, chat: Chat, { debounce, minInterval }: ChatRules): ChatItem | Millis | undefined {
    const [reply] = box.items.reply;
    if (reply) return reply;
    const now = this.world.clock.now();
    const wait = Math.max(0, box.lastAt + minInterval - now);
    const [news] = box.items.news;
    if (news) return wait > 0 ? wait : news;
    const { item: open = Number.POSITIVE_INFINITY } = chat.partial.talk ?? {};
    const talk = box.items.talk.filter(({ seq }) => seq <= open);
    const [first] = talk;
    if (!first) return undefined;
    const rest = Math.max(wait, first.at + debounce - now);
    return rest > 0 ? rest : gathered(talk);
  }

  /** Sends the next part of an item; the milliseconds to wait before the next step. */
  private async tell(box: Box, chat: Chat, connection: Connection, item: ChatItem, rules: ChatRules): Promise<Millis> {
    const { lane, seq, card } = item;
    if (item.isChange && !this.cardOf(chat, connection.bridge.abilities, item)) {
      box.items[lane] = box.items[lane].filter((one) => one.seq > seq);
      return 0;
    }
    const parts = this.messages(chat, connection.bridge.abilities, item, rules);
    const partial = chat.partial[lane];
    const part = partial?.item === seq ? Math.min(partial.next, parts.length - 1) : 0;
    const message = parts[part];
    const place = { repo: chat.repo, platform: chat.platform, chat: chat.chat };
    const about = { ...place, lane, item: seq };
    let sent = message ? await connection.send(message) : ({ is: "never", reason: "there is nothing to say" } as const);
    // The message may be gone that was to be changed: then it is said anew.
    if (sent.is === "never" && message?.kind === "edit") {
      const { id: _, ...anew } = message;
      sent = await connection.send({ ...anew, kind: "text", key: `${message.key} anew` });
    }
    if (sent.is === "wait") return sent.ms;
    box.lastAt = this.world.clock.now();
    const isLast = sent.is === "never" || part + 1 >= parts.length;
    if (isLast) box.items[lane] = box.items[lane].filter((one) => one.seq > seq);
    const fact =
      sent.is === "never"
        ? observe({ type: "bridge.unsent", ...about, reason: sent.reason })
        : observe({ type: "bridge.sent", ...about, part, parts: parts.length, id: sent.id, card });
    this.world.dispatch(fact, DAEMON);
    return 0;
  }

  /** The message that shows the decision, where it can be changed. */
  private cardOf({ cards }: Chat, { canEdit }: BridgeAbilities, { card }: ChatItem): string | undefined {
    return card === undefined || !canEdit ? undefined : cards[card];
  }

  private messages(chat: Chat, abilities: BridgeAbilities, item: ChatItem, rules: ChatRules): Outgoing[] {
    const text = redacted(withWays(item, abilities, chat), rules.redact);
    const limits = {
      maxChars: Math.min(rules.maxChars, abilities.maxChars),
      maxLines: Math.min(rules.maxLines, abilities.maxLines),
    };
    const parts = parted(text, limits);
    const keyOf = (n: number) => `${chatKey(chat)} ${chat.since} ${item.lane} ${item.seq}.${n}`;
    const to = { chat: chat.chat };
    if (parts.length > MOST_PARTS && abilities.canFiles) {
      const caption = [...text].slice(0, CAPTION).join("");
      const file = { name: `message-${item.seq}.txt`, mime: "text/plain", bytes: new TextEncoder().encode(text) };
      return [{ ...to, key: keyOf(0), kind: "file", ...file, caption, sendAs: "document" }];
    }
    const buttons = abilities.canButtons ? item.buttons : undefined;
    const shown = this.cardOf(chat, abilities, item);
    return parts.map((one, n) => {
      const more = n === parts.length - 1 && buttons ? { buttons } : {};
      if (shown !== undefined && parts.length === 1)
        return { ...to, key: keyOf(n), kind: "edit", id: shown, text: one, ...more };
      return { ...to, key: keyOf(n), kind: "text", text: one, ...more };
    });
  }
}

/** Where there are no buttons, the words that do the same. */
function withWays({ text, buttons, card }: ChatItem, { canButtons, isOutOnly }: BridgeAbilities, chat: Chat): string {
  if (!buttons || canButtons || isOutOnly) return text;
  const sign = chat.platform === "telegram" ? "/" : "!";
  return `${text}\n${sign}rfd ${card} approve | reject | ask`;
}
