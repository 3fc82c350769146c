import { clusters } from "./cells.ts";
import { Editor } from "./editor.ts";
import type { Press } from "./keys.ts";
import type { Mode, View } from "./view.ts";

/** What keys can make the console do besides changing its view. */
export interface Acts {
  submit(line: string): void;
  complete(by: 1 | -1): void;
  pasteImage(): void;
  paste(text: string): void;
  help(): void;
  /** Opens the page of what is chosen in the timeline. */
  open(): void;
  /** Opens the page of a task. */
  openTask(at: number): void;
  /** Brings older entries; then, whether there were some. */
  older(): Promise<boolean>;
  /** The newest entries, when some were left out. */
  newest(): void;
  /** Empties the timeline's view. */
  clear(): void;
  redraw(): void;
  leave(): void;
}

type Act = () => void;

const INPUT: Mode = { kind: "input" };

const half = (rows: number): number => Math.max(1, Math.floor(rows / 2));

function scroll(view: View, acts: Acts, rows: number): void {
  if (!view.timeline.scroll(rows)) void acts.older();
  if (view.timeline.isAtEnd) acts.newest();
}

function toEnd(view: View, acts: Acts): void {
  view.timeline.toEnd();
  acts.newest();
}

/** Ctrl-C takes the line back; leaving is said in words. */
function interrupt(view: View): void {
  if (view.editor.isEmpty) view.hint = { text: "/quit or Ctrl-D leaves; the team works on", style: "plain" };
  view.editor.set("");
}

function walk(view: View, by: 1 | -1): void {
  const { editor, history } = view;
  if (editor.moveLine(by)) return;
  const line = history.step(by, editor.text);
  if (line !== undefined) editor.set(line);
}

function inputKeys(view: View, acts: Acts, rows: number): Record<string, Act> {
  const { editor, timeline } = view;
  return {
    enter: () => editor.text.trim() !== "" && acts.submit(editor.text),
    tab: () => acts.complete(1),
    "shift-tab": () => acts.complete(-1),
    up: () => walk(view, -1),
    down: () => walk(view, 1),
    "ctrl-p": () => walk(view, -1),
    "ctrl-n": () => walk(view, 1),
    "ctrl-r": () => {
      view.mode = { kind: "recall", words: new Editor(), line: "" };
    },
    "ctrl-l": () => acts.clear(),
    "ctrl-t": () => {
      timeline.choose(true);
      view.mode = { kind: "timeline", isJumping: false };
    },
    "ctrl-c": () => interrupt(view),
    "ctrl-d": () => (editor.isEmpty ? acts.leave() : editor.press("ctrl-d")),
    "ctrl-v": () => acts.pasteImage(),
    "page-up": () => scroll(view, acts, half(rows)),
    "page-down": () => scroll(view, acts, -half(rows)),
    escape: () => toEnd(view, acts),
    f1: () => acts.help(),
  };
}

function inputPress(view: View, press: Press, acts: Acts, rows: number): void {
  const { editor } = view;
  if ("paste" in press) acts.paste(press.paste);
  else if ("key" in press) {
    const act = inputKeys(view, acts, rows)[press.key];
    if (act) act();
    else editor.press(press.key);
  } else if (press.text === "T" && editor.isEmpty) view.mode = { kind: "plan", at: 0, isFresh: true };
  else editor.insert(press.text);
}

const nameOf = (press: Press): string => ("key" in press ? press.key : "text" in press ? press.text : "");

async function find(view: View, acts: Acts, by: 1 | -1): Promise<void> {
  const { timeline, found } = view;
  if (found === "") return;
  while (!timeline.find(found, by)) {
    if (by === -1 || !(await acts.older())) {
      view.hint = { text: `nothing ${by === 1 ? "older" : "newer"} says ${found}`, style: "warn" };
      break;
    }
  }
  acts.redraw();
}

function timelineKeys(view: View, acts: Acts, rows: number): Record<string, Act> {
  const { timeline } = view;
  const back = () => {
    timeline.choose(false);
    toEnd(view, acts);
    view.mode = INPUT;
  };
  const up = () => !timeline.step(1) && void acts.older();
  const down = () => void timeline.step(-1);
  return {
    j: down,
    down,
    k: up,
    up,
    "page-up": () => scroll(view, acts, half(rows)),
    "page-down": () => scroll(view, acts, -half(rows)),
    G: () => toEnd(view, acts),
    enter: () => acts.open(),
    n: () => void find(view, acts, 1),
    N: () => void find(view, acts, -1),
    "/": () => {
      view.mode = { kind: "find", words: new Editor() };
    },
    escape: back,
    "ctrl-t": back,
    "ctrl-c": back,
    q: back,
    f1: () => acts.help(),
  };
}

function timelinePress(view: View, mode: Mode & { kind: "timeline" }, press: Press, acts: Acts, rows: number): void {
  const name = nameOf(press);
  if (name === "g" && mode.isJumping) view.timeline.toTop();
  mode.isJumping = name === "g" && !mode.isJumping;
  timelineKeys(view, acts, rows)[name]?.();
}

/** Typing into a search; true = it was typed. */
function typed(words: Editor, press: Press): boolean {
  if ("key" in press) return press.key !== "ctrl-j" && words.press(press.key);
  words.insert(("text" in press ? press.text : press.paste).replaceAll("\n", " "));
  return true;
}

function findPress(view: View, { words }: Mode & { kind: "find" }, press: Press, acts: Acts): void {
  const name = nameOf(press);
  if (!("key" in press) || typed(words, press)) {
    if (!("key" in press)) typed(words, press);
    return;
  }
  if (name !== "enter" && name !== "escape" && name !== "ctrl-c") return;
  view.mode = { kind: "timeline", isJumping: false };
  if (name !== "enter") return;
  view.found = words.text;
  void find(view, acts, 1);
}

function recallPress(view: View, mode: Mode & { kind: "recall" }, press: Press): void {
  const name = nameOf(press);
  const isKey = "key" in press;
  if (isKey && name === "enter") view.editor.set(mode.line || mode.words.text);
  if (isKey && ["enter", "escape", "ctrl-c"].includes(name)) {
    view.mode = INPUT;
    return;
  }
  if (name === "ctrl-r" || typed(mode.words, press)) {
    const found = view.history.find(mode.words.text, name === "ctrl-r" ? mode.at : undefined);
    if (found) Object.assign(mode, found);
    const said = found ? found.line : "no such line";
    view.hint = { text: said.replaceAll("\n", " "), style: found ? "plain" : "warn" };
  }
}

function pagePress(view: View, { page, back }: Mode & { kind: "page" }, press: Press): void {
  const close = () => {
    view.mode = back;
  };
  const keys: Record<string, Act> = {
    j: () => page.scroll(1),
    down: () => page.scroll(1),
    k: () => page.scroll(-1),
    up: () => page.scroll(-1),
    "page-down": () => page.scroll(page.step),
    " ": () => page.scroll(page.step),
    "page-up": () => page.scroll(-page.step),
    g: () => page.scroll(Number.MIN_SAFE_INTEGER),
    G: () => page.scroll(Number.MAX_SAFE_INTEGER),
    escape: close,
    enter: close,
    q: close,
    f1: close,
    "ctrl-c": close,
  };
  keys[nameOf(press)]?.();
}

function planPress(view: View, mode: Mode & { kind: "plan" }, press: Press, acts: Acts, rows: number): void {
  const close = () => {
    view.mode = INPUT;
  };
  const keys: Record<string, Act> = {
    j: () => {
      mode.at += 1;
    },
    k: () => {
      mode.at = Math.max(0, mode.at - 1);
    },
    enter: () => acts.openTask(mode.at),
    T: close,
    escape: close,
    "ctrl-c": close,
  };
  const name = { down: "j", up: "k" }[nameOf(press)] ?? nameOf(press);
  const act = keys[name];
  const { isFresh } = mode;
  mode.isFresh = false;
  if (act) {
    act();
    return;
  }
  close();
  // It was the first letter of a text.
  if (isFresh && "text" in press) view.editor.insert("T");
  inputPress(view, press, acts, rows);
}

/** Does what a press means where the keys go now. */
export function pressIn(view: View, press: Press, acts: Acts, rows: number): void {
  const { mode } = view;
  const isWriting = mode.kind === "input" || mode.kind === "find" || mode.kind === "recall";
  if (!isWriting && "text" in press && press.text.length > 1) {
    for (const text of clusters(press.text)) pressIn(view, { text }, acts, rows);
    return;
  }
  view.hint = null;
  if (mode.kind === "input") inputPress(view, press, acts, rows);
  else if (mode.kind === "timeline") timelinePress(view, mode, press, acts, rows);
  else if (mode.kind === "find") findPress(view, mode, press, acts);
  else if (mode.kind === "recall") recallPress(view, mode, press);
  else if (mode.kind === "page") pagePress(view, mode, press);
  else planPress(view, mode, press, acts, rows);
}
