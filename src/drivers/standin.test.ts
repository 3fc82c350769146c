import { expect, test } from "bun:test";
import type { Hire } from "../core/facts.ts";
import type { Place, Screen } from "../core/ports.ts";
import { cells } from "./standin/cells.ts";
import { EMPTY, insert } from "./standin/composer.ts";
import { draw, type View } from "./standin/frame.ts";
import { standin } from "./standin.ts";

const VIEW: View = {
  header: "Stand-in",
  log: ["╭────╮", "│ > fake │", "╰────╯"],
  busy: null,
  queued: [],
  composer: EMPTY,
  placeholder: "Try this",
  dialog: null,
  status: "context 0%",
};

/** What a terminal shows of a frame: the right border at its column. */
function screenOf(view: View, cols: number, rows: number): Screen {
  const ansi = draw(view, cols, rows).lines.map((line) => {
    const [text = "", border] = line.split(/\x1b\[\d+G/);
    const blanks = " ".repeat(Math.max(0, cols - 1 - cells(Bun.stripANSI(text))));
    return border === undefined ? text : text + blanks + border;
  });
  return { ansi, plain: ansi.map(Bun.stripANSI), cursor: { x: 0, y: 0 }, title: "", cols, rows, unread: null };
}

const composerOf = (text: string, cols = 60, rows = 24) =>
  standin.read(screenOf({ ...VIEW, composer: insert(EMPTY, text) }, cols, rows)).composer;

test("an empty composer is empty in spite of its placeholder and of boxes in the log", () => {
  expect(standin.read(screenOf(VIEW, 60, 24))).toEqual({ composer: "", isDialog: false });
  expect(composerOf("Try this")).toBe("Try this");
});

test("what was typed is read again at every width: wrapped, over several lines, wide, at the border", () => {
  const letters = ["a", "日", " ", "é", "👩‍👧", "\n", "│", "> ", "· "];
  for (let n = 0; n < 400; n++) {
    const text = Array.from({ length: n % 90 }, (_, i) => letters[(i * i + n * 7) % letters.length]).join("");
    const expected = text.replace(/ +$/gm, "");
    for (const cols of [21, 40]) expect(composerOf(text, cols, 120) ?? "").toBe(expected.length > 0 ? expected : "");
  }
});

test("a text longer than the screen is nobody's exact text", () => {
  expect(composerOf("line\n".repeat(60))?.startsWith("…")).toBe(true);
});

test("a dialog hides the composer", () => {
  const dialog = { tool: "Bash", input: "touch x", selected: 0 } as const;
  expect(standin.read(screenOf({ ...VIEW, dialog }, 60, 24))).toEqual({ composer: null, isDialog: true });
});

test("a screen without the box says nothing", () => {
  for (const plain of [[], ["$ "], ["╭──╮", "│ > x │", "╰──╯"], ["│ > x │", "╰──╯", "status"]]) {
    expect(standin.read({ ...screenOf(VIEW, 60, 24), plain, ansi: plain }).composer).toBeNull();
  }
});

const place: Place = {
  folder: "/m/agents/a",
  receipts: "/m/agents/a/receipts/1",
  seen: "/m/agents/a/seen",
  spool: "/m/spool",
  letters: "/r/.muster/mailbox/peerA/inbox",
  home: "/home/u",
  socket: "/m/daemon.sock",
  muster: ["muster"],
};
const hire: Hire = { agent: "a1b2c3d4", driver: "standin", cwd: "/r", permission: "read-only" };

test("it is started with its settings, its own session id, its permission and its scenario", () => {
  const { argv, files } = standin.launch({ ...hire, scenario: "/s.yaml", seat: "PeerA" }, place);
  expect(argv.slice(0, 3)).toEqual(["muster", "standin", "--session-id"]);
  expect(argv[3]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(argv.slice(4).join(" ")).toBe(
    "--settings /m/agents/a/settings.json --state /m/agents/a/state --letters /r/.muster/mailbox/peerA/inbox " +
      "--permission read-only --seat PeerA --scenario /s.yaml",
  );
  expect(files.map((file) => file.path)).toContain("hooks/prompt.sh");
});

test("each incarnation has a session id of its own; a resumed one keeps the old; a command replaces the program", () => {
  const id = (at: Place) => standin.launch(hire, at).argv[3];
  expect(id(place)).toBe(id(place));
  expect(id({ ...place, receipts: "/m/agents/a/receipts/2" })).not.toBe(id(place));
  expect(standin.launch({ ...hire, command: "other  play --boot-ms 5" }, place, "S").argv.slice(0, 6)).toEqual([
    "other",
    "play",
    "--boot-ms",
    "5",
    "--resume",
    "S",
  ]);
});
