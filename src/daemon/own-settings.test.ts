import { expect, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../test/fakes/git-lab.ts";
import { House } from "../../test/fakes/house.ts";
import { DAEMON } from "../core/ids.ts";
import { SettingsReactor } from "../engine/settings.ts";
import { ownSettings } from "./own-settings.ts";

test("F28 settings that break while a team runs: the good ones stay, what is wrong is said with its place, and no new team starts by it", async () => {
  const it = new House();
  const lab = new Lab();
  try {
    const file = ".muster/settings/policies.yaml";
    const path = join(lab.repo, file);
    const settings = (repo: string) => ownSettings(lab.wrapper, repo);
    lab.write(file, "patch_queue:\n  max_diff_lines: 20\n");
    it.dispatch({ do: "form", team: "t", topology: "solo", repo: lab.repo, seats: [], hires: [], letters: [] });
    const reactor = new SettingsReactor({ state: () => it.state, settings });
    const look = async () => {
      const [team] = reactor.pending(it.state).values();
      const { commands = [] } = team ? await reactor.perform(team) : {};
      for (const command of commands) it.dispatch(command, DAEMON);
    };
    await look();
    const good = it.facts("settings.loaded").at(-1)?.changes;
    expect(good).toEqual({ policies: { patch_queue: { max_diff_lines: 20 } } });
    const broken: [write: () => void, says: string][] = [
      [() => lab.write(file, "patch_queue:\n  max_diff_lines: [20\n"), `${path}:3:1: `],
      [
        () => lab.write(file, "patch_queue:\n  max_diff_lines: many\n"),
        `${path}:2:19 patch_queue.max_diff_lines: expected`,
      ],
      [() => mkdirSync(path), `${path}:1:1: `],
      [() => symlinkSync("/etc/passwd", path), `${path}:1:1: it is a symbolic link`],
    ];
    for (const [write, says] of broken) {
      rmSync(path, { recursive: true, force: true });
      write();
      await look();
      expect(it.facts("settings.refused").at(-1)?.errors.join("\n")).toContain(says);
      expect(it.facts("settings.loaded").at(-1)?.changes).toEqual(good ?? {});
      const asked = settings(lab.repo).then(
        ({ problems }) => problems.map(({ level, text }) => `${level} ${text}`).join("\n"),
        ({ message }) => `error ${message}`,
      );
      expect(await asked).toContain(`error ${says}`);
    }
    expect(it.facts("settings.refused")).toHaveLength(broken.length);
    rmSync(path);
    lab.write(file, "patch_queue:\n  max_diff_line: 30\n  max_diff_lines: 40\n");
    await look();
    expect(it.facts("settings.loaded").at(-1)).toMatchObject({
      changes: { policies: { patch_queue: { max_diff_lines: 40 } } },
      warnings: [`${path}:2:18 patch_queue.max_diff_line: unknown key; did you mean max_diff_lines?`],
    });
  } finally {
    lab.end();
    await it.end();
  }
});
