import type { Login } from "../core/api.ts";
import { pageAddress } from "../core/config/hosts.ts";
import { configOf } from "../core/config/state.ts";
import type { ConsoleRight } from "../core/console-line.ts";
import type { ControlAction } from "../core/facts.ts";
import { type Principal, USER } from "../core/ids.ts";
import { livingAgents } from "../core/living.ts";
import { Refusal } from "../core/refusal.ts";
import { type Agent, isAlive, type State } from "../core/state.ts";
import { agentNamed } from "../engine/agent-named.ts";
import type { SeatOrder } from "../engine/operations.ts";
import { Denied } from "./answer.ts";
import type { Bodies } from "./bodies.ts";
import { originsOf } from "./guard.ts";
import { agentIn } from "./read-routes.ts";
import type { Call, Route } from "./route.ts";
import { post } from "./route.ts";

const control = (action: ControlAction): Route =>
  post(`/api/actions/jobs/:id/${action}`, "person", "nothing", ({ parts, params, by }) =>
    parts.operations.control(params.id ?? "", action, by),
  );

function answer(call: Call, { question, choice, reason }: Bodies["answer"]): unknown {
  const { agent } = agentIn(call).hire;
  call.parts.operations.dispatch({ do: "answer", agent, question, choice, reason }, call.by);
  return { agent, choice };
}

function start({ parts, by }: Call, { sandbox, reasoning, timeout, plain, dry, ...more }: Bodies["start"]): unknown {
  const limits = { timeoutMinutes: timeout, ...(plain ? { isPlain: true as const } : {}) };
  const order = { ...more, ...limits, permission: sandbox, effort: reasoning };
  return dry ? parts.jobs.preview(order) : parts.operations.start(order, by);
}

const seatOf = ({ sandbox, ...seat }: Bodies["form"]["peerA"]): SeatOrder => ({ ...seat, permission: sandbox });

const form = ({ parts, by }: Call, { peerA, peerB, ...order }: Bodies["form"]): unknown =>
  parts.operations.form({ ...order, peerA: seatOf(peerA), ...(peerB ? { peerB: seatOf(peerB) } : {}) }, by);

function stop({ parts, params, by }: Call, { reason }: Bodies["stop"]): unknown {
  const team = params.name ?? "";
  parts.operations.dispatch({ do: "stop", team, reason: reason ?? "stopped by user" }, by);
  return { team };
}

/** A person may speak as less than themselves: `muster tell` in an agent's terminal, before it has a token of its own. */
function senderOf(state: State, by: Principal, from: string | undefined): Principal {
  if (from === undefined) return by;
  const { agent } = agentNamed(state, from).hire;
  if (by.kind === "agent" && by.agent !== agent) throw new Denied(403, "right", "this is another agent's name");
  return { kind: "agent", agent };
}

function peerOf(state: State, agent: Agent): string {
  const seats = state.teams[agent.hire.team ?? ""]?.seats ?? [];
  const [peer, ...others] = seats.filter((seat) => seat.agent !== agent.hire.agent);
  if (peer && others.length === 0) return peer.agent;
  throw new Refusal("state", `agent ${agent.hire.agent} has no peer`, "write to user instead");
}

/** `user`, `peer`, a seat of the sender's own team, or an agent. */
function recipientOf(state: State, by: Principal, to: string): string {
  if (to === USER) return USER;
  const sender = by.kind === "agent" ? state.agents[by.agent] : undefined;
  if (to === "peer" && sender) return peerOf(state, sender);
  const seats = state.teams[sender?.hire.team ?? ""]?.seats ?? [];
  return seats.find(({ seat }) => seat.toLowerCase() === to.toLowerCase())?.agent ?? to;
}

function letter({ parts, by }: Call, { to, text, from, mid, urgent }: Bodies["letter"]): unknown {
  const { state } = parts.engine;
  const sender = senderOf(state, by, from);
  return parts.operations.send({ to: recipientOf(state, sender, to), text, mid, urgent }, sender);
}

/** Keys of a person, as they would type them; they wait while a message is being typed. */
async function keys(call: Call, { keys: text }: Bodies["keys"]): Promise<unknown> {
  const { hire, pane } = agentIn(call);
  if (pane === undefined) throw new Refusal("state", `agent ${hire.agent} has no terminal`);
  const release = await call.parts.leases.take(hire.agent);
  try {
    await call.parts.terminals.press(pane, [{ text }]);
  } finally {
    release();
  }
  return { agent: hire.agent };
}

/** Where a person wants to open the page; only where it answers. */
function loginPlace({ parts }: Call, given: string): string {
  const { origin, host } = pageAddress(given);
  const port = Number(new URL(parts.address()).port);
  if (originsOf(host, port, configOf(parts.engine.state).hosts).includes(origin)) return origin;
  const hint = `allow it in config.yaml of ${parts.home}: web: { hosts: ["${host}"] }`;
  throw new Refusal("state", `the page does not answer at ${origin}`, hint);
}

function login(call: Call, { at }: Bodies["login"]): Login {
  const { parts, door } = call;
  if (door !== "unix") throw new Denied(403, "right", "a login is made over the unix socket", "muster dashboard");
  const place = at === undefined ? parts.address() : loginPlace(call, at);
  const { code, expiresAt } = parts.tokens.mintCode();
  return { url: `${place}/#code=${code}`, expiresAt };
}

function exchange({ parts }: Call, { code }: Bodies["exchange"]): unknown {
  const { tokens } = parts;
  if (tokens.wrongCodes.isOver()) throw new Denied(429, "rate", "too many wrong codes", "wait a minute");
  const found = tokens.exchange(code);
  if (found) return found;
  throw new Denied(401, "code", "this login was used or is too old", "muster dashboard makes a new one");
}

/** The answer leaves before the daemon does. */
function shutdown({ parts }: Call, { agents }: Bodies["shutdown"]): unknown {
  setImmediate(() => parts.shutdown(agents ?? false));
  return { stopping: true };
}

/** A person at this machine may do everything. */
const ALL_RIGHTS: ConsoleRight[] = ["read", "talk", "operate", "approve"];

/** Everything that changes something; all of it ends in `dispatch`. */
export const WRITE_ROUTES: Route[] = [
  post("/auth/exchange", "open", "exchange", exchange),
  post("/api/actions/jobs", "lead", "start", start, 201),
  post("/api/actions/jobs/:id/send", "lead", "send", ({ parts, params, by }, { message, mid, urgent }) =>
    parts.operations.send({ to: params.id ?? "", text: message, mid, urgent }, by),
  ),
  post("/api/actions/jobs/:id/kill", "lead", "kill", ({ parts, params, by }, { completed }) => ({
    agent: parts.operations.kill(params.id ?? "", completed ?? false, by),
  })),
  control("clear"),
  control("compact"),
  control("interrupt"),
  post("/api/actions/jobs/:id/answer", "person", "answer", answer),
  post("/api/actions/jobs/:id/dialog", "person", "dialog", ({ parts, params, by }, { screen, key }) =>
    parts.dialogs.press(params.id ?? "", screen, key, by),
  ),
  post("/api/actions/jobs/:id/keys", "person", "keys", keys),
  post("/api/teams", "person", "form", form, 201),
  post("/api/teams/:name/stop", "person", "stop", stop),
  post("/api/teams/:name/console", "person", "console", ({ parts, params }, { line, channel = "cli" }) =>
    parts.console.execute({ team: params.name ?? "", line, channel, rights: ALL_RIGHTS }),
  ),
  post("/api/repositories/trust", "person", "repository", ({ parts, by }, { repo }) =>
    parts.operations.agree(repo, by),
  ),
  post("/api/messages", "agent", "letter", letter, 201),
  post("/api/login", "person", "login", login),
  post("/api/token/rotate", "person", "nothing", ({ parts }) => {
    parts.tokens.rotate();
    // Their programs keep the token that they were started with.
    const alive = livingAgents(parts.engine.state).filter(isAlive);
    return { rotated: true, agents: alive.map(({ hire }) => hire.agent) };
  }),
  post("/api/shutdown", "person", "shutdown", shutdown),
];
