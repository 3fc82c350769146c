import type { Letter } from "../../src/core/commands.ts";
import type { Hire } from "../../src/core/facts.ts";
import type { SettingsChanges } from "../../src/core/settings/settings.ts";
import type { Message, Team } from "../../src/core/state.ts";
import { cadenceRules } from "../../src/engine/cadence/rules.ts";
import type { Rule } from "../../src/engine/engine.ts";
import { handoffRules } from "../../src/engine/handoff/rules.ts";
import { letterRules } from "../../src/engine/letters/rules.ts";
import { ANN, BOB, hireOf } from "./history.ts";
import { House } from "./house.ts";

/** A pair (or one alone) that runs in a House, with the rules of teams; its members are idle. */
export class PairHouse extends House {
  private count = 0;

  constructor(readonly more: { isSolo?: boolean; changes?: SettingsChanges; rules?: Rule[]; driver?: string } = {}) {
    super([...letterRules, ...handoffRules, ...cadenceRules, ...(more.rules ?? [])]);
    const { isSolo = false, changes = {}, driver = "standin" } = more;
    const members = isSolo ? [ANN] : [ANN, BOB];
    const seats = members.map((agent, n) => ({ seat: n === 0 ? "PeerA" : "PeerB", agent, driver }));
    const hires = seats.map(({ seat, agent }): Hire => hireOf(agent, { team: "pair", seat, driver }));
    const topology = isSolo ? "solo" : "pair";
    const settings = { hash: "h", changes, warnings: [] };
    this.dispatch({ do: "form", team: "pair", topology, repo: "/r", seats, hires, letters: [], settings });
    for (const agent of members) this.open(agent);
  }

  get team(): Team {
    const team = this.state.teams.pair;
    if (!team) throw new Error("no team");
    return team;
  }

  /** A letter of a member; the id of its message. */
  write(from: string, to: string, text: string, more: Partial<Letter> = {}): string {
    const mid = more.mid ?? `l-${this.count++}`;
    const letter: Letter = { mid, from, to, kind: "letter", text, team: "pair", ...more };
    this.dispatch({ do: "send", letter }, { kind: "agent", agent: from });
    return mid;
  }

  message(mid: string): Message {
    const message = this.state.messages[mid];
    if (!message) throw new Error(`no message ${mid}`);
    return message;
  }

  /** Messages from the System to somebody, oldest first. */
  told(to: string, kind: Message["kind"] = "system"): { mid: string; text: string }[] {
    return this.facts("message.queued")
      .filter((fact) => fact.to === to && fact.from === "system" && fact.kind === kind)
      .map((fact) => ({ mid: fact.mid, text: this.log.body(this.state.messages[fact.mid]?.seq ?? 0) ?? "" }));
  }

  /** A message arrived and lies in the inbox as a file that was only named. */
  deliver(mid: string, path = `/inbox/${mid}.txt`): void {
    this.observe({ type: "message.stored", mid, path });
    this.observe({ type: "message.typing", mid, attempt: 1, incarnation: 1, nextAt: 0 });
    this.observe({ type: "message.delivered", mid, evidence: "transcript" });
  }

  /** Everything on its way to somebody arrives and is put away. */
  readAll(agent: string): void {
    for (const { mid, to, state, held } of Object.values(this.state.messages)) {
      if (to !== agent || held || (state !== "queued" && state !== "typing")) continue;
      this.deliver(mid);
      this.observe({ type: "message.read", mid });
    }
  }
}
