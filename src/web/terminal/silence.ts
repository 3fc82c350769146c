import type { IFunctionIdentifier, Terminal } from "@xterm/xterm";

/**
 * Questions that xterm.js 6.0.0 would answer by typing: device attributes, status reports, modes, settings, version,
 * keyboard state, window reports. tmux has answered them already; a browser would answer per viewer and on every replay
 * (security S30).
 */
const CSI: IFunctionIdentifier[] = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
  { prefix: ">", final: "q" },
  { prefix: "?", final: "u" },
  { final: "t" },
];
const DCS: IFunctionIdentifier[] = [
  { intermediates: "$", final: "q" },
  { intermediates: "+", final: "q" },
];
/** Colours asked or set, and the clipboard (S29): both stay the browser's own. */
const OSC = [4, 10, 11, 12, 52, 104, 110, 111, 112];

/** Reports of focus, which programs can ask for and nobody typed. */
const FOCUS = /\x1b\[[IO]/g;

/** Swallows every question, so that what comes out of `onData` was typed by a person. */
export function silence(terminal: Terminal): void {
  for (const id of CSI) terminal.parser.registerCsiHandler(id, () => true);
  for (const id of DCS) terminal.parser.registerDcsHandler(id, () => true);
  for (const id of OSC) terminal.parser.registerOscHandler(id, () => true);
}

export const typed = (keys: string): string => keys.replace(FOCUS, "");
