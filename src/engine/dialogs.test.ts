import { afterEach, beforeEach, expect, test } from "bun:test";
import { House } from "../../test/fakes/house.ts";
import { type DIALOG_KEYS, type Dialog, readDialog } from "../core/dialog.ts";
import { PERSON } from "../core/ids.ts";
import type { Key } from "../core/ports.ts";
import { DialogDesk } from "./dialogs.ts";
import { Leases } from "./leases.ts";

const ANN = "0000000a";
const QUESTION = [
  "1. said before",
  "2. and this",
  "",
  "Which colour?",
  "❯ 1. Blue",
  "     of the sky",
  "│ 2. Red │",
  "Enter to select",
];

let house: House;
let shown: string[];
let isOpen: boolean;
let isListening: boolean;
let pressed: [string, Key[]][];
let desk: DialogDesk;

beforeEach(() => {
  house = new House();
  house.start(ANN);
  house.open(ANN);
  house.observe({ type: "agent.changed", agent: ANN, activity: "waiting", detail: "input needed" });
  [shown, isOpen, isListening, pressed] = [QUESTION, true, true, []];
  const screen = () => ({
    ansi: shown,
    plain: shown,
    cursor: { x: 0, y: 0 },
    title: "",
    cols: 80,
    rows: 24,
    unread: 0,
  });
  desk = new DialogDesk({
    engine: house.engine,
    terminals: {
      screen: async () => screen(),
      press: async (pane, keys) => {
        pressed.push([pane, keys]);
        if (isListening) shown = ["thanks"];
      },
    },
    leases: new Leases(),
    clock: house.clock,
    driverOf: () => ({ read: () => ({ composer: null, isDialog: isOpen }) }),
    sha256: (text) => new Bun.CryptoHasher("sha256").update(text).digest("hex"),
  });
});
afterEach(() => house.end());

const press = (dialog: Pick<Dialog, "screen">, key: Dialog["choices"][number]["key"]) =>
  desk.press(ANN, dialog.screen, key, PERSON);

test("a dialog is shown with its last numbered list, the keys that steer, and until when it is taken", async () => {
  const dialog = await desk.look("0000");
  expect(dialog).toMatchObject({ agent: ANN, lines: QUESTION.filter(Boolean), until: house.clock.now() + 300_000 });
  expect(dialog.choices).toEqual([
    { key: "1", label: "Blue" },
    { key: "2", label: "Red" },
    { key: "up", label: "Up" },
    { key: "down", label: "Down" },
    { key: "enter", label: "Enter" },
    { key: "escape", label: "Escape" },
  ]);
});

test("of a long screen the last 24 rows that are not empty are shown", () => {
  const rows = Array.from({ length: 40 }, (_, n) => `row ${n}`).flatMap((row) => [row, " "]);
  expect(readDialog(rows).lines).toEqual(Array.from({ length: 24 }, (_, n) => `row ${n + 16}`));
});

test("a dialog begins below the line over its choices, whatever moves above it", () => {
  const dialog = [" Trust?", " ❯ No, exit", "   Yes", " Enter to confirm"];
  const rule = "─".repeat(40);
  expect(readDialog(["❯ 1. a draft", rule, " ✻ working", rule, ...dialog]).lines).toEqual(dialog);
  const asked = ["│ Go on?", "│ ❯ 1. Yes", rule, "│   2. No"];
  expect(readDialog(["● said", `╭${"─".repeat(30)}╮`, ...asked]).lines).toEqual(asked);
  expect(readDialog(["● said", rule, "nothing to choose"]).lines).toEqual(["● said", rule, "nothing to choose"]);
});

test("numbers that do not count on from one are no choices", () => {
  expect(readDialog(["3. three", "1. one", "3. again", "2. two", "10. ten"]).choices.map(({ key }) => key)).toEqual([
    ...["1", "2"],
    ...["up", "down", "enter", "escape"],
  ] as (typeof DIALOG_KEYS)[number][]);
});

test("a choice is one key, and what it was is written down as the person's", async () => {
  expect(await press(await desk.look(ANN), "2")).toEqual({ agent: ANN, label: "Red", isTaken: true });
  expect(pressed).toEqual([["%1", [{ text: "2" }]]]);
  expect(house.facts("dialog.pressed")).toMatchObject([{ agent: ANN, pressed: "2", label: "Red", by: "user" }]);
});

test("keys that steer are pressed as themselves", async () => {
  for (const key of ["up", "down", "enter", "escape"] as const) {
    shown = QUESTION;
    await press(await desk.look(ANN), key);
  }
  const names = ["Up", "Down", "Enter", "Escape"] as const;
  expect(pressed).toEqual(names.map((key) => ["%1", [{ key }]]));
});

test("nothing is pressed into another screen, twice, for what nobody was shown, or after five minutes", async () => {
  const dialog = await desk.look(ANN);
  shown = ["Delete everything?", "❯ 1. Yes", "  2. No"];
  await expect(press(dialog, "1")).rejects.toThrow(`the dialog of ${ANN} is another one now`);
  await expect(press({ screen: "0123456789abcdef" }, "1")).rejects.toThrow("nobody was shown that screen");
  shown = QUESTION;
  await expect(press(dialog, "3")).rejects.toThrow(`the dialog of ${ANN} has no choice 3`);
  await press(dialog, "1");
  shown = QUESTION;
  await expect(press(dialog, "1")).rejects.toThrow("nobody was shown that screen");
  const late = await desk.look(ANN);
  await house.clock.pass(300_001);
  await expect(press(late, "1")).rejects.toThrow(`nobody was shown that screen of ${ANN} in the last five minutes`);
  expect(pressed).toHaveLength(1);
});

test("a key that the CLI took no notice of is told as such, and is not pressed again", async () => {
  isListening = false;
  const pressing = press(await desk.look(ANN), "1");
  let outcome: unknown;
  void pressing.then((found) => {
    outcome = found;
  });
  for (let n = 0; n < 30; n++) await house.clock.pass(50);
  expect(outcome).toEqual({ agent: ANN, label: "Blue", isTaken: false });
  expect(pressed).toHaveLength(1);
});

test("without an open dialog there is nothing to look at and nothing is pressed", async () => {
  const dialog = await desk.look(ANN);
  isOpen = false;
  await expect(desk.look(ANN)).rejects.toThrow(`agent ${ANN} shows no dialog`);
  await expect(press(dialog, "1")).rejects.toThrow(`agent ${ANN} shows no dialog`);
  isOpen = true;
  house.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  await expect(press(dialog, "1")).rejects.toThrow(`agent ${ANN} shows no dialog`);
  house.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  await expect(desk.look(ANN)).rejects.toThrow(`agent ${ANN} has no terminal`);
  expect(pressed).toEqual([]);
});
