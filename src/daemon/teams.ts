import type { Command } from "../core/commands.ts";
import type { Principal } from "../core/ids.ts";
import { CadenceReactor } from "../engine/cadence/reactor.ts";
import { PatchReactor } from "../engine/evidence/patches.ts";
import { EvidenceReactor } from "../engine/evidence/references.ts";
import { LetterReactor } from "../engine/letters/reactor.ts";
import type { Reactor } from "../engine/reactor.ts";
import { SettingsReactor } from "../engine/settings.ts";
import { readForeign } from "../files/safe-read.ts";
import { readSettingsOf } from "../files/settings.ts";
import { Git } from "../git/git.ts";
import { GitPatchLine } from "../git/patch-line.ts";
import { Mailboxes } from "../mailbox/mailboxes.ts";
import type { Parts } from "./parts.ts";
import { policyOf } from "./settings.ts";

/** What works for teams: letters, patches, references. `stop` ends the watching of mailboxes. */
export interface TeamWork {
  reactors: Reactor<unknown>[];
  stop(): void;
}

export function openTeamWork(parts: Parts, wake: (team: string) => void): TeamWork {
  const { clock, random, engine, log, env, environments, terminals, faultPoint } = parts;
  const mailboxes = new Mailboxes({ clock, random, read: readForeign, wake, faultPoint });
  const line = new GitPatchLine({
    git: new Git(env),
    env: (repo) => environments.ofRepository(engine.state, repo),
    policy: (repo) => policyOf(repo, environments.ofRepository(engine.state, repo)),
    read: readForeign,
    faultPoint,
  });
  const state = () => engine.state;
  const dispatch = (command: Command, by: Principal) => void engine.dispatch(command, by);
  const sha256 = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const reactors = [
    new LetterReactor({ clock, state, dispatch, mailbox: (team) => mailboxes.of(team), sha256, faultPoint }),
    new PatchReactor({
      clock,
      line,
      state,
      dispatch,
      body: (patch) => log.body(patch.seq) ?? "",
      mailbox: (team) => mailboxes.of(team),
    }),
    new EvidenceReactor({ line, state }),
    new CadenceReactor({ clock, state, driverOf: parts.driverOf }),
    new SettingsReactor({ state, settings: readSettingsOf }),
  ] as Reactor<unknown>[];
  engine.subscribe((events) => {
    for (const event of events) {
      if (event.type !== "team.stopped") continue;
      mailboxes.close(event.team);
      void terminals.closeLayout(event.team);
    }
  });
  return { reactors, stop: () => mailboxes.stop() };
}
