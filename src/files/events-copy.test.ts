import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventLine, type KeptEvent, LINE_LIMIT } from "./event-lines.ts";
import { EventsCopy } from "./events-copy.ts";
import { takeOverflow } from "./overflow.ts";

let folder: string;
let events: KeptEvent[];
let told: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-events-"));
  [events, told] = [[], []];
});
afterEach(() => rmSync(folder, { recursive: true }));

const event = (id: number, more: Partial<KeptEvent> = {}, payload: Record<string, unknown> = {}): KeptEvent => ({
  ...{ id, at: 1000 + id, agent: "", event: "PostToolUse", tool: "Bash" },
  payload: JSON.stringify({ session_id: "s", cwd: "/r", transcript_path: "/t", ...payload }),
  ...more,
});

const path = (name = "events.jsonl") => join(folder, name);
const open = (more: { largest?: number; files?: number } = {}) =>
  new EventsCopy({
    ...more,
    path: path(),
    above: (row) => events.filter(({ id }) => id > row).slice(0, 7),
    tell: (text) => void told.push(text),
  });
const linesOf = (name?: string) =>
  readFileSync(path(name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const rowsOf = (name?: string) => linesOf(name).map(({ row }) => row);
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

test("A51 one line for each event, in the agreed form; a session of nobody has an empty job_id (A52)", async () => {
  events = [event(1), event(2, { agent: "0a1b2c3d", event: "Stop", tool: null }), event(3, { event: "Invented" })];
  await open().catchUp();
  expect(linesOf()).toEqual([
    {
      ...{ timestamp: 1001, session_id: "s", event_type: "PostToolUse", tool_name: "Bash", job_id: "", cwd: "/r" },
      ...{ transcript_path: "/t", data: { session_id: "s", cwd: "/r", transcript_path: "/t" }, row: 1 },
    },
    expect.objectContaining({ job_id: "0a1b2c3d", event_type: "Stop", tool_name: "" }),
    // A49
    expect.objectContaining({ event_type: "other" }),
  ]);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test("A53 events that came while nobody wrote are written at the next start, each once", async () => {
  events = upTo(20).map((id) => event(id));
  await open().catchUp();
  events = upTo(45).map((id) => event(id));
  const copy = open();
  expect(copy.last).toBe(20);
  await Promise.all([copy.catchUp(), copy.catchUp()]);
  await open().catchUp();
  expect(rowsOf()).toEqual(upTo(45));
});

test("A51 a torn last line goes to events.bad, is told, and its event is written again", async () => {
  events = upTo(3).map((id) => event(id));
  await open().catchUp();
  appendFileSync(path(), eventLine(event(4)).slice(0, 50));
  events = upTo(5).map((id) => event(id));
  await open().catchUp();
  expect(rowsOf()).toEqual(upTo(5));
  expect(readFileSync(path("events.bad"), "utf8")).toBe(`${eventLine(event(4)).slice(0, 50)}\n`);
  expect(told).toEqual(["events.jsonl ended in a torn line of 50 bytes; it is in events.bad"]);
});

test("A51 a line has at most 64 KB; longer data is cut at a letter and marked with its size", () => {
  const long = event(1, {}, { text: '\\"⟦😀'.repeat(20_000) });
  const line = eventLine(long);
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LINE_LIMIT);
  const { data, session_id } = JSON.parse(line);
  expect(data.cut).toBe(long.payload.length);
  expect(long.payload.startsWith(data.start)).toBe(true);
  expect(session_id).toBe("s");
  expect(line.indexOf("\n")).toBe(line.length - 1);
});

test("A51 a full file is put aside; as many as agreed are kept, and the newest line is found behind a fresh start", async () => {
  const size = eventLine(event(11)).length;
  events = upTo(39).map((id) => event(id));
  await open({ largest: size * 5 + 20, files: 3 }).catchUp();
  expect(readdirSync(folder).sort()).toEqual(["events.jsonl", "events.jsonl.1", "events.jsonl.2"]);
  const rows = ["events.jsonl.2", "events.jsonl.1", "events.jsonl"].flatMap(rowsOf);
  expect(rows).toEqual(upTo(39).slice(-rows.length));
  rmSync(path());
  expect(open().last).toBe(rowsOf("events.jsonl.1").at(-1));
});

test("A51 where it cannot be written that is told once, and everything comes later", async () => {
  events = [event(1)];
  const copy = open();
  const { path: real } = (copy as unknown as { rules: { path: string } }).rules;
  Object.assign((copy as unknown as { rules: object }).rules, { path: join(folder, "gone", "events.jsonl") });
  await copy.catchUp();
  await copy.catchUp();
  expect(told).toHaveLength(1);
  Object.assign((copy as unknown as { rules: object }).rules, { path: real });
  await copy.catchUp();
  expect(rowsOf()).toEqual([1]);
});

test("A50 what the relay dropped is counted once, and its note that all is full goes", () => {
  for (const [name, text] of [
    ["full", ""],
    ["dropped", "..."],
  ] as const)
    writeFileSync(path(name), text);
  expect([takeOverflow(folder), takeOverflow(folder)]).toEqual([3, 0]);
  expect(existsSync(path("full"))).toBe(false);
  expect(takeOverflow(path("nowhere"))).toBe(0);
});
