import { afterEach, expect, test } from "bun:test";
import { ConsoleLab, TEAM } from "../../test/fakes/console-lab.ts";
import { ANN, BOB } from "../../test/fakes/history.ts";
import type { Fact } from "../core/facts.ts";
import { lineWidth } from "./cells.ts";

const labs: ConsoleLab[] = [];
const lab = (options: ConstructorParameters<typeof ConsoleLab>[0] = {}): Promise<ConsoleLab> => {
  const made = new ConsoleLab(options);
  labs.push(made);
  return made.open();
};
afterEach(() => {
  for (const made of labs.splice(0)) made.end();
});

const CONSOLE = `/api/teams/${TEAM}/console`;
const _posted = (line: string) => ({ path: CONSOLE, body: { line, channel: "tui" } });
const notice = (text: string): Fact => ({ type: "notice.raised", level: "info", text });

test("P82 the timeline shows peers, user, patch line and evidence as they happen, quiet facts not", async () => {
  const desk = await lab();
  await desk.tell(
    desk.letter("muster-1-aaaaaa", "user", ANN, "please begin"),
    desk.letter("muster-2-bbbbbb", ANN, BOB, "CLAIM: I do it"),
    { type: "message.stored", mid: "muster-2-bbbbbb", path: "/r/inbox/1.txt" },
    {
      ...{ type: "patch.received", patch: "P-0001", team: TEAM, author: ANN, title: "tips", sha: "x", lines: 4 },
      ...{ paths: ["README.md"], body: "" },
    } as Fact,
    { type: "patch.committed", patch: "P-0001", commit: "4be1c02aaaa", branch: "main", steps: [] },
    { type: "evidence.cited", mid: "muster-2-bbbbbb", team: TEAM, author: ANN, ref: "commit:4be1c02" },
    {
      ...{ type: "evidence.judged", mid: "muster-2-bbbbbb", ref: "commit:4be1c02", verdict: "verified", detail: "" },
    } as Fact,
  );
  const { screen } = desk;
  expect(screen).toMatch(/you {6}→ PeerA: please begin aaaaaa/);
  expect(screen).toMatch(/PeerA {4}→ PeerB: CLAIM: I do it bbbbbb/);
  expect(screen).toMatch(/P-0001 {3}patch by PeerA: tips, 4 lines, README.md/);
  expect(screen).toMatch(/P-0001 {3}committed 4be1c02aaa on main/);
  expect(screen).toMatch(/evidence commit:4be1c02: verified/);
  expect(screen).not.toContain("letter stored");
  expect(screen).toContain("Evidence 1 verified 1 committed");
});

test("P82 a letter to the user is shown whole, line by line", async () => {
  const desk = await lab();
  const text = `<TO_USER>\nSection added.\n${"word ".repeat(40)}\ncommit 4be1c02\n</TO_USER>\n\`\`\`insight\nwho: PeerA\n\`\`\``;
  await desk.tell(desk.letter("muster-3-cccccc", ANN, "user", text));
  expect(desk.screen).toMatch(/PeerA {4}Section added\.\n +word word/);
  expect(desk.screen).toContain("commit 4be1c02 cccccc");
  expect(desk.screen).not.toContain("insight");
});

test("P39 what a peer said at the end of a turn is mirrored, until a person switches that off", async () => {
  const desk = await lab();
  const said = (summary: string): Fact => ({ type: "turn.ended", agent: ANN, outcome: "done", summary });
  await desk.tell(said("I have looked at it"), said(""));
  expect(desk.screen.match(/PeerA {4}I have looked at it/g)).toHaveLength(1);
  expect(desk.console.view.timeline.size).toBe(4);
  await desk.tell({ type: "team.tuned", team: TEAM, switch: "echo", isOn: false }, said("not mirrored"));
  expect(desk.screen).not.toContain("not mirrored");
  await desk.tell({ type: "turn.ended", agent: ANN, outcome: "failed", summary: "no quota" });
  expect(desk.screen).toContain("turn failed: no quota");
});

test("P82 Ctrl-T gives the timeline the keys: a line is chosen, found, opened with all that is known of it, and closed", async () => {
  const desk = await lab({ past: Array.from({ length: 30 }, (_, n) => notice(`old ${n}`)) });
  await desk.tell(desk.letter("muster-4-dddddd", ANN, BOB, "EVIDENCE: line one\nline two"));
  await desk.tell({ type: "message.stored", mid: "muster-4-dddddd", path: "/r/inbox/7.txt" });
  await desk.type("\x14\r");
  expect(desk.screen).toContain("Id        muster-4-dddddd");
  expect(desk.screen).toContain("File      /r/inbox/7.txt");
  expect(desk.screen).toContain("line two");
  expect(desk.screen).toContain("letter stored");
  await desk.type("\x1b");
  await desk.type("kk/old 3\r");
  expect(desk.console.view.timeline.selected?.text).toBe("old 3");
  await desk.type("n");
  expect(desk.hint).toBe("nothing older says old 3");
  await desk.type("gg");
  expect(desk.console.view.timeline.selected?.text).toContain("team formed");
  await desk.type("G");
  expect(desk.console.view.timeline.selected?.ref).toBe("muster-4-dddddd");
  await desk.type("\x1b");
  expect([desk.console.view.timeline.selected, desk.console.view.mode.kind]).toEqual([null, "input"]);
});

test("P82 scrolling back beyond what is kept asks the ledger", async () => {
  const desk = await lab({ past: Array.from({ length: 900 }, (_, n) => notice(`old ${n}`)) });
  const before = desk.asked.length;
  expect(desk.console.view.timeline.size).toBeLessThan(905);
  for (let n = 0; n < 200; n += 1) await desk.type("\x1b[5~");
  expect(desk.screen).toContain("team formed");
  expect(desk.asked.length - before).toBeLessThanOrEqual(4);
});

test("P83 F1 and /help show the page of every command and key; Esc closes it", async () => {
  const desk = await lab();
  desk.size = { columns: 110, rows: 60 };
  for (const open of ["\x1bOP", "/help\r", "h\r"]) {
    await desk.type(open);
    for (const words of [
      "/foreman on|off|status|now",
      "Ctrl-R searches them",
      "both: TEXT",
      "/quit leaves this console",
    ])
      expect(desk.screen).toContain(words);
    await desk.type("\x1b");
    expect(desk.screen).not.toContain("Ctrl-R searches them");
  }
  expect(desk.posts).toEqual([]);
});

test("P83 an image of the clipboard or a pasted path becomes @path; without one the way is said", async () => {
  const desk = await lab();
  await desk.type("a: \x16");
  expect(desk.hint).toContain("no image in the clipboard");
  desk.image = ".muster/work/pasted/1.png";
  await desk.type("\x16");
  expect(desk.line).toBe("a: @.muster/work/pasted/1.png ");
  await desk.type("\x15\x1b[200~/tmp/x.png\x1b[201~");
  expect(desk.line).toBe("@/tmp/x.png ");
  await desk.type("\x15/paste\r");
  expect(desk.line).toBe("@.muster/work/pasted/1.png ");
});

test("P83 a permission question is a card, and /allow or /deny answers it by the way that every client has", async () => {
  const desk = await lab();
  await desk.tell({
    type: "permission.asked",
    agent: ANN,
    question: "q1",
    tool: "Bash",
    input: '{"command":"rm -rf build"}',
  });
  expect(desk.screen).toMatch(
    /▌ PeerA asks to use Bash\n▌ {3}rm -rf build\n▌ {3}\/allow PeerA {3}\/deny PeerA REASON\n/,
  );
  await desk.type("/allow PeerB\r");
  expect([desk.hint, desk.posts]).toEqual(["PeerB asks nothing; asking: PeerA", []]);
  await desk.type("\x15/deny \t");
  expect(desk.line).toBe("/deny PeerA ");
  await desk.type("not now\r");
  const path = `/api/actions/jobs/${ANN}/answer`;
  expect(desk.posts).toEqual([{ path, body: { question: "q1", choice: "deny", reason: "not now" } }]);
  await desk.type("/allow a\r");
  expect(desk.posts[1]).toEqual({ path, body: { question: "q1", choice: "allow" } });
  await desk.tell({ type: "permission.answered", agent: ANN, question: "q1", choice: "allow" });
  expect(desk.screen).not.toContain("▌");
});

test("P50 an open decision is a card until it is decided", async () => {
  const desk = await lab();
  await desk.tell({
    ...{ type: "rfd.opened", rfd: "rfd-msg-1", team: TEAM, kind: "msg", author: ANN, title: "new API" },
    tasks: ["change src/api/public"],
  } as Fact);
  expect(desk.screen).toMatch(/▌ rfd-msg-1 new API\n▌ {3}change src\/api\/public\n▌ {3}unsigned\n/);
  expect(desk.screen).toContain("▌   /rfd rfd-msg-1 approve|reject|ask");
  await desk.type("/rfd \t");
  expect(desk.line).toBe("/rfd rfd-msg-1 ");
  await desk.tell({ type: "rfd.decided", rfd: "rfd-msg-1", decision: "approve", decider: "user" });
  expect(desk.screen).not.toContain("▌");
});

test("what is shown is said to be old while the daemon is away, and what was missed comes after", async () => {
  const desk = await lab();
  expect(desk.screen).toContain(" live ─");
  desk.connect(false);
  expect(desk.screen).toMatch(/ stale since \d\d:\d\d ─/);
  desk.connect(true);
  await desk.tellAnew(notice("while you were away"));
  expect(desk.screen).toContain("while you were away");
  expect(desk.screen.match(/while you were away/g)).toHaveLength(1);
});

test("what was missed is asked for until it has come, and nothing after it is lost or told twice", async () => {
  const desk = await lab();
  desk.isDeaf = true;
  await desk.tellAnew(notice("missed"));
  expect(desk.hint).toBe("the daemon does not answer");
  await desk.tell(notice("after it"));
  expect(desk.screen).not.toContain("after it");
  desk.isDeaf = false;
  await desk.tell(notice("and then"));
  expect(desk.screen).toMatch(/missed\n.*after it\n.*and then\n/);
  for (const words of ["missed", "after it", "and then"]) expect(desk.screen.split(words)).toHaveLength(2);
});

test("Ctrl-L empties the view; scrolling back brings all of it again", async () => {
  const desk = await lab({ past: [notice("old one")] });
  expect(desk.screen).toContain("old one");
  await desk.type("\x0c");
  expect(desk.screen).not.toContain("old one");
  await desk.type("\x1b[5~");
  expect(desk.screen).toContain("old one");
});

test("a capital T on an empty line opens the plan; as the first letter of a text it is one", async () => {
  const desk = await lab();
  await desk.type("T");
  expect(desk.screen).toContain("Blueprint none");
  expect(desk.screen).toContain("No plan yet");
  await desk.type("\x1b");
  expect(desk.screen).not.toContain("No plan yet");
  await desk.type("T");
  await desk.type("h");
  await desk.type("e end");
  expect(desk.line).toBe("The end");
  await desk.type("T");
  expect(desk.line).toBe("The endT");
});

test("the keys of accepted messages, which only the daemon needs, are not kept", async () => {
  const desk = await lab();
  const state = desk.history.state;
  for (let n = 0; n < 30; n += 1) state.accepted[`key ${n}`] = true;
  await desk.tell(
    ...Array.from({ length: 5002 }, (): Fact => ({ type: "agent.changed", agent: ANN, activity: "busy" })),
  );
  expect(Object.keys(desk.history.state.accepted).length).toBeLessThan(30);
});

test("P84 at every size each row fits, and the cursor stands behind what was written", async () => {
  const desk = await lab();
  await desk.tell(desk.letter("muster-1-aaaaaa", ANN, "user", "日本語 👨‍👩‍👧 \u202e العربية e\u0301".repeat(9)), {
    type: "permission.asked",
    agent: BOB,
    question: "q",
    tool: "Bash",
    input: `{"command":"${"漢字".repeat(90)}"}`,
  });
  await desk.type("a: 日本 👨‍👩‍👧 x");
  for (let columns = 2; columns <= 120; columns += 7)
    for (let rows = 2; rows <= 40; rows += 3) {
      desk.size = { columns, rows };
      const { rows: lines, cursor } = desk.frame();
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(columns);
      expect(cursor && cursor.row < rows && cursor.column < columns).toBe(true);
    }
  desk.size = { columns: 80, rows: 24 };
  expect(desk.frame().cursor).toEqual({ row: 23, column: 2 + "a: ".length + 4 + 1 + 2 + 2 });
  await desk.type("\x01");
  expect(desk.frame().cursor).toEqual({ row: 23, column: 2 });
  desk.size = { columns: 12, rows: 24 };
  await desk.type("\x05");
  expect(desk.frame().cursor).toEqual({ row: 23, column: 0 });
});
