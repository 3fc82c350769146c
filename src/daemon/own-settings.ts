import { join } from "node:path";
import type { SettingsRead, SettingsWarning } from "../core/settings/settings.ts";
import { readSettingsOf } from "../files/settings.ts";
import type { Git } from "../git/git.ts";

/** Settings that git knows came with the repository: they could name programs that its author chose (security S44). */
async function trackedProblem(git: Git, repo: string): Promise<SettingsWarning[]> {
  const ran = await git.run(repo, ["ls-files", "-z", "--", ".muster/settings"]);
  const [first] = new TextDecoder().decode(ran.stdout).split("\0");
  if (ran.code !== 0 || !first) return [];
  const text = `${join(repo, first)}:1:1 : git tracks it, so it is somebody else's; git rm -r --cached .muster/ takes it out`;
  return [{ level: "error", text }];
}

/** The settings of a repository, for whoever starts something by them. */
export async function ownSettings(git: Git, repo: string): Promise<SettingsRead> {
  const read = await readSettingsOf(repo);
  return { ...read, problems: [...(await trackedProblem(git, repo)), ...read.problems] };
}
