import type { State, Team } from "../../core/state.ts";
import { type StatusPart, statusParts, teamStatus } from "../../core/team-status.ts";
import { now, state } from "../store.ts";
import { clock } from "../words.ts";
import { BoardTexts } from "./boards.tsx";
import { Decisions } from "./decisions.tsx";
import { HeldLetters, Locks, Unqueued } from "./held.tsx";
import { Order } from "./order.tsx";
import { PlanPanel } from "./plan.tsx";
import { Question } from "./question.tsx";
import { TeamConsole } from "./team-console.tsx";

/** Nothing of a paused team goes on until somebody resumes it. */
function Pause({ team }: { team: Team }) {
  if (!team.paused || team.stopped !== undefined) return null;
  return (
    <p class="banner" role="status">
      <b>Paused since {clock(team.paused.at)}.</b> <span>Letters and patches wait.</span>
      <span class="grow" />
      <Order team={team} line="/resume" title="Resume" />
    </p>
  );
}

function Part({ part }: { part: StatusPart }) {
  const [first, ...rest] = part;
  const isNamed = first?.tone === "dim";
  return (
    <li>
      {isNamed && <span class="name">{first.text}</span>}
      <span class="said">
        {(isNamed ? rest : part).map(({ text, tone }, at) => (
          <span key={`${at} ${tone}`} class={tone}>
            {text}
          </span>
        ))}
      </span>
    </li>
  );
}

/** The console's status lines; what the page shows as a card, a banner or a panel of its own is left out of them. */
function Status({ of, team }: { of: State; team: Team }) {
  const status = teamStatus(of, team.name);
  if (!status) return null;
  const shown = { ...status, paused: undefined, rfds: 0, held: 0, plan: undefined };
  return (
    <ul class="status" aria-label="Status">
      {statusParts(shown, now.value, clock).map((part) => (
        <Part key={part[0]?.text} part={part} />
      ))}
      {team.problems.map((problem) => (
        <li key={problem} class="bad">
          settings: {problem}
        </li>
      ))}
    </ul>
  );
}

/** One team: how it is, what waits for a person, its plan, and the line to speak to it. */
export function TeamPart({ team }: { team: Team }) {
  const of = state.value;
  if (!of) return null;
  const members = team.seats.flatMap(({ agent }) => of.agents[agent] ?? []);
  return (
    <section class="part desk team" aria-label="Team">
      <div class="title">
        <h2>{team.name}</h2>
        <span class="faint facts">
          {team.topology} in {team.repo}
        </span>
        <span class="grow" />
        {!team.paused && team.stopped === undefined && <Order team={team} line="/pause" title="Pause" isQuiet />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has only keys scrolls it by them */}
      <section class="board" aria-label={`${team.name} now`} tabIndex={0}>
        <Pause team={team} />
        <Status of={of} team={team} />
        {members.map((agent) => (
          <Question key={agent.hire.agent} agent={agent} />
        ))}
        <Decisions of={of} team={team} />
        <PlanPanel boards={of.boards[team.name]} />
        <BoardTexts of={of} team={team} />
        <HeldLetters of={of} team={team} />
        <Locks of={of} team={team} />
        <Unqueued of={of} team={team} />
      </section>
      {team.stopped === undefined && <TeamConsole of={of} team={team} />}
    </section>
  );
}
