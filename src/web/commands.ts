import { isLead, LEAD } from "../core/ids.ts";
import { agentState } from "../core/job-state.ts";
import { wantedLeads } from "../core/lead/state.ts";
import { openTasks } from "../core/queue/state.ts";
import type { State } from "../core/state.ts";
import { modeRows } from "../core/triggers/view.ts";
import { calling, leadToNeed } from "./calls.ts";
import { go, select, selectTeam } from "./choice.ts";
import { open } from "./frame/overlays.ts";
import { PLACES } from "./places.ts";
import { act, state } from "./store.ts";
import { toggleTheme } from "./theme.ts";
import { agentName, doing, STATE_WORDS } from "./words.ts";

/** One line of the palette. */
export interface Entry {
  key: string;
  title: string;
  /** Said beside it, searched as well. */
  hint: string;
  run(): void;
}

const lead = (of: State): Entry[] =>
  wantedLeads(of).length > 0
    ? [
        {
          key: "lead stop",
          title: wantedLeads(of).length > 1 ? "Stop all leads" : "Stop the lead",
          hint: "its task waits again",
          run: () => void act("/api/orchestrator/stop", {}),
        },
      ]
    : [{ key: "lead", title: "Start the lead", hint: "in Orchestrator", run: () => go("orchestrator") }];

function army(of: State): Entry[] {
  const { active, pulse } = of.triggers;
  const modes = modeRows(of).map(({ name, description }) => ({
    ...{ key: `mode ${name}`, title: active === name ? `Leave mode ${name}` : `Mode ${name}`, hint: description },
    run: () => void act(active === name ? "/api/modes/deactivate" : `/api/modes/${name}/activate`, {}),
  }));
  const beat = pulse === false ? "start" : "stop";
  const pulseEntry = {
    ...{ key: "pulse", title: beat === "stop" ? "Stop the pulse" : "Start the pulse" },
    ...{
      hint: "triggers and queue, every ten seconds",
      run: () => void act(`/api/pulse/${beat}`, {}),
    },
  };
  return [...lead(of), ...modes, pulseEntry];
}

const agents = (of: State): Entry[] =>
  Object.values(of.agents)
    .filter(({ dismissed }) => !dismissed)
    .toReversed()
    .flatMap((agent) => {
      const { agent: id, team } = agent.hire;
      const hint = `${STATE_WORDS[agentState(of, agent)]}, ${doing(agent)}`;
      const title = isLead(id)
        ? id === LEAD
          ? "The lead's terminal"
          : `Terminal of ${id}`
        : `Agent ${agentName(agent)}${team ? ` of ${team}` : ""}`;
      const show = { key: `agent ${id}`, title, hint, run: () => select(id) };
      if (agent.activity !== "busy") return [show];
      const stop = () => void act(`/api/actions/jobs/${id}/interrupt`, {});
      return [show, { key: `interrupt ${id}`, title: `Interrupt ${agentName(agent)}`, hint: doing(agent), run: stop }];
    });

const things = (of: State): Entry[] => [
  ...Object.values(of.teams)
    .filter(({ stopped }) => stopped === undefined)
    .map(({ name, repo }) => ({
      key: `team ${name}`,
      title: `Team ${name}`,
      hint: repo,
      run: () => selectTeam(name),
    })),
  ...openTasks(of.queue).map(({ task, preview, state: is }) => ({
    ...{ key: `task ${task}`, title: `Task #${task}: ${preview}`, hint: is, run: () => go("orchestrator") },
  })),
];

/** Everything that the palette offers now, in the order in which it stands without a search. */
export function entries(): Entry[] {
  const of = state.value;
  const needed = calling.value.map((need) => ({
    ...{ key: `need ${need.key}`, title: `${need.who} ${need.what}`, hint: need.why, run: () => leadToNeed(need) },
  }));
  const own: Entry[] = [
    { key: "new", title: "New agent", hint: "n", run: () => open("new") },
    ...PLACES.map(({ id, title, says, key }) => ({
      ...{ key: `place ${id}`, title: `Go to ${title}`, hint: `${says} · g ${key}`, run: () => go(id) },
    })),
  ];
  const last: Entry[] = [
    { key: "keys", title: "Keys", hint: "?", run: () => open("keys") },
    { key: "theme", title: "Other colours", hint: "light or dark", run: toggleTheme },
  ];
  return [...needed, ...own, ...(of ? [...agents(of), ...things(of), ...army(of)] : []), ...last];
}
