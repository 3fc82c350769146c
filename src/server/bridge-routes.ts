import { PLATFORMS, type Platform } from "../core/bridges/port.ts";
import { Refusal } from "../core/refusal.ts";
import type { Bodies } from "./bodies.ts";
import { type Call, get, post, type Route } from "./route.ts";

function repoIn(repo: string): string {
  if (!repo.startsWith("/")) throw new Refusal("usage", "repo: an absolute path is needed");
  return repo;
}

function platformIn(word: string): Platform {
  const platform = PLATFORMS.find((one) => one === word);
  if (platform) return platform;
  throw new Refusal("usage", `no platform ${word}`, `known: ${PLATFORMS.join(", ")}`);
}

async function act({ parts, by }: Call, body: Bodies["bridge"]): Promise<{ did: string }> {
  const place = { repo: repoIn(body.repo), platform: platformIn(body.platform) };
  const { roster } = parts.bridges;
  if (body.act === "stop") return { did: roster.stop(place, by) };
  if (body.act === "restart") roster.stop(place, by);
  return { did: await roster.start(place, by) };
}

/** The chats of a repository: who is let in, and which bridges run. */
export const BRIDGE_ROUTES: Route[] = [
  get("/api/bridges", "person", ({ parts, query }) => parts.bridges.roster.rows(repoIn(query.get("repo") ?? ""))),
  post("/api/bridges", "person", "bridge", act),
  post("/api/bridges/pair", "person", "pair", ({ parts, by }, { repo, right, platform }) =>
    parts.bridges.desk.pair({ repo: repoIn(repo), right, platform }, by),
  ),
];
