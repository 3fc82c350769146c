import type { ComponentType } from "preact";
import type { PlaceId } from "../places.ts";
import { Analytics } from "./analytics.tsx";
import { Database } from "./database.tsx";
import { Files } from "./files.tsx";
import { Notifications } from "./notifications.tsx";
import { Orchestrator } from "./orchestrator.tsx";
import { Pipeline } from "./pipeline.tsx";
import { Split } from "./split.tsx";
import { Timeline } from "./timeline.tsx";

/** The views that are not there at once. They come together: one by one they would split what they share into many small files. */
export const LATER: Record<Exclude<PlaceId, "agents" | "teams" | "home">, ComponentType> = {
  orchestrator: Orchestrator,
  timeline: Timeline,
  split: Split,
  pipeline: Pipeline,
  notifications: Notifications,
  analytics: Analytics,
  db: Database,
  files: Files,
};
