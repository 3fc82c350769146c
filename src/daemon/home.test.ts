import { afterAll, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { homeAt } from "../client/home.ts";
import { prepareHome } from "./home.ts";

const root = mkdtempSync(join(tmpdir(), "muster-home-"));
const made: string[] = [root];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** A home whose sockets do not fit into it, and where they are. */
function longHome(name: string) {
  const home = homeAt(join(root, name.padEnd(120, "x")));
  const place = dirname(home.socket);
  made.push(place);
  expect(place.startsWith(home.folder)).toBe(false);
  return { home, place };
}

test("what is made of a home is private, its place for sockets too", () => {
  const { home, place } = longHome("private");
  prepareHome(home);
  for (const path of [home.folder, home.jobs, home.spool, place]) expect(statSync(path).mode & 0o777).toBe(0o700);
  prepareHome(home);
});

test("a home or a place for sockets that others may enter, or that is a link, is refused before anything is in it", () => {
  const open = longHome("open");
  mkdirSync(open.place, { recursive: true });
  chmodSync(open.place, 0o777);
  expect(() => prepareHome(open.home)).toThrow("is open to other users");
  const linked = longHome("linked");
  symlinkSync(root, linked.place);
  expect(() => prepareHome(linked.home)).toThrow("is not a folder of its own");
  const folder = join(root, "shared");
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  expect(() => prepareHome(homeAt(folder))).toThrow("is open to other users");
  expect(existsSync(join(folder, "jobs"))).toBe(false);
});
