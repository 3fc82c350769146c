import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateFolder, socketPath } from "./private-files.ts";

test("a socket stays in its home unless the path is too long for the kernel", () => {
  expect(socketPath("/home/x/.muster")).toBe("/home/x/.muster/tmux.sock");
  const long = `/home/${"x".repeat(120)}`;
  expect(Buffer.byteLength(socketPath(long))).toBeLessThanOrEqual(100);
  expect(socketPath(long)).not.toBe(socketPath(`${long}y`));
  expect(socketPath(long, "daemon.sock")).toEndWith("/daemon.sock");
});

test("a folder becomes private, and a link in its place is refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "muster-private-"));
  chmodSync(folder, 0o755);
  expect(statSync(privateFolder(folder)).mode & 0o777).toBe(0o700);
  symlinkSync("/etc", join(folder, "link"));
  expect(() => privateFolder(join(folder, "link"))).toThrow("not your own folder");
  rmSync(folder, { recursive: true });
});
