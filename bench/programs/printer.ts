import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { instant } from "./clock.ts";

/**
 * Prints on many terminals at once: four lines of 256 bytes a second each, every line with the moment of its writing. Bytes
 * that come in by the terminal's device are to tmux what the pane's own program prints; one process for 200 panes leaves
 * the cores to what is measured.
 */
const [file = "", seconds = "5"] = process.argv.slice(2);
const terminals = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((path) => openSync(path, constants.O_WRONLY | constants.O_NOCTTY));

const GAP_MS = 250 / terminals.length;
const began = performance.now();
const end = began + Number(seconds) * 1000;
for (let n = 0; ; n++) {
  const due = began + n * GAP_MS;
  if (due > end) break;
  while (performance.now() < due) await new Promise((done) => setTimeout(done, 1));
  const fd = terminals[n % terminals.length] as number;
  writeSync(fd, `@${instant().toFixed(3)}@`.padEnd(255, ".").concat("\n"));
}
for (const fd of terminals) closeSync(fd);
