import { afterEach, expect, test } from "bun:test";
import { ErrandLab, WITH_FOREMAN } from "../../../test/fakes/errand-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { Refusal } from "../../core/refusal.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";

let lab: ErrandLab;
afterEach(() => lab.house.end());

const open = (changes: SettingsChanges = WITH_FOREMAN, isSolo = false): void => {
  lab = new ErrandLab(changes, isSolo);
};
const say = (word: "on" | "off" | "status" | "now"): Promise<string[]> => lab.desk.foreman(lab.house.team, word);
const fromUser = (): [to: string, mid: string, text: string][] =>
  lab.house
    .facts("message.queued")
    .filter(({ from }) => from === "user")
    .map(({ to, mid, preview }) => [to, mid, preview]);
const NOTE = "To: PeerB\nCC: user\n\n<TO_PEER>\nRun the build, please.\n</TO_PEER>\n";

test("P63 the first run comes after two minutes, the next an interval after the last", async () => {
  open();
  await lab.pass(119.9);
  expect(lab.runs).toHaveLength(0);
  await lab.pass(0.1);
  expect(lab.runs).toHaveLength(1);
  expect(lab.last).toMatchObject({
    ...{ argv: ["claude", "-p", "--permission-mode", "acceptEdits"], cwd: "/r", limitMs: 900_000 },
    folder: "/r/.muster/work/foreman/20231114-221520",
  });
  await lab.pass(30);
  await lab.last.end();
  await lab.pass(869.9);
  expect(lab.runs).toHaveLength(1);
  await lab.pass(0.1);
  expect(lab.runs).toHaveLength(2);
});

test("P63 a short interval has its first run after a third of it", async () => {
  open({ foreman: { enabled: true, agent: "claude", interval_seconds: 60 } });
  await lab.pass(19.9);
  expect(lab.runs).toHaveLength(0);
  await lab.pass(0.1);
  expect(lab.runs).toHaveLength(1);
});

test("P63 its prompt is its rules, three lines on how things stand, and its task", async () => {
  open();
  lab.files["/r/.muster/rules/FOREMAN.md"] = "RULES OF MINE\n";
  await lab.pass(120);
  expect(lab.last.stdin).toBe(
    "RULES OF MINE\n\nTime: 2023-11-14 22:15 UTC\nLast run: none yet\nOpen items: none\n\nLook after the build.\n",
  );
  expect(lab.opened[0]?.files["prompt.txt"]).toBe(lab.last.stdin ?? "");
  await lab.last.end({ code: null, end: "timeout" });
  lab.house.write(ANN, BOB, "EVIDENCE: it fails at src/a.ts:7, every time");
  delete lab.files["/r/.muster/rules/FOREMAN.md"];
  await lab.pass(900);
  expect(lab.last.stdin).toStartWith("<!-- Made by Muster");
  expect(lab.last.stdin).toContain("Last run: 15m ago, rc=timeout\nOpen items: 1 letter on its way\n\nLook after");
});

test("P63 what it writes into its mailbox goes to that peer as the user's words, with a copy for the user", async () => {
  open();
  await lab.pass(120);
  lab.letter = NOTE;
  await lab.last.end({ stdout: "I asked PeerB." });
  expect(fromUser()).toEqual([
    [BOB, expect.stringMatching(/^foreman-1700000120-[0-9a-f]{6}$/), "Run the build, please."],
  ]);
  expect(lab.house.told("user").map(({ text }) => text)).toEqual(["[FOREMAN→PeerB] Run the build, please."]);
  expect(lab.house.facts("foreman.spoke")).toMatchObject([
    { to: [BOB], isCc: true, preview: "Run the build, please." },
  ]);
});

test("P63 a copy for each peer it was for", async () => {
  open();
  await lab.pass(120);
  lab.letter = NOTE.replace("PeerB", "Both");
  await lab.last.end();
  expect(lab.house.told("user").map(({ text }) => text)).toEqual([
    "[FOREMAN→PeerA] Run the build, please.",
    "[FOREMAN→PeerB] Run the build, please.",
  ]);
});

test("P63 what it prints is a message only in exactly that form", async () => {
  open({ foreman: { enabled: true, agent: "claude", interval_seconds: 60 } });
  await lab.pass(20);
  await lab.last.end({ stdout: `Here it is:\n${NOTE}` });
  expect(fromUser()).toEqual([]);
  expect(lab.house.facts("foreman.misspoke")).toEqual([]);
  await lab.pass(60);
  await lab.last.end({ stdout: "<TO_PEER>\nTo you both.\n</TO_PEER>" });
  expect(fromUser().map(([to]) => to)).toEqual([ANN, BOB]);
  expect(new Set(fromUser().map(([, mid]) => mid)).size).toBe(2);
  expect(lab.house.told("user")).toEqual([]);
});

test("P63 what it wrote and nobody can read is said, never lost silently", async () => {
  open();
  await lab.pass(120);
  lab.letter = "To: the moon\n<TO_PEER>x</TO_PEER>";
  await lab.last.end();
  expect(lab.house.facts("foreman.misspoke")).toMatchObject([{ reason: expect.stringContaining('"To: the moon"') }]);
  lab.letter = new Refusal("failed", "it is a symbolic link");
  await lab.pass(900);
  await lab.last.end();
  expect(lab.house.facts("foreman.misspoke").at(-1)).toMatchObject({ reason: "it is a symbolic link" });
  expect(lab.house.facts("errand.ended")).toHaveLength(2);
});

test("P63 copies for the user are off by the settings, and with /verbose off", async () => {
  open({ foreman: { enabled: true, agent: "claude", cc_user: false } });
  await lab.pass(120);
  lab.letter = NOTE;
  await lab.last.end();
  await lab.house.end();
  expect(lab.house.facts("foreman.spoke")).toMatchObject([{ isCc: false }]);
  open();
  lab.house.dispatch({ do: "tune", team: "pair", switch: "verbose", isOn: false });
  await lab.pass(120);
  lab.letter = NOTE;
  await lab.last.end();
  expect(lab.house.told("user")).toEqual([]);
});

test("P63 without its task a run is skipped, the status says so, and the next interval looks again", async () => {
  open();
  delete lab.files["/r/FOREMAN_TASK.md"];
  await lab.pass(120);
  await lab.pass(60);
  expect(lab.house.facts("foreman.skipped")).toMatchObject([
    { reason: "there is no brief: /r/FOREMAN_TASK.md", isWaiting: false },
  ]);
  expect((await say("status"))[0]).toBe(
    "Foreman: claude on | skipped: there is no brief: /r/FOREMAN_TASK.md | next @ T+1020 | cc: ON",
  );
  lab.files["/r/FOREMAN_TASK.md"] = "  ";
  await lab.pass(840);
  expect(lab.house.facts("foreman.skipped")).toHaveLength(2);
  lab.files["/r/FOREMAN_TASK.md"] = "back";
  await lab.pass(899);
  expect(lab.runs).toHaveLength(0);
  await lab.pass(1);
  expect(lab.runs).toHaveLength(1);
});

test("P63 in a pause no run begins; the one that was due follows as soon as it ends", async () => {
  open();
  lab.house.dispatch({ do: "pause", team: "pair" });
  await lab.pass(120);
  await lab.pass(600);
  expect(lab.house.facts("foreman.skipped")).toMatchObject([{ reason: "the team is paused", isWaiting: true }]);
  lab.house.dispatch({ do: "resume", team: "pair" });
  await lab.house.settle();
  expect(lab.runs).toHaveLength(1);
});

test("P64 without a Foreman on and now are refused with the way to one", async () => {
  const WRONG: SettingsChanges[] = [
    {},
    { foreman: { enabled: false, agent: "claude" } },
    { foreman: { enabled: true, agent: "none" } },
    { foreman: { enabled: true, agent: "reuse_aux" } },
  ];
  for (const changes of WRONG) {
    open(changes);
    for (const word of ["on", "now"] as const)
      await expect(say(word)).rejects.toMatchObject({
        ...{ message: "Foreman was not enabled at start", hint: "choose an agent with muster run", code: "state" },
      });
    await lab.pass(5000);
    expect(lab.runs).toHaveLength(0);
    if (changes !== WRONG.at(-1)) await lab.house.end();
  }
  expect(await say("status")).toEqual(["Foreman off"]);
});

test("P64 off stops the timer, on starts it again, status says when", async () => {
  open();
  expect(await say("status")).toEqual(["Foreman: claude on | next @ T+120 | cc: ON"]);
  expect(await say("off")).toEqual(["Foreman is off", "Foreman: claude off | cc: ON"]);
  await lab.pass(2000);
  expect(lab.runs).toHaveLength(0);
  expect((await say("on"))[0]).toBe("Foreman is on");
  await lab.house.settle();
  expect(lab.runs).toHaveLength(1);
  expect(await say("status")).toEqual([
    "Foreman: RUNNING | cc: ON",
    "last run: /r/.muster/work/foreman/20231114-224640",
  ]);
});

test("P64 P65 fault 16: now really starts a run, unless one runs", async () => {
  open();
  expect(await say("now")).toEqual(["the Foreman begins now"]);
  await lab.house.settle();
  expect(lab.opened.map(({ folder }) => folder)).toEqual(["/r/.muster/work/foreman/20231114-221320"]);
  expect((await say("now"))[0]).toBe("the Foreman is at work already");
  await lab.pass(5000);
  expect(lab.runs).toHaveLength(1);
  await lab.last.end();
  await lab.house.settle();
  expect(lab.runs).toHaveLength(2);
  await lab.last.end({ code: 2 });
  expect((await say("status"))[0]).toBe("Foreman: claude on | last @ T+5000 rc=2 | next @ T+5900 | cc: ON");
});

test("P64 now with the timer off runs once; paused or without a task it says why not", async () => {
  open();
  await say("off");
  expect(await say("now")).toEqual(["the Foreman begins now; its timer stays off"]);
  await lab.house.settle();
  await lab.last.end();
  await lab.pass(5000);
  expect(lab.runs).toHaveLength(1);
  delete lab.files["/r/FOREMAN_TASK.md"];
  await expect(say("now")).rejects.toThrow("there is no brief: /r/FOREMAN_TASK.md");
  lab.house.dispatch({ do: "pause", team: "pair" });
  await expect(say("now")).rejects.toMatchObject({ message: "the team is paused", hint: "/resume first" });
});

test("P65 a run out of its time is shown as rc=timeout, and the next one comes", async () => {
  open();
  await lab.pass(120);
  await lab.last.end({ code: null, end: "timeout" });
  expect((await say("status"))[0]).toContain("last @ T+120 rc=timeout");
  await lab.pass(900);
  expect(lab.runs).toHaveLength(2);
});

test("a run that a dead daemon left is ended, not begun again; what it had written is delivered", async () => {
  open();
  const asked = { errand: "foreman-1-abcdef", team: "pair", role: "foreman", asker: "system", preview: "x" } as const;
  const folder = "/runs/x";
  lab.house.observe({ type: "errand.asked", ...asked, body: "go" });
  lab.house.observe({ type: "errand.started", errand: asked.errand, team: "pair", folder });
  lab.letter = NOTE;
  await lab.house.settle();
  expect(lab.runs).toHaveLength(0);
  expect(lab.orphans).toEqual([folder]);
  expect(lab.house.facts("errand.ended")).toMatchObject([{ reason: "interrupted", code: null }]);
  expect(fromUser().map(([to]) => to)).toEqual([BOB]);
  expect((await say("status"))[0]).toContain("rc=interrupted");
});

test("the state file follows: running with its process, then how it ended and when the next is due", async () => {
  open();
  await lab.house.settle();
  const none = { last_start_ts: null, last_end_ts: null, last_rc: null, last_out_dir: null, pid: null };
  expect(lab.states).toEqual([{ ...none, running: false, next_due_ts: 1_700_000_120 }]);
  await lab.pass(120);
  const folder = "/r/.muster/work/foreman/20231114-221520";
  expect(lab.states.at(-1)).toEqual({
    ...{ ...none, running: true, next_due_ts: null, last_start_ts: 1_700_000_120, last_out_dir: folder, pid: 4711 },
  });
  await lab.pass(5);
  await lab.last.end();
  expect(lab.states.at(-1)).toEqual({
    ...{ running: false, next_due_ts: 1_700_001_020, last_start_ts: 1_700_000_120, last_end_ts: 1_700_000_125 },
    ...{ last_rc: "0", last_out_dir: folder, pid: null },
  });
});

test("P101 alone what is for PeerB or both goes to PeerA; nobody there is said", async () => {
  open({ foreman: { enabled: true, agent: "claude", interval_seconds: 60 } }, true);
  await lab.pass(20);
  lab.letter = NOTE;
  await lab.last.end();
  expect(fromUser().map(([to]) => to)).toEqual([ANN]);
  await lab.pass(60);
  lab.house.dispatch({ do: "kill", agent: ANN, reason: "x" });
  lab.letter = NOTE;
  await lab.last.end();
  expect(lab.house.facts("foreman.misspoke")).toMatchObject([{ reason: "nobody is there to read it" }]);
  expect(lab.house.facts("errand.ended")).toHaveLength(2);
});

test("the Foreman reuses Aux where it is told to, with its own command where there is one", async () => {
  open({
    cli_profiles: { roles: { aux: { actor: "claude" } } },
    foreman: { enabled: true, agent: "reuse_aux", max_run_seconds: 5, prompt_path: "/briefs/mine.md" },
    agents: { actors: { claude: { foreman: { invoke_command: "my-cli --once {prompt}" } } } },
  });
  lab.files["/briefs/mine.md"] = "Mine.";
  await lab.pass(120);
  expect(lab.last).toMatchObject({ limitMs: 5000, env: { DRIVER: "claude" } });
  expect(lab.last.stdin).toBeUndefined();
  expect(lab.last.argv.slice(0, 2)).toEqual(["my-cli", "--once"]);
  expect(lab.last.argv[2]).toEndWith("\n\nMine.\n");
});
