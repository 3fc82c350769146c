import type { Event, FactType, PatchStep } from "./facts.ts";
import { type Address, SYSTEM, USER } from "./ids.ts";
import type { State } from "./state.ts";
import { preview } from "./text.ts";

type Name = (address: Address) => string;
type Say<T extends FactType> = (event: Event<T>, name: Name) => string;

const because = (reason: string | undefined): string => (reason ? `: ${preview(reason, 200)}` : "");

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`;

/** A step of a patch's proof in words. */
export function stepSentence({ step, command, code, millis }: PatchStep): string {
  const what = command ? `${step} (${preview(command, 80)})` : step;
  if (code === null) return `${what}: nothing to run`;
  return `${what}: ${code === 0 ? "passed" : `failed with exit code ${code}`} in ${seconds(millis)}`;
}

const ended = ({ code, signal }: Event<"terminal.exited">): string =>
  signal !== null ? `signal ${signal}` : code === null ? "closed" : `exit code ${code}`;

const usage = ({ contextTokens, contextSize }: Event<"usage.measured">): string =>
  `${Math.round(contextTokens / 1000)}k tokens of context${contextSize ? `, ${Math.round((100 * contextTokens) / contextSize)} % full` : ""}`;

/** One sentence for each kind of fact; a new fact does not compile without its own. */
const SENTENCES: { [T in FactType]: Say<T> } = {
  "daemon.started": ({ version }) => `the daemon started (version ${version})`,
  "agent.hired": ({ hire }, name) =>
    `${name(hire.agent)} was hired: ${hire.driver}, ${hire.permission}, in ${hire.cwd}`,
  "agent.changed": ({ agent, activity, detail }, name) => `${name(agent)} is ${activity}${because(detail)}`,
  "agent.dismissed": ({ agent, reason }, name) => `${name(agent)} was dismissed${because(reason)}`,
  "terminal.opening": ({ agent }, name) => `a terminal is opened for ${name(agent)}`,
  "terminal.opened": ({ agent, pane }, name) => `${name(agent)} has its terminal (${pane})`,
  "terminal.exited": (event, name) => `the program of ${name(event.agent)} ended (${ended(event)})`,
  "terminal.lost": ({ agent, reason }, name) => `the terminal of ${name(agent)} is lost${because(reason)}`,
  "session.started": ({ agent }, name) => `${name(agent)} began a conversation`,
  "usage.measured": (event, name) => `${name(event.agent)}: ${usage(event)}`,
  "hook.heard": ({ agent, event, tool }, name) => `${name(agent)}: ${event}${tool ? ` ${tool}` : ""}`,
  "job.created": ({ job, prompt }) => `job ${job}: ${preview(prompt, 160)}`,
  "job.finished": ({ job, outcome, reason }) => `job ${job} ${outcome}${because(reason)}`,
  "turn.started": ({ agent }, name) => `${name(agent)} began to work`,
  "turn.ended": ({ agent, outcome, summary }, name) =>
    `${name(agent)} ${outcome === "done" ? "finished its turn" : "failed in its turn"}${because(summary)}`,
  "permission.asked": ({ agent, tool, input }, name) => `${name(agent)} asks to use ${tool}${because(input)}`,
  "permission.answered": ({ agent, choice, reason }, name) =>
    `the question of ${name(agent)} was ${choice === "allow" ? "allowed" : choice === "deny" ? "denied" : "withdrawn"}${because(reason)}`,
  "permission.told": ({ agent, ok }, name) =>
    ok ? `${name(agent)} got the answer` : `nobody waited any more for the answer to ${name(agent)}`,
  "control.requested": ({ agent, action }, name) => `${action} was asked of ${name(agent)}`,
  "control.finished": ({ agent, ok, reason }, name) =>
    ok ? `${name(agent)} did it` : `${name(agent)} did not do it${because(reason)}`,
  "message.queued": ({ from, to, preview: text }, name) => `${name(from)} to ${name(to)}: ${text}`,
  "message.stored": ({ mid }) => `message ${mid} lies in the inbox`,
  "message.waiting": ({ mid, reason }) => `message ${mid} waits${because(reason)}`,
  "message.typing": ({ mid, attempt }) => `message ${mid} is being typed (attempt ${attempt})`,
  "message.delivered": ({ mid, evidence }) => `message ${mid} was delivered, seen in the ${evidence}`,
  "message.uncertain": ({ mid, reason }) => `message ${mid} is uncertain${because(reason)}`,
  "message.died": ({ mid, reason }) => `message ${mid} died${because(reason)}`,
  "message.read": ({ mid }) => `message ${mid} was read`,
  "letter.refused": ({ seat, file, reason }) =>
    `a letter of ${seat} was refused (${preview(file, 60)})${because(reason)}`,
  "team.formed": ({ team, topology, seats }) =>
    `team ${team} was formed (${topology}): ${seats.map(({ seat, driver }) => `${seat} is ${driver}`).join(", ")}`,
  "team.stopped": ({ team, reason }) => `team ${team} was stopped${because(reason)}`,
  "patch.received": ({ author, title, lines }, name) =>
    `${name(author)} handed in a patch of ${lines} lines: ${preview(title)}`,
  "patch.stepped": ({ patch, step }) => `patch ${patch}: ${stepSentence(step)}`,
  "patch.refused": ({ patch, reason }) => `patch ${patch} was refused${because(reason)}`,
  "patch.committed": ({ patch, commit, branch }) =>
    `patch ${patch} was committed as ${commit.slice(0, 10)} on ${branch}`,
  "evidence.judged": ({ ref, verdict, detail }) => `${preview(ref, 80)} is ${verdict}${because(detail)}`,
  "repository.reviewed": ({ repo, files }) => `${repo} configures agents by ${files.join(", ")}`,
  "repository.trusted": ({ repo }) => `a person agreed to the agent configuration of ${repo}`,
  "notice.raised": ({ text }) => preview(text, 300),
};

/** `PeerA`, an id, `you`, `Muster`: how an address is called in sentences. */
export const nameIn =
  (state: State): Name =>
  (address) => {
    if (address === USER) return "you";
    if (address === SYSTEM) return "Muster";
    return state.agents[address]?.hire.seat ?? address;
  };

/** A fact as a sentence for people. A fact of a newer version is named by its type. */
export function sentence(event: Event, name: Name): string {
  const say = SENTENCES[event.type] as Say<FactType> | undefined;
  return say ? say(event, name) : event.type;
}
