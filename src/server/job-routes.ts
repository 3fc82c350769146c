import { Refusal } from "../core/refusal.ts";
import type { Bodies } from "./bodies.ts";
import { agentIn } from "./read-routes.ts";
import { type Call, get, post, type Route, remove } from "./route.ts";

function reuse({ parts, params, by }: Call, { timeout, ...order }: Bodies["reuse"]): unknown {
  return parts.jobs.reuse(params.id ?? "", { ...order, timeoutMinutes: timeout }, by);
}

/** A key by its name, as a person would press it; it waits while a message is being typed. */
async function key(call: Call, { key: name }: Bodies["key"]): Promise<unknown> {
  const { hire, pane } = agentIn(call);
  if (pane === undefined) throw new Refusal("state", `agent ${hire.agent} has no terminal`);
  const release = await call.parts.leases.take(hire.agent);
  try {
    await call.parts.terminals.press(pane, [{ key: name }]);
  } finally {
    release();
  }
  return { agent: hire.agent, key: name };
}

function resume(call: Call): unknown {
  const { agent } = agentIn(call).hire;
  call.parts.operations.dispatch({ do: "unlimit", agent }, call.by);
  return { agent };
}

/** What is done with jobs besides starting them (A78). */
export const JOB_ROUTES: Route[] = [
  post("/api/actions/jobs/:id/reuse", "person", "reuse", reuse, 201),
  post("/api/actions/jobs/:id/usage", "person", "nothing", ({ parts, params }) =>
    parts.accounts.usage(params.id ?? ""),
  ),
  post("/api/actions/jobs/:id/key", "person", "key", key),
  post("/api/actions/jobs/:id/resume", "person", "nothing", resume),
  get("/api/jobs/:id/session", "own", ({ parts, params }) => parts.accounts.session(params.id ?? "")),
  remove("/api/jobs/:id", "person", ({ parts, params, by }) => parts.jobs.discard(params.id ?? "", by)),
  get("/api/jobs/:id/order", "person", ({ parts, params }) => parts.jobs.order(params.id ?? "")),
  get("/api/sessions", "person", ({ parts }) => parts.sessions.rows()),
  post("/api/sessions/:name/adopt", "person", "adopt", ({ parts, params }, { agent }) =>
    parts.sessions.adopt(params.name ?? "", agent),
  ),
  post("/api/sessions/:name/kill", "person", "nothing", ({ parts, params, by }) =>
    parts.sessions.kill(params.name ?? "", by),
  ),
  get("/api/jobs/:id/diff", "lead", ({ parts, params }) => parts.worktrees.look(params.id ?? "")),
  post("/api/actions/jobs/:id/merge", "person", "merge", ({ parts, params }, { squash }) =>
    parts.worktrees.merge(params.id ?? "", squash ?? false),
  ),
  post("/api/actions/jobs/:id/discard", "person", "discard", ({ parts, params }, { force }) =>
    parts.worktrees.discard(params.id ?? "", force ?? false),
  ),
  post("/api/jobs/cleanup", "person", "cleanup", ({ parts, by }, { maxAgeDays, dry }) =>
    parts.jobs.clean(maxAgeDays, dry ?? false, by),
  ),
];
