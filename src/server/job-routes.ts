import type { Bodies } from "./bodies.ts";
import { type Call, post, type Route } from "./route.ts";

function reuse({ parts, params, by }: Call, { timeout, ...order }: Bodies["reuse"]): unknown {
  return parts.jobs.reuse(params.id ?? "", { ...order, timeoutMinutes: timeout }, by);
}

/** What is done with jobs besides starting them (A78). */
export const JOB_ROUTES: Route[] = [post("/api/actions/jobs/:id/reuse", "person", "reuse", reuse, 201)];
