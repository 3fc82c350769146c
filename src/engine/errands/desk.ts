import { observe } from "../../core/commands.ts";
import { requireTeam } from "../../core/decide-team.ts";
import { askAux } from "../../core/errands/asking.ts";
import { auxActor, foremanActor, foremanIn, hasForeman, isForemanOn } from "../../core/errands/roles.ts";
import { openItems, stampOf } from "../../core/errands/texts.ts";
import { addressOf, DAEMON, midOf, PERSON, type Principal, SYSTEM, type TeamName, USER } from "../../core/ids.ts";
import type { Random } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import { addressName, type Team } from "../../core/state.ts";
import { statusParts, statusText, teamStatus } from "../../core/team-status.ts";
import { briefPath, foremanAsked, foremanPrompt } from "./foreman.ts";
import type { ErrandsWorld } from "./world.ts";

/** Letters between peers that a review shows. */
const SHOWN = 2;

/** What people and peers ask of Aux and Foreman. */
export class ErrandDesk {
  constructor(
    private readonly world: ErrandsWorld,
    private readonly random: Random,
  ) {}

  /** Turns the Foreman's timer, says how it goes, or has it run now. */
  async foreman(team: Team, word: "on" | "off" | "status" | "now"): Promise<string[]> {
    if (word === "status") return this.status(team);
    if (!hasForeman(team) && word !== "off")
      throw new Refusal("state", "Foreman was not enabled at start", "choose an agent with muster run");
    if (word === "now") return this.now(team);
    this.world.dispatch({ do: "tune", team: team.name, switch: "foreman", isOn: word === "on" }, PERSON);
    return [`Foreman is ${word}`, ...this.status(team)];
  }

  /** Asks the helper; its answer comes as a letter. Throws a Refusal when it cannot be asked now. */
  async aux(team: Team, prompt: string, by: Principal): Promise<string[]> {
    const { clock, state, dispatch } = this.world;
    const now = clock.now();
    const errand = midOf(now, this.random.hex(6)).replace("muster", "aux");
    const { fact, refusal } = askAux(state(), { team, asker: addressOf(by), prompt, now, errand });
    dispatch(observe(refusal && fact.type === "errand.refused" ? { ...fact, isTold: true } : fact), DAEMON);
    if (refusal) throw refusal;
    return [`Aux (${auxActor(team.settings)}) works on it; its answer comes as a letter (${errand})`];
  }

  /** The same for whoever calls by name: an agent asks for its own team only. */
  async askFor(
    name: TeamName | undefined,
    prompt: string,
    by: Principal,
  ): Promise<{ team: TeamName; lines: string[] }> {
    const team = this.teamFor(name, by);
    return { team: team.name, lines: await this.aux(team, prompt, by) };
  }

  /** Puts together what a review needs, and reminds the peers (P68). */
  async review(team: Team): Promise<string[]> {
    const { clock, programs, dispatch } = this.world;
    const folder = await programs.open(team.repo, "aux", stampOf(clock.now()), await this.bundle(team));
    const helper =
      auxActor(team.settings) === null ? "" : '\nAux can look at it as well: `muster aux "PROMPT"` with the folder.';
    const text = `Review: look at ${folder} (POR.md, notes.txt, peer_message.txt). Say what is wrong or missing, with the smallest proof.
Strategic work to give away goes into POR, tactical work into the SUBPOR.${helper}`;
    for (const { agent } of team.seats) {
      const mid = midOf(clock.now(), this.random.hex(6));
      dispatch({ do: "send", letter: { mid, from: SYSTEM, to: agent, kind: "system", text, team: team.name } }, DAEMON);
    }
    return [`${team.seats.map(({ seat }) => seat).join(" and ")} reminded of a review: ${folder}`];
  }

  private teamFor(name: TeamName | undefined, by: Principal): Team {
    const state = this.world.state();
    if (by.kind !== "agent") {
      const running = Object.values(state.teams).filter(({ stopped }) => stopped === undefined);
      const only = running.length === 1 ? running[0]?.name : undefined;
      const wanted = name ?? only;
      if (wanted === undefined) throw new Refusal("usage", `${running.length} teams run`, "say which: --team NAME");
      return requireTeam(state, wanted);
    }
    const own = state.agents[by.agent]?.hire.team;
    if (own === undefined) throw new Refusal("state", `agent ${by.agent} is in no team`, "Aux helps teams");
    if (name !== undefined && name !== own)
      throw new Refusal("forbidden", `${name} is another team`, `yours is ${own}`);
    return requireTeam(state, own);
  }

  private status(team: Team): string[] {
    const { state, clock, timeOfDay } = this.world;
    const status = teamStatus(state(), team.name);
    const line = status ? statusText(statusParts(status, clock.now(), timeOfDay)).at(-1) : undefined;
    const { folder } = foremanIn(state(), team.name);
    const known = state().teams[team.name] ?? team;
    const hint = hasForeman(known) || foremanActor(known.settings) === null ? [] : ["foreman.yaml enabled is false"];
    return [line ?? "Foreman off", ...(folder === undefined ? [] : [`last run: ${folder}`]), ...hint];
  }

  private async now(team: Team): Promise<string[]> {
    const { world } = this;
    if (team.paused) throw new Refusal("state", "the team is paused", "/resume first");
    const isRunning = () => foremanIn(world.state(), team.name).errand !== undefined;
    if (isRunning()) return ["the Foreman is at work already", ...this.status(team)];
    const prompt = await foremanPrompt(world, team);
    if (prompt === null)
      throw new Refusal(
        "missing",
        `there is no brief: ${briefPath(team)}`,
        "write into it what the Foreman looks after",
      );
    world.dispatch(foremanAsked(team, world.clock.now(), USER, prompt), DAEMON);
    const timer = isForemanOn(team) ? "" : "; its timer stays off";
    return [`the Foreman begins now${timer}`];
  }

  private async bundle(team: Team): Promise<Record<string, string>> {
    const { world } = this;
    const { dir } = team.settings.policies.blueprint;
    const por = await world.read(`${team.repo}/${dir}/POR.md`);
    return {
      "POR.md": por ?? `There is no ${dir}/POR.md yet.\n`,
      "notes.txt": this.notes(team),
      "peer_message.txt": this.letters(team),
    };
  }

  private notes(team: Team): string {
    const { state, clock, timeOfDay } = this.world;
    const status = teamStatus(state(), team.name);
    const lines = status ? statusText(statusParts(status, clock.now(), timeOfDay)) : [];
    const patches = Object.values(state().patches).filter((patch) => patch.team === team.name);
    const done = patches
      .slice(-10)
      .map(({ id, state: is, title, reason }) => `${id} ${is}: ${title}${reason ? ` (${reason})` : ""}`);
    return [...lines, `Open items: ${openItems(state(), team)}`, "", "Patches, the newest last:", ...done, ""].join(
      "\n",
    );
  }

  /** The newest letters of the peers, whole. */
  private letters(team: Team): string {
    const { state, body } = this.world;
    const members = team.seats.map(({ agent }) => agent);
    const letters = Object.values(state().messages).filter(
      ({ from, kind }) => kind === "letter" && members.includes(from),
    );
    const newest = letters.toSorted((left, right) => left.seq - right.seq).slice(-SHOWN);
    const texts = newest.map(({ mid, from, to, seq }) => {
      const head = `${addressName(state(), from)} to ${addressName(state(), to)} [MID: ${mid}]`;
      return `${head}\n${body(seq).trim()}\n`;
    });
    return texts.join("\n") || "The peers have written nothing yet.\n";
  }
}
