import { Refusal } from "../core/refusal.ts";

type Config = Record<string, unknown> & { projects?: Record<string, Record<string, unknown>> };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * `~/.claude.json` with trust in one folder, all else kept: the only thing Muster ever writes into the user's own
 * set-up, after the person agreed. `json` is "" when there is no such file yet. The caller makes the backup and renames.
 */
export function withTrust(json: string, dir: string): string {
  let config: unknown = {};
  try {
    if (json.trim()) config = JSON.parse(json);
  } catch {
    config = null;
  }
  if (!isObject(config) || (config.projects !== undefined && !isObject(config.projects)))
    throw new Refusal("failed", "~/.claude.json is not what Claude Code writes", "start claude once by hand");
  const { projects = {} } = config as Config;
  const project = projects[dir];
  if (project?.hasTrustDialogAccepted === true) return json;
  const trusted = { ...projects, [dir]: { ...project, hasTrustDialogAccepted: true } };
  return `${JSON.stringify({ ...config, projects: trusted }, null, 2)}\n`;
}
