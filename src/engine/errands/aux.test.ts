import { afterEach, expect, test } from "bun:test";
import { ErrandLab, WITH_AUX } from "../../../test/fakes/errand-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PERSON, type Principal } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";

let lab: ErrandLab;
afterEach(() => lab.house.end());

const open = (changes: SettingsChanges = WITH_AUX, isSolo = false): void => {
  lab = new ErrandLab(changes, isSolo);
};
const ask = (prompt: string, by: Principal = PERSON): Promise<string[]> => lab.desk.aux(lab.house.team, prompt, by);
const ann: Principal = { kind: "agent", agent: ANN };

test("P66 without a driver Aux is off, and says where it is chosen", async () => {
  open({});
  await expect(ask("x")).rejects.toMatchObject({ message: "no Aux driver", hint: "choose one at next muster run" });
  expect(lab.house.facts("errand.refused")).toMatchObject([
    { role: "aux", asker: "user", reason: "no Aux driver; choose one at next muster run" },
  ]);
  expect(lab.house.told("user")).toEqual([]);
});

test("P66 P67 Aux runs once in a folder of its own, and its answer comes to whoever asked", async () => {
  open();
  const [said] = await ask("list the callers; rm -rf $(pwd)", ann);
  expect(said).toMatch(/^Aux \(gemini\) works on it; its answer comes as a letter \(aux-1700000000-0{6}\)$/);
  await lab.house.settle();
  const folder = "/r/.muster/work/aux/20231114-221320";
  expect(lab.opened).toEqual([{ folder, files: { "prompt.txt": "list the callers; rm -rf $(pwd)" } }]);
  expect(lab.last).toMatchObject({
    ...{ argv: ["gemini", "-p", "list the callers; rm -rf $(pwd)"], cwd: "/r", folder },
    ...{ limitMs: 600_000, env: { PATH: "/bin", TEAM: "pair", DRIVER: "gemini" } },
  });
  expect(lab.last.stdin).toBeUndefined();
  await lab.pass(12);
  await lab.last.end({ stdout: "two callers: a.ts:1, b.ts:2\n" });
  expect(lab.house.told(ANN).map(({ text }) => text)).toEqual([
    `Aux (gemini) on "list the callers; rm -rf $(pwd)" ended after 12s, rc=0\nWhat it said:\ntwo callers: a.ts:1, b.ts:2\nAll of it: ${folder}`,
  ]);
  expect(lab.house.told("user")).toEqual([]);
  await lab.pass(5000);
  expect(lab.runs).toHaveLength(1);
});

test("P67 two a minute: the third says when, and the minute passes", async () => {
  open();
  await ask("one");
  await lab.pass(37);
  await ask("two");
  await expect(ask("three", ann)).rejects.toMatchObject({ message: "Aux: 2 per minute, next in 23 s" });
  await lab.house.settle();
  expect(lab.runs).toHaveLength(2);
  await lab.pass(22.9);
  await expect(ask("three")).rejects.toThrow("next in 1 s");
  await lab.pass(0.1);
  await ask("three");
  expect(lab.house.facts("errand.asked").map(({ preview }) => preview)).toEqual(["one", "two", "three"]);
  expect(lab.house.told(ANN)).toEqual([]);
});

test("P67 an empty prompt and one that is too long are refused", async () => {
  open();
  await expect(ask("  \n")).rejects.toThrow("the prompt is empty");
  await expect(ask("x".repeat(100_001))).rejects.toMatchObject({ hint: "name a file instead" });
  await ask("x".repeat(100_000));
});

test("P67 a run out of time, one that cannot start and one that says nothing are told as such", async () => {
  open({ cli_profiles: { roles: { aux: { actor: "gemini", rate_limit_per_minute: 9 } } } });
  await ask("slow");
  await lab.house.settle();
  await lab.last.end({ code: null, end: "timeout", stdout: "half" });
  await ask("gone");
  await lab.house.settle();
  await lab.last.end({ code: null, end: "missing", problem: "gemini is no program in PATH (/bin)" });
  await ask("mute");
  await lab.house.settle();
  await lab.last.end({ code: 3 });
  expect(lab.house.told("user").map(({ text }) => text.split("\n").slice(0, 2))).toEqual([
    ['Aux (gemini) on "slow" ended after 0s, rc=timeout', "What it said:"],
    [
      'Aux (gemini) on "gone" ended after 0s, rc=failed: driver gemini: gemini is no program in PATH (/bin)',
      "It printed nothing.",
    ],
    ['Aux (gemini) on "mute" ended after 0s, rc=3', "It printed nothing."],
  ]);
});

test("P67 a driver that cannot run without a terminal is told, and nothing is started", async () => {
  open({ cli_profiles: { roles: { aux: { actor: "aider" } } } });
  await ask("x");
  await lab.house.settle();
  expect(lab.runs).toEqual([]);
  const [told] = lab.house.told("user");
  expect(told?.text).toContain("rc=failed: driver aider cannot run without a terminal; one of claude, codex,");
  expect(told?.text).toEndWith("It printed nothing.");
});

test("P66 what it takes of the settings: command, limit, folder and level", async () => {
  open({
    cli_profiles: { roles: { aux: { actor: "claude", cwd: "sub", permissions: "read-only" } } },
    agents: { actors: { claude: { aux: { timeout_s: 7 } } } },
  });
  await ask("look");
  await lab.house.settle();
  expect(lab.last).toMatchObject({
    ...{ stdin: "look", cwd: "/r/sub", limitMs: 7000 },
  });
  expect(lab.last.argv.slice(0, 4)).toEqual(["claude", "-p", "--permission-mode", "plan"]);
});

test("P66 Aux is not started in a repository whose configuration nobody has agreed to, nor with full access nobody allowed", async () => {
  open({
    cli_profiles: { roles: { aux: { actor: "claude", permissions: "danger-full-access", rate_limit_per_minute: 9 } } },
  });
  const reason = async () => {
    await ask("x");
    await lab.house.settle();
    return lab.house.facts("errand.ended").at(-1)?.reason;
  };
  expect(await reason()).toBe(
    'aux would get full access, which nobody has allowed in /r yet; muster run --accept "full access" allows it, once',
  );
  lab.house.dispatch({ do: "permit", repo: "/r" });
  lab.obstacles["claude /r"] = "it brings .mcp.json";
  expect(await reason()).toBe("it brings .mcp.json");
  expect([lab.runs, lab.opened]).toEqual([[], []]);
  delete lab.obstacles["claude /r"];
  await ask("x");
  await lab.house.settle();
  expect(lab.last.argv).toEqual(["claude", "-p", "--permission-mode", "bypassPermissions"]);
});

test("a folder that cannot be made ends the errand with the reason; any other fault is tried again", async () => {
  open();
  lab.programNames.gemini = "my-gemini -m x";
  lab.full = new Refusal("state", "/r/work is not a folder of its own", "remove it");
  await ask("x");
  await lab.house.settle();
  expect(lab.house.facts("errand.ended")).toMatchObject([{ reason: "/r/work is not a folder of its own; remove it" }]);
  lab.full = new Error("ENOSPC");
  await ask("y");
  await lab.house.settle();
  expect(lab.house.facts("errand.ended")).toHaveLength(1);
  lab.full = null;
  await lab.pass(1);
  expect(lab.last.argv).toEqual(["my-gemini", "-m", "x", "-p", "y"]);
});

test("P67 what a file asked and was refused is told by letter", async () => {
  open({});
  const about = { team: "pair", role: "aux", asker: ANN } as const;
  lab.house.observe({ type: "errand.refused", ...about, reason: "no Aux driver" });
  expect(lab.house.told(ANN).map(({ text }) => text)).toEqual(["Aux was not asked: no Aux driver"]);
});

test("an answer goes to the user when whoever asked works no more", async () => {
  open();
  await ask("x", { kind: "agent", agent: BOB });
  await lab.house.settle();
  lab.house.dispatch({ do: "kill", agent: BOB, reason: "killed" });
  await lab.last.end({ stdout: "late" });
  expect(lab.house.told("user").map(({ text }) => text)).toEqual([expect.stringContaining("late")]);
});

test("a long answer is cut in its middle; the folder has all of it", async () => {
  open();
  await ask("x", ann);
  await lab.house.settle();
  await lab.last.end({ stdout: `${"a".repeat(7000)}${"b".repeat(7000)}` });
  const [told] = lab.house.told(ANN);
  expect(told?.text).toContain(`${"a".repeat(6000)}\n[... 2000 characters ...]\n${"b".repeat(6000)}\nAll of it`);
});

test("fault 14: while Aux works for a minute, letters are queued and reactors go on as ever", async () => {
  open();
  await ask("take your time");
  await lab.house.settle();
  for (let n = 0; n < 6; n += 1) {
    await lab.pass(10);
    const mid = lab.house.write(ANN, BOB, `a letter of weight number ${n}: EVIDENCE: src/a.ts:${n} fails`);
    lab.house.deliver(mid);
    expect([n, lab.house.message(mid).state]).toEqual([n, "delivered"]);
  }
  expect(lab.house.facts("errand.ended")).toEqual([]);
  await lab.last.end();
  expect(lab.house.facts("errand.ended")).toHaveLength(1);
});

test("a team that stops takes its errands with it, and what was asked then is not begun", async () => {
  open();
  await ask("x");
  await lab.house.settle();
  lab.house.dispatch({ do: "stop", team: "pair", reason: "enough" });
  lab.errands.stop("other");
  await lab.house.settle();
  expect(lab.house.facts("errand.ended")).toEqual([]);
  lab.errands.stop("pair");
  await lab.house.settle();
  expect(lab.house.facts("errand.ended")).toMatchObject([{ code: null, reason: "interrupted" }]);
  lab.house.observe({
    ...{ type: "errand.asked", errand: "aux-1-000001", team: "pair", role: "aux", asker: "user" },
    ...{ preview: "x", body: "x" },
  } as never);
  await lab.house.settle();
  expect(lab.runs).toHaveLength(1);
  expect(lab.house.facts("errand.ended").at(-1)).toMatchObject({ reason: "the team has ended" });
});

test("an agent asks for its own team only, a person names one where several run", async () => {
  open();
  const loner = { kind: "agent", agent: "c0000003" } as const;
  lab.house.start("c0000003");
  await expect(lab.desk.askFor(undefined, "x", loner)).rejects.toThrow("agent c0000003 is in no team");
  await expect(lab.desk.askFor("other", "x", ann)).rejects.toMatchObject({ code: "forbidden", hint: "yours is pair" });
  expect(await lab.desk.askFor("pair", "x", ann)).toMatchObject({ team: "pair" });
  expect(await lab.desk.askFor(undefined, "y", PERSON)).toMatchObject({ team: "pair" });
  await expect(lab.desk.askFor("nobody", "x", PERSON)).rejects.toThrow("no team nobody");
  lab.house.dispatch({ do: "stop", team: "pair", reason: "x" });
  await expect(lab.desk.askFor(undefined, "x", PERSON)).rejects.toMatchObject({
    ...{ message: "0 teams run", hint: "say which: --team NAME", code: "usage" },
  });
  await expect(lab.desk.askFor(undefined, "x", ann)).rejects.toThrow("team pair has ended");
});

test("P68 /review bundles board, notes and the peers' last letters, and reminds both", async () => {
  open({});
  lab.files["/r/docs/por/POR.md"] = "# POR";
  lab.house.write(ANN, BOB, "EVIDENCE: the first of them, src/a.ts:1", { mid: "m-1" });
  lab.house.write(BOB, ANN, "COUNTER: the second one, src/b.ts:2", { mid: "m-2" });
  lab.house.write(ANN, BOB, "EVIDENCE: the third, and last, src/c.ts:3", { mid: "m-3" });
  lab.house.dispatch({
    do: "send",
    letter: { mid: "u", from: "user", to: ANN, kind: "letter", text: "hi", team: "pair" },
  });
  const patch = { author: ANN, sha: "s", lines: 1, paths: [], body: "" };
  lab.house.dispatch({ do: "submit", patch: { ...patch, patch: "P-0001", team: "pair", title: "mend it" } });
  lab.house.observe({ type: "patch.refused", patch: "P-0001", kind: "test-fail", reason: "rc=1", body: "" });
  const folder = "/r/.muster/work/aux/20231114-221320";
  expect(await lab.desk.review(lab.house.team)).toEqual([`PeerA and PeerB reminded of a review: ${folder}`]);
  const files = lab.opened[0]?.files ?? {};
  expect(Object.keys(files)).toEqual(["POR.md", "notes.txt", "peer_message.txt"]);
  expect(files["POR.md"]).toBe("# POR");
  expect(files["peer_message.txt"]).toBe(
    "PeerB to PeerA [MID: m-2]\nCOUNTER: the second one, src/b.ts:2\n\nPeerA to PeerB [MID: m-3]\nEVIDENCE: the third, and last, src/c.ts:3\n",
  );
  expect(files["notes.txt"]).toStartWith("Agents A idle 0s MOCK | B idle 0s MOCK\n");
  expect(files["notes.txt"]).toEndWith(
    "Open items: 4 letters on their way\n\nPatches, the newest last:\nP-0001 refused: mend it (rc=1)\n",
  );
  for (const agent of [ANN, BOB]) {
    const [told] = lab.house.told(agent);
    expect(told?.text).toStartWith(`Review: look at ${folder} (POR.md, notes.txt, peer_message.txt).`);
    expect(told?.text).not.toContain("muster aux");
  }
});

test("P68 alone PeerA is reminded, of Aux too where it is on; without board and letters it says so", async () => {
  open(WITH_AUX, true);
  expect(await lab.desk.review(lab.house.team)).toEqual([expect.stringMatching(/^PeerA reminded of a review: /)]);
  expect(lab.house.told(ANN)[0]?.text).toContain('Aux can look at it as well: `muster aux "PROMPT"`');
  expect(lab.opened[0]?.files).toMatchObject({
    "POR.md": "There is no docs/por/POR.md yet.\n",
    "peer_message.txt": "The peers have written nothing yet.\n",
  });
});
