import { expect, test } from "bun:test";
import { join } from "node:path";
import { KeyReader, typedAhead } from "./keys.ts";

const PROGRAM = `import { OwnTerminal } from "${join(import.meta.dir, "terminal.ts")}";
const terminal = new OwnTerminal();
terminal.open({
  bytes: (bytes) => {
    terminal.close();
    console.log("got " + JSON.stringify(Buffer.from(bytes).toString()));
    process.exit(0);
  },
  resized() {},
  gone() {},
});`;

test("P84 an Enter that was typed before the console is up is an Enter, as the terminal's own line feed for it", async () => {
  const bytes = new TextEncoder().encode("/status\n");
  expect(new KeyReader().read(typedAhead(bytes))).toEqual([{ text: "/status" }, { key: "enter" }]);
  const shown: string[] = [];
  const child = Bun.spawn([process.execPath, "--no-install", "-e", PROGRAM], {
    terminal: { data: (_, data) => void shown.push(Buffer.from(data).toString()) },
  });
  // At once: Bun has not begun, and the terminal makes lines of what is typed.
  child.terminal?.write("/status\r");
  expect(await child.exited).toBe(0);
  expect(shown.join("")).toContain(`got ${JSON.stringify("/status\r")}`);
});
