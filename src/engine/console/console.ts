import type { ConsoleReply } from "../../core/api.ts";
import { taskLines } from "../../core/boards/tasks.ts";
import type { Command } from "../../core/commands.ts";
import {
  type ConsoleCommandName,
  type ConsoleLine,
  type ConsoleRight,
  parseConsoleLine,
  type Route,
  rightFor,
} from "../../core/console-line.ts";
import { requireTeam } from "../../core/decide-team.ts";
import type { Hire, TeamSwitch } from "../../core/facts.ts";
import { type AgentId, type Mid, midOf, PERSON, type Principal, type TeamName, USER } from "../../core/ids.ts";
import type { Clock, Random } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import type { DecisionChannel } from "../../core/rfd/facts.ts";
import type { State, Team } from "../../core/state.ts";
import { statusParts, statusText, teamStatus } from "../../core/team-status.ts";
import type { Engine } from "../engine.ts";
import { lockLines, missingNames, queueLines, rfdLines, whyLines } from "./answers.ts";

/** Runs of other programs that a line may ask for; each answers with what a person is told. */
export interface Errands {
  foreman(team: Team, word: "on" | "off" | "status" | "now"): Promise<string[]>;
  aux(team: Team, prompt: string, by: Principal): Promise<string[]>;
  review(team: Team): Promise<string[]>;
}

export interface ConsoleWorld {
  engine: Engine;
  clock: Pick<Clock, "now">;
  random: Random;
  errands: Errands;
  /** Literal text and Enter into an agent's terminal; waits while something is being typed there. */
  type(agent: AgentId, text: string): Promise<void>;
  /** A time of day, as people here say it. */
  timeOfDay(at: number): string;
  /** What the settings say now of who sits there, for a program that is started again. */
  bindings(team: Team, seat: string): Promise<Partial<Hire>>;
}

/** One line and who sends it. */
export interface ConsoleCall {
  team: TeamName;
  line: string;
  channel: DecisionChannel;
  /** What the sender may do; a person at this machine all of it. */
  rights: ConsoleRight[];
  /** Id of its message, where the channel has one. */
  mid?: Mid;
}

type Words = string[];
type Do = (team: Team, words: Words, rest: string, call: ConsoleCall) => Promise<string[]> | string[];

const HINT = "no prefix: it goes to all; a: b: or both: say whom you mean";

/** Carries out the lines of consoles, chats and the page: one table for all of them (3.18). */
export class Console {
  private readonly actions: Partial<Record<ConsoleCommandName, Do>>;

  constructor(private readonly world: ConsoleWorld) {
    const { errands } = world;
    this.actions = {
      pause: (team) => this.order({ do: "pause", team: team.name }, "paused: letters gather in the inboxes"),
      resume: (team) => this.order({ do: "resume", team: team.name }, "resumed"),
      restart: (team, [who = ""]) => this.restart(team, who),
      foreman: (team, [word = ""]) => errands.foreman(team, word as "on"),
      aux: (team, _, rest) => errands.aux(team, rest, PERSON),
      review: (team) => errands.review(team),
      focus: (team, _, rest) =>
        this.order({ do: "focus", team: team.name, hint: rest }, "the board will be looked after"),
      reset: (team, [action = ""]) => this.each(team, action as "compact", `${action}, as soon as each rests`),
      refresh: (team) => this.each(team, "refresh", "SYSTEM goes to each again"),
      status: (team) => this.status(team),
      queue: (team) => queueLines(this.state, team),
      locks: (team) => lockLines(this.state, team, world.clock.now()),
      task: (team, words) => this.task(team, words),
      verbose: (team, [word = ""]) => this.tune(team, "verbose", word),
      echo: (team, [word = ""]) => this.tune(team, "echo", word),
      filter: (team, [word = ""]) => this.tune(team, "filter", word),
      rfd: (team, [id, decision], _, { channel }) => this.rfd(team, id, decision, channel),
      release: (_, [mid = ""]) => this.order({ do: "release", mid }, `${mid} goes on`),
      why: (team, words) => whyLines(this.state, team, words, { now: world.clock.now() }),
    };
  }

  /** Throws a Refusal when the line is wrong, not allowed or cannot be granted; then nothing has happened. */
  async execute(call: ConsoleCall): Promise<ConsoleReply> {
    const team = requireTeam(this.state, call.team);
    const line = parseConsoleLine(call.line, { isSolo: team.seats.length < 2, defaultRoute: "both" });
    const right = rightFor(line);
    if (!call.rights.includes(right)) throw new Refusal("forbidden", `needs right ${right}`, "ask the owner for it");
    if (line.kind === "say") return this.say(team, line, call);
    if (line.kind === "keys") return this.keys(team, line);
    const action = this.actions[line.name];
    if (!action) throw new Refusal("usage", `/${line.name} is carried out where it is typed`, "use the console");
    return { lines: await action(team, line.words, line.rest, call), tone: "plain" };
  }

  private get state(): State {
    return this.world.engine.state;
  }

  private order(command: Command, done: string): string[] {
    const isNews = this.world.engine.dispatch(command, PERSON).length > 0;
    return [isNews ? done : `${done} (it was so already)`];
  }

  private membersFor(team: Team, to: Route): AgentId[] {
    const seats = to === "both" ? team.seats : team.seats.filter(({ seat }) => seat === `Peer${to.toUpperCase()}`);
    return seats.map(({ agent }) => agent);
  }

  private mid(): Mid {
    const { clock, random } = this.world;
    for (;;) {
      const mid = midOf(clock.now(), random.hex(6));
      if (!this.state.accepted[mid]) return mid;
    }
  }

  private say(team: Team, line: ConsoleLine & { kind: "say" }, call: ConsoleCall): ConsoleReply {
    const members = this.membersFor(team, line.to);
    for (const [n, to] of members.entries()) {
      const mid = call.mid === undefined ? this.mid() : n === 0 ? call.mid : `${call.mid}-${n}`;
      const letter = { mid, from: USER, to, kind: "letter", text: line.text, team: team.name } as const;
      this.world.engine.dispatch({ do: "send", letter }, PERSON);
    }
    const names = members.map((agent) => this.state.agents[agent]?.hire.seat ?? agent).join(" and ");
    const paused = team.paused ? "; the team is paused, it waits in the inbox" : "";
    const lines = [`to ${names}${paused}`, ...(line.isUnrouted && members.length > 1 ? [HINT] : [])];
    return { lines, tone: "plain", isUnrouted: line.isUnrouted };
  }

  private async keys(team: Team, { to, text }: ConsoleLine & { kind: "keys" }): Promise<ConsoleReply> {
    const [agent] = this.membersFor(team, to);
    if (agent === undefined) throw new Refusal("missing", `nobody sits at ${to}`);
    await this.world.type(agent, text);
    return { lines: [`typed into the terminal of Peer${to.toUpperCase()}`], tone: "plain" };
  }

  private async restart(team: Team, who: string): Promise<string[]> {
    const seats = team.seats.filter(({ seat }) => who === "both" || seat.toLowerCase() === who);
    if (seats.length === 0) throw new Refusal("missing", `nobody sits at ${who}`, "peera, peerb or both");
    for (const { seat, agent } of seats) {
      const changes = await this.world.bindings(team, seat);
      this.world.engine.dispatch({ do: "restart", agent, changes }, PERSON);
    }
    return [`${seats.map(({ seat }) => seat).join(" and ")}: started again`];
  }

  private each(team: Team, beat: "refresh" | "compact" | "clear", done: string): string[] {
    for (const { agent } of team.seats) {
      this.world.engine.dispatch({ do: "ask", team: team.name, agent, beat }, PERSON);
    }
    return [done];
  }

  private status(team: Team): string[] {
    const status = teamStatus(this.state, team.name);
    return [
      ...(status ? statusText(statusParts(status, this.world.clock.now(), this.world.timeOfDay)) : []),
      ...team.problems.map((problem) => `settings: ${problem}`),
    ];
  }

  private task(team: Team, words: Words): string[] {
    const at = words.indexOf("--limit");
    const limit = at < 0 ? 0 : Number(words[at + 1]);
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw new Refusal("usage", `--limit ${words[at + 1] ?? ""} is no number`, "/task --limit 5");
    const others = at < 0 ? words : words.toSpliced(at, 2);
    return taskLines(this.state.boards[team.name], others, limit);
  }

  private tune(team: Team, which: TeamSwitch, word: string): string[] {
    if (word === "status") {
      const { enabled } = team.settings.policies.handoff_filter;
      const held = Object.values(this.state.messages).filter((one) => one.team === team.name && one.held).length;
      return [`the filter is ${enabled ? "on" : "off"}; ${held} held`];
    }
    return this.order({ do: "tune", team: team.name, switch: which, isOn: word === "on" }, `${which} is ${word}`);
  }

  private rfd(team: Team, id: string | undefined, decision: string | undefined, channel: DecisionChannel): string[] {
    if (id === undefined) return rfdLines(this.state, team);
    if (decision === "ask")
      return this.order({ do: "question", rfd: id, channel }, `${id}: its author is asked for more`);
    this.order({ do: "sign", rfd: id, decision: decision === "approve" ? "approve" : "reject", channel }, "");
    const rfd = this.state.rfds[id];
    if (rfd && !rfd.decided) return [`${id}: signed; waits for ${missingNames(this.state, rfd)}`];
    return [`${id}: ${rfd?.decided?.decision === "approve" ? "approved" : "rejected"}`];
  }
}
