import type { Client } from "../../src/client/client.ts";
import type { News } from "../../src/client/follow.ts";
import type { Event, Fact } from "../../src/core/facts.ts";
import { Refusal } from "../../src/core/refusal.ts";
import { Console } from "../../src/tui/console.ts";
import { KeyReader } from "../../src/tui/keys.ts";
import { type Frame, frameText, type Size } from "../../src/tui/painter.ts";
import { settle } from "./clock.ts";
import { ANN, BOB, History, hireOf } from "./history.ts";

export const TEAM = "crew";

/** A console over facts that a test tells, and a daemon that only writes down what it is asked. */
export class ConsoleLab {
  readonly history = new History();
  readonly posts: { path: string; body: unknown }[] = [];
  readonly asked: string[] = [];
  /** Whole letters, by id. */
  readonly bodies: Record<string, string> = {};
  /** What the daemon answers to a post, or throws. */
  answer: (path: string) => unknown = () => ({ lines: [], tone: "plain" });
  isOver = false;
  /** Nobody answers a question. */
  isDeaf = false;
  size: Size = { columns: 80, rows: 24 };
  image: string | null = null;
  readonly console: Console;
  private told: ((isConnected: boolean) => void) | undefined;
  private readonly news: News[] = [];
  private wake: () => void = () => {};
  private readonly keys = new KeyReader();
  private readonly ending = new AbortController();

  constructor({ isSolo = false, past = [] as Fact[] } = {}) {
    const { history } = this;
    const seats = [
      { seat: "PeerA", agent: ANN, driver: "standin" },
      { seat: "PeerB", agent: BOB, driver: "claude" },
    ].slice(0, isSolo ? 1 : 2);
    history.fold([
      { type: "team.formed", team: TEAM, topology: isSolo ? "solo" : "pair", repo: "/r", seats },
      ...seats.map(
        ({ seat, agent, driver }): Fact => ({ type: "agent.hired", hire: hireOf(agent, { team: TEAM, seat, driver }) }),
      ),
      ...past,
    ]);
    this.console = new Console(
      {
        client: this.client(),
        now: () => history.at,
        image: async () => this.image,
        imageAt: (text) => (text.endsWith(".png") ? text : null),
        size: () => this.size,
        changed: () => {},
        redraw: () => {},
        leave: () => {
          this.isOver = true;
        },
      },
      TEAM,
    );
  }

  /** The daemon's state has come, and the past with it. */
  async open(): Promise<this> {
    void this.console.follow(this.ending.signal);
    await this.push({ state: this.history.state, facts: [], isFresh: true });
    return this;
  }

  /** Something became true. */
  async tell(...facts: Fact[]): Promise<Event[]> {
    const events = this.history.fold(facts);
    for (const event of events) await this.push({ state: this.history.state, facts: [event], isFresh: false });
    return events;
  }

  /** The stream had to begin anew: only the state is told. */
  async tellAnew(...facts: Fact[]): Promise<void> {
    this.history.fold(facts);
    await this.push({ state: this.history.state, facts: [], isFresh: true });
  }

  connect(isConnected: boolean): void {
    this.told?.(isConnected);
  }

  /** Types bytes as a terminal sends them. */
  async type(text: string): Promise<void> {
    for (const press of this.keys.read(new TextEncoder().encode(text))) this.console.press(press);
    for (const press of this.keys.flush()) this.console.press(press);
    await settle();
  }

  frame(): Frame {
    return this.console.frame();
  }

  get screen(): string {
    return frameText(this.frame());
  }

  get line(): string {
    return this.console.view.editor.text;
  }

  get hint(): string {
    return this.console.view.hint?.text ?? "";
  }

  letter(mid: string, from: string, to: string, text: string): Fact {
    this.bodies[mid] = text;
    const size = Buffer.byteLength(text);
    const preview = text.length > 120 ? `${text.slice(0, 119)}…` : text;
    return { type: "message.queued", mid, from, to, kind: "letter", number: 1, size, preview, team: TEAM, body: text };
  }

  end(): void {
    this.ending.abort();
    this.wake();
  }

  private async push(news: News): Promise<void> {
    this.news.push(news);
    this.wake();
    await settle();
  }

  private async *follow(signal: AbortSignal, told?: (isConnected: boolean) => void): AsyncIterable<News> {
    this.told = told;
    while (!signal.aborted) {
      const next = this.news.shift();
      if (next) yield next;
      else
        await new Promise<void>((done) => {
          this.wake = done;
        });
    }
  }

  private get(path: string): unknown {
    this.asked.push(path);
    if (this.isDeaf) throw new Refusal("unreachable", "the daemon does not answer");
    const [, mid = ""] = /^\/api\/messages\/(.*)$/.exec(path) ?? [];
    if (mid) return { ...this.history.state.messages[mid], body: this.bodies[mid] ?? "" };
    const query = new URLSearchParams(path.split("?")[1]);
    const about = query.get("about");
    const { events } = this.history;
    if (about) return { facts: events.filter((event) => JSON.stringify(event).includes(about)) };
    const after = Number(query.get("after"));
    return { facts: events.filter(({ seq }) => seq > after).slice(0, Number(query.get("limit"))) };
  }

  private client(): Client {
    const client: Partial<Client> = {
      get: async <T>(path: string) => this.get(path) as T,
      post: async <T>(path: string, body: unknown) => {
        this.posts.push({ path, body });
        return this.answer(path) as T;
      },
      follow: (signal, told) => this.follow(signal, told),
    };
    return client as Client;
  }
}
