import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHomeSettings } from "./home-settings.ts";

const folder = mkdtempSync(join(tmpdir(), "muster-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "config.yaml");

async function read(text: string): Promise<[changes: object | null, problems: string[]]> {
  writeFileSync(path, text);
  const { changes, problems } = await readHomeSettings(path);
  return [changes, problems.map((problem) => problem.replace(path, "config.yaml"))];
}

test("A35 A39 A57 A58 config.yaml says silence, places, the lead's thresholds and rights, and limits; nothing said, nothing changes", async () => {
  expect(await readHomeSettings(join(folder, "none.yaml"))).toEqual({ changes: {}, problems: [] });
  expect(await read("")).toEqual([{}, []]);
  expect(await read("job: { silence_minutes: 0 }")).toEqual([{ silenceMinutes: 0 }, []]);
  const all = `job: { silence_minutes: 90 }
jobs: { max_running: 4 }
queue: { parallel: 2, timeout_minutes: 30 }
lead: { warn_pct: 60, clear_pct: 75.5, may_automate: true }
limits: { resume: false }`;
  const limits = { parallel: 2, maxRunning: 4, timeoutMinutes: 30 };
  const lead = { warnPct: 60, clearPct: 75.5, mayAutomate: true };
  expect(await read(all)).toEqual([{ silenceMinutes: 90, ...lead, resumesLimits: false, limits }, []]);
});

test("A54 rules of approval: all of their own questions unless said, five minutes unless said; wrong ones are told", async () => {
  expect(await read('approvals: [{ tool: Bash, match: "git push*", minutes: 9 }, { tool: WebFetch }]')).toEqual([
    {
      approvals: [
        { tool: "Bash", match: "git push*", minutes: 9 },
        { tool: "WebFetch", match: "*", minutes: 5 },
      ],
    },
    [],
  ]);
  const cases: [text: string, problem: string][] = [
    ["approvals: Bash", "approvals: a list is needed"],
    ["approvals: [{ match: x }]", "approvals.0.tool: a text is needed"],
    ["approvals: [{ tool: Bash, minutes: 10 }]", "approvals.0.minutes: a number from 1 to 9 is needed"],
    ["approvals: [{ tool: Bash, mach: x }]", "unknown key approvals.0.mach"],
  ];
  for (const [text, problem] of cases) expect(await read(text)).toEqual([null, [`config.yaml: ${problem}`]]);
  expect((await read("approval: []"))[1]).toEqual(["config.yaml: approval is not known; did you mean approvals?"]);
});

test("config.yaml names hosts of tunnels, each whole; a wildcard or an address is refused", async () => {
  expect(await read("web: { hosts: [my-tunnel.example, a.example:8443] }")).toEqual([
    { hosts: ["my-tunnel.example", "a.example:8443"] },
    [],
  ]);
  for (const host of ["*.example", "https://a.example", "A.example", ""])
    expect(await read(`web: { hosts: ["${host}"] }`)).toEqual([
      null,
      ["config.yaml: web.hosts.0: a host such as my-tunnel.example is needed, no wildcard"],
    ]);
  expect((await read("web: { host: a.example }"))[1]).toEqual([
    "config.yaml: web.host is not known; did you mean web.hosts?",
  ]);
});

test("S51 config.yaml names hosts of push services besides the known ones, each whole", async () => {
  expect(await read("web: { push_hosts: [push.example:8443] }")).toEqual([{ pushHosts: ["push.example:8443"] }, []]);
  for (const host of ["*", "*.example", "https://push.example", "127.0.0.1/x", "localhost", ""])
    expect([host, (await read(`web: { push_hosts: ["${host}"] }`))[0]]).toEqual([host, null]);
});

test("A35 A58 what is wrong in config.yaml is said with its key, and nothing of it counts", async () => {
  const cases: [text: string, problem: string][] = [
    ["job: { silence_minutes: soon }", "job.silence_minutes: a number from 0 to 10080 is needed"],
    ["lead: { warn_pct: 0 }", "lead.warn_pct: a number from 1 to 99 is needed"],
    ["lead: { warn_pct: 85 }", "lead.clear_pct: 80 is not above lead.warn_pct, 85"],
    ["lead: { may_automate: 1 }", "lead.may_automate: true or false is needed"],
    ["jobs: { max_running: 0 }", "jobs.max_running: a whole number from 1 to 1000 is needed"],
    ["limits: { resume: later }", "limits.resume: true or false is needed"],
    ["job: [1]", "job: keys are needed"],
  ];
  for (const [text, problem] of cases) expect(await read(text)).toEqual([null, [`config.yaml: ${problem}`]]);
  expect(await read("job: {")).toEqual([null, [expect.stringContaining("config.yaml: ")]]);
});

test("A35 a key that nobody knows is told with the one that may be meant; the others count", async () => {
  expect(await read("lead: { warn_pc: 60, clear_pct: 90 }\nother: 1\n")).toEqual([
    { clearPct: 90 },
    [
      "config.yaml: lead.warn_pc is not known; did you mean lead.warn_pct?",
      expect.stringContaining("config.yaml: other is not known"),
    ],
  ]);
});
