import { leadView } from "../core/lead/view.ts";
import { get, post, type Route } from "./route.ts";

/** The lead: its life, and what it writes down. */
export const LEAD_ROUTES: Route[] = [
  post(
    "/api/orchestrator/start",
    "person",
    "summon",
    ({ parts, by }, { sandbox, reasoning, ...order }) =>
      parts.lead.start({ ...order, permission: sandbox, effort: reasoning }, by),
    201,
  ),
  post("/api/orchestrator/stop", "person", "nothing", ({ parts, by }) => parts.lead.stop(by)),
  post("/api/orchestrator/inject", "person", "send", ({ parts, by }, { message }) => parts.lead.inject(message, by)),
  post("/api/orchestrator/note", "lead", "note", ({ parts, by }, { text }) => {
    parts.operations.dispatch({ do: "note", text }, by);
    return { noted: true };
  }),
  get("/api/orchestrator/state", "lead", ({ parts }) => leadView(parts.engine.state)),
  get("/api/orchestrator/status", "lead", ({ parts }) => leadView(parts.engine.state)),
];
