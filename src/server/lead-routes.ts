import { requireLead } from "../core/lead/decide.ts";
import { leaderOf } from "../core/lead/state.ts";
import { leadView, leadViews } from "../core/lead/view.ts";
import { type Call, get, post, type Route } from "./route.ts";

/** The lead that the query names, else the one that leads. */
const view = ({ parts, query }: Call): unknown => {
  const { state } = parts.engine;
  const lead = query.get("lead") ?? leaderOf(state);
  requireLead(lead);
  return leadView(state, lead);
};

/** Leads: their lives, and what they write down. */
export const LEAD_ROUTES: Route[] = [
  post(
    "/api/orchestrator/start",
    "person",
    "summon",
    ({ parts, by }, { sandbox, reasoning, ...order }) =>
      parts.lead.start({ ...order, permission: sandbox, effort: reasoning }, by),
    201,
  ),
  post("/api/orchestrator/stop", "person", "retire", ({ parts, by }, { lead }) => parts.lead.stop(by, lead)),
  post("/api/orchestrator/inject", "person", "inject", ({ parts, by }, { message, lead }) =>
    parts.lead.inject(message, by, lead),
  ),
  post("/api/orchestrator/note", "lead", "note", ({ parts, by }, { text, lead }) => {
    parts.operations.dispatch({ do: "note", text, lead }, by);
    return { noted: true };
  }),
  get("/api/orchestrator/state", "lead", view),
  get("/api/orchestrator/status", "lead", view),
  get("/api/orchestrator/leads", "lead", ({ parts }) => leadViews(parts.engine.state)),
];
