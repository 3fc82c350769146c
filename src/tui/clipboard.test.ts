import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clipboardImage, keepImage, pastedImage } from "./clipboard.ts";

const folder = mkdtempSync(join(tmpdir(), "muster-clipboard-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PNG = Buffer.from("\x89PNG\r\n", "latin1");

function program(name: string, bytes: Buffer): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "image"), bytes);
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\nexec cat '${join(folder, "image")}'\n`, { mode: 0o755 });
}

test("P83 the clipboard's image is asked of the program that can be asked here; anything but an image is none", async () => {
  const PATH = `${join(folder, "bin")}:/usr/bin:/bin`;
  expect(await clipboardImage({ PATH: "" })).toBeNull();
  program("wl-paste", PNG);
  expect(await clipboardImage({ PATH })).toBeNull();
  expect(await clipboardImage({ PATH, WAYLAND_DISPLAY: "w" })).toEqual(new Uint8Array(PNG));
  program("wl-paste", Buffer.from("text"));
  expect(await clipboardImage({ PATH, WAYLAND_DISPLAY: "w" })).toBeNull();
});

test("P83 an image is kept in the work folder of the repository, for its owner only", () => {
  const path = keepImage(folder, PNG, new Date("2026-01-02T03:04:05.678Z"));
  expect(path).toBe(".muster/work/pasted/20260102030405678.png");
  expect(readFileSync(join(folder, path))).toEqual(PNG);
  expect(statSync(join(folder, path)).mode & 0o777).toBe(0o600);
});

test("P83 a pasted path of an image file is one, however the terminal quotes it; every other text stays a text", () => {
  const path = join(folder, "my shot.png");
  writeFileSync(path, PNG);
  for (const text of [path, `'${path}'`, `"${path}" `, path.replace(" ", "\\ "), `file://${path}`])
    expect([text, pastedImage(text)]).toEqual([text, path]);
  for (const text of ["my shot.png", `${path}\nmore`, join(folder, "none.png"), join(folder, "image"), `see ${path}`])
    expect([text, pastedImage(text)]).toEqual([text, null]);
});
