import { afterAll, beforeEach, expect, test } from "bun:test";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Place } from "../core/ports.ts";
import { ANSWER, hookSettings, programs } from "./claude-hooks.ts";

// A name that a careless shell would take apart.
const root = mkdtempSync(join(tmpdir(), "muster hooks' $x "));
afterAll(() => rmSync(root, { recursive: true }));
const spool = join(root, "spool");
const place: Place = {
  folder: join(root, "agent"),
  receipts: join(root, "receipts"),
  seen: join(root, "seen"),
  spool,
  letters: root,
  home: root,
  socket: join(root, "socket"),
  muster: [],
};
const { hooks, statusLine } = hookSettings(place, "a1b2c3d4");
const commandOf = (event: string): string => hooks[event]?.[0]?.hooks[0]?.command ?? "";

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  for (const file of programs(place, "a1b2c3d4", "Peer'A")) {
    mkdirSync(dirname(join(place.folder, file.path)), { recursive: true });
    writeFileSync(join(place.folder, file.path), file.text);
  }
  mkdirSync(spool);
});

const PAYLOAD = { session_id: "s", hook_event_name: "X", text: 'ü\\ "q" \n $(false)' };
const start = (command: string) =>
  Bun.spawn(["sh", "-c", command], { stdin: Buffer.from(JSON.stringify(PAYLOAD)), stdout: "pipe", stderr: "pipe" });
async function run(command: string): Promise<{ code: number; out: string }> {
  const child = start(command);
  return { code: await child.exited, out: await new Response(child.stdout).text() };
}
const spooled = (): Record<string, unknown>[] =>
  readdirSync(spool).map((name) => {
    expect(name).toMatch(/^a1b2c3d4\.\d+\.json$/);
    return JSON.parse(readFileSync(join(spool, name), "utf8"));
  });
async function waiting(): Promise<Record<string, unknown>> {
  const end = performance.now() + 5000;
  for (; performance.now() < end; await Bun.sleep(2)) {
    try {
      const [asked] = spooled();
      if (asked) return asked as Record<string, unknown>;
    } catch (error) {
      // The hook still writes.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new Error("no question came");
}
function answer(text: string, name: unknown): void {
  const fifo = openSync(join(place.folder, "answers", String(name)), constants.O_WRONLY | constants.O_NONBLOCK);
  writeSync(fifo, text);
  closeSync(fifo);
}

test("an event lands whole in a file of its own, readable by the owner only", async () => {
  expect(await run(commandOf("Stop"))).toEqual({ code: 0, out: "" });
  expect(spooled()).toEqual([PAYLOAD]);
  expect(hooks.Stop?.[0]?.hooks[0]?.async).toBe(true);
});

test("the end of a session is spooled before the CLI may go", () => {
  expect(hooks.SessionEnd?.[0]?.hooks[0]?.async).toBeUndefined();
});

test("the status line is spooled as an event and shows the seat", async () => {
  expect(await run(statusLine.command)).toEqual({ code: 0, out: "muster Peer'A\n" });
  expect(spooled()).toMatchObject([{ session_id: "s", text: PAYLOAD.text }]);
  expect(readFileSync(join(spool, readdirSync(spool)[0] ?? ""), "utf8")).toStartWith(
    '{"hook_event_name":"StatusLine",',
  );
});

test("a question waits at its fifo and passes the answer on", async () => {
  const child = start(commandOf("PermissionRequest"));
  const asked = await waiting();
  expect(asked).toMatchObject(PAYLOAD);
  answer('{"decision":"allow"}\n', asked[ANSWER]);
  expect(await new Response(child.stdout).text()).toBe('{"decision":"allow"}\n');
  expect(await child.exited).toBe(0);
  expect(readdirSync(join(place.folder, "answers"))).toEqual([]);
});

test("an empty answer decides nothing", async () => {
  const child = start(commandOf("PermissionRequest"));
  answer("\n", (await waiting())[ANSWER]);
  expect(await new Response(child.stdout).text()).toBe("");
  expect(await child.exited).toBe(0);
});

test("the fifo of a killed question has no reader", async () => {
  const child = start(commandOf("PermissionRequest"));
  const asked = await waiting();
  child.kill("SIGKILL");
  await child.exited;
  expect(() => answer("{}\n", asked[ANSWER])).toThrow("ENXIO");
});

test("without a folder to write into every hook still ends with 0 and says nothing", async () => {
  rmSync(spool, { recursive: true });
  writeFileSync(join(place.folder, "answers"), "in the way");
  for (const event of Object.keys(hooks)) expect([event, await start(commandOf(event)).exited]).toEqual([event, 0]);
  for (const event of ["UserPromptSubmit", "PermissionRequest"])
    expect(await run(commandOf(event))).toEqual({ code: 0, out: "" });
  rmSync(place.folder, { recursive: true });
  for (const event of ["UserPromptSubmit", "PermissionRequest"])
    expect(await run(commandOf(event))).toEqual({ code: 0, out: "" });
});
