import { Refusal } from "../core/refusal.ts";
import { type Call, get, post, type Route } from "./route.ts";

function repoOf({ query }: Call): string {
  const repo = query.get("repo") ?? "";
  if (!repo.startsWith("/")) throw new Refusal("usage", "repo: an absolute path is needed");
  return repo;
}

/** The boards of a repository, with or without a team in it. */
export const BOARD_ROUTES: Route[] = [
  get("/api/boards", "person", (call) => call.parts.boards.view(repoOf(call))),
  get("/api/boards/text", "person", (call) => call.parts.boards.text(repoOf(call), call.query.get("board") ?? "POR")),
  post("/api/boards/init", "person", "repository", ({ parts }, { repo }) => parts.boards.init(repo)),
  post("/api/boards/sync", "person", "repository", ({ parts }, { repo }) => parts.boards.sync(repo)),
  post("/api/boards/sheets", "person", "sheet", ({ parts }, order) => parts.boards.newSheet(order), 201),
];
