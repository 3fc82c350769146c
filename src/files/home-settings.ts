import { parseDocument } from "yaml";
import { MOST_RULE_MINUTES, RULE_MINUTES } from "../core/config/approval-rule.ts";
import { isHost } from "../core/config/hosts.ts";
import { type ConfigChanges, configProblem } from "../core/config/state.ts";
import { nearest } from "../core/nearest.ts";
import { flag, list, Misshapen, number, object, optional, text as words } from "../core/shape.ts";
import { readForeignText } from "./safe-read.ts";

const HOST = words({ pattern: { test: isHost }, words: "a host such as my-tunnel.example is needed, no wildcard" });
const SECTIONS = {
  job: { silence_minutes: optional(number(0, 10_080)) },
  jobs: { max_running: optional(number(1, 1000, true)) },
  queue: { parallel: optional(number(1, 100, true)), timeout_minutes: optional(number(1, 100_000, true)) },
  lead: {
    ...{ warn_pct: optional(number(1, 99)), clear_pct: optional(number(2, 100)) },
    may_automate: optional(flag),
  },
  limits: { resume: optional(flag) },
  web: { hosts: optional(list(HOST)), push_hosts: optional(list(HOST)) },
};
const PATTERN = words({ min: 1, max: 300 });
const RULE = object({
  ...{ tool: PATTERN, match: optional(PATTERN) },
  minutes: optional(number(1, MOST_RULE_MINUTES)),
});
const SHAPE = object(
  {
    job: optional(object(SECTIONS.job, true)),
    jobs: optional(object(SECTIONS.jobs, true)),
    queue: optional(object(SECTIONS.queue, true)),
    lead: optional(object(SECTIONS.lead, true)),
    limits: optional(object(SECTIONS.limits, true)),
    web: optional(object(SECTIONS.web, true)),
    approvals: optional(list(RULE)),
  },
  true,
);

/** What `config.yaml` of a home says. */
export interface HomeSettingsRead {
  /** null = it cannot be read, and what held before holds on. */
  changes: ConfigChanges | null;
  /** What a person should know of it: why it does not count, or keys that nobody knows. */
  problems: string[];
}

const known = (entries: [string, unknown][]): Record<string, unknown> =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined));

function changesFrom({ job, jobs, queue, lead, limits, web, approvals }: ReturnType<typeof SHAPE.read>): ConfigChanges {
  const places = known([
    ["parallel", queue?.parallel],
    ["maxRunning", jobs?.max_running],
    ["timeoutMinutes", queue?.timeout_minutes],
  ]);
  return known([
    ["silenceMinutes", job?.silence_minutes],
    ["warnPct", lead?.warn_pct],
    ["clearPct", lead?.clear_pct],
    ["mayAutomate", lead?.may_automate],
    ["resumesLimits", limits?.resume],
    ["hosts", web?.hosts],
    ["pushHosts", web?.push_hosts],
    ["approvals", approvals?.map(({ tool, match = "*", minutes = RULE_MINUTES }) => ({ tool, match, minutes }))],
    ["limits", Object.keys(places).length > 0 ? places : undefined],
  ]);
}

const LISTS = ["approvals"];
const NAMES = Object.entries(SECTIONS).flatMap(([section, keys]) =>
  Object.keys(keys).map((key) => `${section}.${key}`),
);

/** Keys that stand there and mean nothing, each with the one that may be meant. */
function strangers(given: unknown): string[] {
  const sections = typeof given === "object" && given !== null ? Object.entries(given) : [];
  const names = sections.flatMap(([section, keys]) =>
    Object.hasOwn(SECTIONS, section) && typeof keys === "object" && keys !== null
      ? Object.keys(keys).map((key) => `${section}.${key}`)
      : [section],
  );
  return names
    .filter((name) => !NAMES.includes(name) && !LISTS.includes(name))
    .map((name) => {
      const meant = nearest(name, [...NAMES, ...LISTS]);
      return `${name} is not known${meant ? `; did you mean ${meant}?` : ""}`;
    });
}

/** Reads `config.yaml` of a home. A file that is not there says nothing. */
export async function readHomeSettings(path: string): Promise<HomeSettingsRead> {
  const wrong = (why: string): HomeSettingsRead => ({ changes: null, problems: [`${path}: ${why}`] });
  const text = await readForeignText(path).catch((error) => {
    if ((error as { code?: string }).code === "ENOENT") return "";
    return error instanceof Error ? error : new Error(String(error));
  });
  if (text instanceof Error) return wrong(text.message);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return wrong(error.message.split("\n")[0] ?? "");
  try {
    const given = document.toJS() ?? {};
    const changes = changesFrom(SHAPE.read(given, ""));
    const problem = configProblem(changes);
    return problem === null ? { changes, problems: strangers(given).map((why) => `${path}: ${why}`) } : wrong(problem);
  } catch (misshapen) {
    if (!(misshapen instanceof Misshapen)) throw misshapen;
    return wrong(misshapen.message);
  }
}
