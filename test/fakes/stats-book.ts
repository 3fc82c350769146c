import type { Event, Fact } from "../../src/core/facts.ts";
import { count } from "../../src/core/stats/count.ts";
import { statsOf, type TeamStats } from "../../src/core/stats/stats.ts";
import { newTally, type Tally } from "../../src/core/stats/tally.ts";
import { ANN, BOB } from "./history.ts";

export const SECOND = 1000;

export const SEATS = [
  { seat: "PeerA", agent: ANN, driver: "standin" },
  { seat: "PeerB", agent: BOB, driver: "standin" },
];

/** Facts of one team on a clock of seconds, and what is counted of them. */
export class Book {
  readonly tally: Tally = newTally();
  now = 0;
  private seq = 0;

  constructor() {
    this.add({
      ...{ type: "team.formed", team: "pair", topology: "pair", repo: "/r" },
      seats: SEATS,
    });
  }

  add(...facts: Fact[]): Event[] {
    return facts.map((fact) => {
      this.seq += 1;
      const event = { ...fact, seq: this.seq, at: this.now, by: "system" } as Event;
      count(this.tally, event);
      return event;
    });
  }

  wait(seconds: number): this {
    this.now += seconds * SECOND;
    return this;
  }

  letter(mid: string, from: string, to: string, kind: "letter" | "system" | "nudge" = "letter", more = {}): void {
    this.add({ type: "message.queued", mid, from, to, kind, number: 1, size: 10, preview: "", body: "", ...more });
  }

  /** A letter that begins a turn of so many seconds. */
  turn(agent: string, seconds: number, mid?: string): void {
    if (mid) this.add({ type: "message.typing", mid, attempt: 1, incarnation: 1, nextAt: 0 });
    this.add({ type: "turn.started", agent });
    this.wait(seconds);
    this.add({ type: "turn.ended", agent, outcome: "done", summary: "" });
  }

  get stats(): TeamStats {
    const found = statsOf(this.tally, "pair", this.now);
    if (!found) throw new Error("no such team");
    return found;
  }
}

export const PATCH = {
  patch: "P-0001",
  team: "pair",
  author: BOB,
  title: "t",
  sha: "s",
  lines: 1,
  paths: [],
  body: "",
};
