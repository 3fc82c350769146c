import { plain, type Sayings } from "../saying.ts";
import type { ConfigFact } from "./facts.ts";
import type { ConfigChanges } from "./state.ts";

const NAMES: Record<Exclude<keyof ConfigChanges, "limits" | "approvals" | "hosts" | "pushHosts">, string> = {
  ...{ silenceMinutes: "job.silence_minutes", warnPct: "lead.warn_pct", clearPct: "lead.clear_pct" },
  ...{ mayAutomate: "lead.may_automate", resumesLimits: "limits.resume" },
};
const LIMIT_NAMES = {
  parallel: "queue.parallel",
  maxRunning: "jobs.max_running",
  timeoutMinutes: "queue.timeout_minutes",
};

function words({ limits = {}, approvals, hosts, pushHosts, ...plainly }: ConfigChanges): string {
  const own = Object.entries(plainly).map(([key, value]) => `${NAMES[key as keyof typeof NAMES]} ${value}`);
  const more = Object.entries(limits).map(([key, value]) => `${LIMIT_NAMES[key as keyof typeof LIMIT_NAMES]} ${value}`);
  const rules = approvals
    ? [`approvals for ${approvals.map(({ tool, match }) => `${tool} ${match}`).join("; ") || "nothing"}`]
    : [];
  const served = hosts ? [`the page answers for ${hosts.join(", ") || "no other host"}`] : [];
  const pushed = pushHosts ? [`devices are told by ${pushHosts.join(", ") || "no other service"}, too`] : [];
  return [...own, ...more, ...rules, ...served, ...pushed].join(", ") || "nothing but defaults";
}

export const CONFIG_SAYINGS: Sayings<ConfigFact["type"]> = {
  "config.loaded": ({ changes }) => ({ ...plain(`config.yaml says: ${words(changes)}`), who: "home" }),
};
