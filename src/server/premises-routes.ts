import type { FileEdit } from "../core/premises.ts";
import { Refusal } from "../core/refusal.ts";
import { isRole, LAYOUT_KEY, NONE, ROLE_KEYS } from "../core/settings/bindings.ts";
import type { Bodies } from "./bodies.ts";
import { type Call, get, post, type Route } from "./route.ts";

function look({ parts, query }: Call): unknown {
  const repo = query.get("repo") ?? "";
  if (!repo.startsWith("/")) throw new Refusal("usage", "repo: an absolute path is needed");
  return parts.premises.look(repo);
}

/** Each role's driver and level goes to the key where the settings have it. */
function editsFrom({ bindings, layout }: Bodies["bind"]): FileEdit[] {
  const edits = Object.entries(bindings).flatMap(([role, { driver, sandbox }]): FileEdit[] => {
    if (!isRole(role)) throw new Refusal("usage", `bindings: unknown key ${role}`, `known: ${Object.keys(ROLE_KEYS)}`);
    const keys = ROLE_KEYS[role];
    const level = sandbox && keys.permissions ? [{ ...keys.permissions, value: sandbox }] : [];
    const isForeman: FileEdit[] =
      role === "foreman" && driver ? [{ file: "foreman", path: ["enabled"], value: driver !== NONE }] : [];
    return [...(driver === undefined ? [] : [{ ...keys.actor, value: driver }]), ...isForeman, ...level];
  });
  return layout ? [...edits, { ...LAYOUT_KEY, value: layout }] : edits;
}

async function bind({ parts }: Call, body: Bodies["bind"]): Promise<unknown> {
  await parts.premises.write(body.repo, editsFrom(body));
  return { repo: body.repo };
}

/** What a repository brings for a team, and its settings files. */
export const PREMISES_ROUTES: Route[] = [
  get("/api/premises", "person", look),
  post("/api/premises/bind", "person", "bind", bind),
  post("/api/premises/upgrade", "person", "upgrade", ({ parts }, { repo, dry }) =>
    parts.premises.upgrade(repo, dry ?? false),
  ),
  post("/api/premises/reset", "person", "reset", ({ parts }, { repo, archive }) =>
    parts.premises.reset(repo, archive ?? false),
  ),
];
