import { Terminal } from "@xterm/xterm";
import { FONT, LINE } from "./fitting.ts";

/** Programs are drawn for dark terminals; this one stays dark in both themes. */
const COLOURS = {
  background: "#0b0d11",
  foreground: "#d9dee5",
  cursor: "#5aa9ff",
  cursorAccent: "#0b0d11",
  selectionBackground: "#2b4a6f",
  black: "#1b2028",
  red: "#ef6b6b",
  green: "#5fc088",
  yellow: "#e5b454",
  blue: "#5aa9ff",
  magenta: "#b790f0",
  cyan: "#56c2cf",
  white: "#d9dee5",
  brightBlack: "#6f7a89",
  brightRed: "#ff8a8a",
  brightGreen: "#7ddba4",
  brightYellow: "#f5cb76",
  brightBlue: "#85c1ff",
  brightMagenta: "#cdb0fa",
  brightCyan: "#7fdbe6",
  brightWhite: "#ffffff",
};
/** Only http(s), after a person saw where it leads (security S31). */
const links = {
  activate: (_: MouseEvent, address: string) => {
    if (!/^https?:\/\//i.test(address)) return;
    if (confirm(`Open this address?\n\n${address}`)) window.open(address, "_blank", "noopener,noreferrer");
  },
};

/** An empty terminal. Its program is most of the page: it is loaded only where one is shown. */
export const createScreen = (): Terminal =>
  new Terminal({
    fontFamily: FONT,
    fontSize: 12,
    lineHeight: LINE,
    theme: COLOURS,
    scrollback: 5000,
    cursorBlink: false,
    linkHandler: links,
    // The page's own keys are none; everything typed here goes to the program.
    macOptionIsMeta: true,
  });
