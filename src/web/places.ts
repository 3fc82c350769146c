import type { PageAddress } from "../core/page-address.ts";

/** A place of the page: a view with an address of its own. The bar, the palette, the keys and `?` are all made from this table. */
export interface Place {
  id: PlaceId;
  title: string;
  /** Pressed after `g`, as in many pages with keys. */
  key: string;
  says: string;
}

export type PlaceId =
  | "home"
  | "agents"
  | "teams"
  | "orchestrator"
  | "timeline"
  | "split"
  | "pipeline"
  | "notifications"
  | "analytics"
  | "db"
  | "files";

export const PLACES: readonly Place[] = [
  { id: "home", title: "Home", key: "h", says: "what needs you, who works, what was done" },
  { id: "agents", title: "Agents", key: "a", says: "terminals, conversations, changes" },
  { id: "teams", title: "Teams", key: "t", says: "letters, boards, patches, decisions" },
  { id: "orchestrator", title: "Orchestrator", key: "o", says: "lead, queue, triggers, modes, approvals" },
  { id: "timeline", title: "Timeline", key: "l", says: "all that happened, newest first" },
  { id: "split", title: "Terminals", key: "s", says: "up to nine terminals side by side" },
  { id: "pipeline", title: "Pipeline", key: "p", says: "jobs and tasks over time, and what waits for what" },
  { id: "notifications", title: "Notifications", key: "n", says: "what was told to you" },
  { id: "analytics", title: "Analytics", key: "y", says: "jobs, tokens, cost and time by days" },
  { id: "db", title: "Database", key: "d", says: "every job, tool call and event that ever was" },
  { id: "files", title: "Files", key: "f", says: "the CLI's own folder: settings, skills, sessions" },
];

/** Where somebody is. */
export type Address = PageAddress<PlaceId>;

const HOME: Address = { place: "home", id: "" };

/** `#/jobs/ID` is an agent, too: its id means its latest job. */
const OTHER_NAMES: Record<string, PlaceId> = { "": "home", jobs: "agents", ecosystem: "files", database: "db" };

const placeNamed = (name: string): PlaceId | undefined =>
  Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : PLACES.find(({ id }) => id === name)?.id;

/** What an address names; whatever names nothing is Home. */
export function addressIn(hash: string): Address {
  const [, name = "", id = ""] = /^#\/([a-z]*)(?:\/(.*))?$/.exec(hash) ?? [];
  const place = placeNamed(name);
  if (!place) return HOME;
  try {
    return { place, id: decodeURIComponent(id) };
  } catch {
    return { place, id: "" };
  }
}
