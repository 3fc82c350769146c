import type { Command } from "../core/commands.ts";
import type { Principal } from "../core/ids.ts";
import { policyFrom } from "../core/patch-policy.ts";
import { DEFAULT_SETTINGS, type Settings } from "../core/settings/settings.ts";
import type { State } from "../core/state.ts";
import type { BoardOperations } from "../engine/boards/operations.ts";
import { PatchReactor } from "../engine/evidence/patches.ts";
import { EvidenceReactor } from "../engine/evidence/references.ts";
import { LetterReactor } from "../engine/letters/reactor.ts";
import type { Reactor } from "../engine/reactor.ts";
import { readForeign } from "../files/safe-read.ts";
import { Git } from "../git/git.ts";
import { GitPatchLine } from "../git/patch-line.ts";
import { Mailboxes } from "../mailbox/mailboxes.ts";
import { openBoardWork } from "./boards.ts";
import { type ErrandWork, openErrandWork } from "./errands.ts";
import type { Parts } from "./parts.ts";
import { rhythmReactors } from "./rhythm.ts";
import { sha256 } from "./system.ts";

/** What works for teams: letters, patches, references. `stop` ends the watching of mailboxes. */
export interface TeamWork {
  reactors: Reactor<unknown>[];
  boards: BoardOperations;
  errands: ErrandWork;
  stop(): void;
}

/** By what a repository's patches are judged: its newest team's settings. */
function policiesOf({ teams }: State, repo: string): Settings["policies"] {
  const own = Object.values(teams).filter((team) => team.repo === repo);
  const newest = own.toSorted((left, right) => right.formedAt - left.formedAt)[0];
  return (newest?.settings ?? DEFAULT_SETTINGS).policies;
}

/** `wake`: something changed in the files of a team that this reactor looks at. */
export function openTeamWork(parts: Parts, wake: (reactor: string, team: string) => void): TeamWork {
  const { clock, random, engine, log, env, environments, terminals, faultPoint } = parts;
  const mailboxes = new Mailboxes({
    clock,
    random,
    read: readForeign,
    wake: (team) => wake("letters", team),
    faultPoint,
  });
  const line = new GitPatchLine({
    git: new Git(env),
    env: (repo) => environments.ofRepository(engine.state, repo),
    policy: async (repo) => policyFrom(policiesOf(engine.state, repo), environments.ofRepository(engine.state, repo)),
    read: readForeign,
    faultPoint,
  });
  const boards = openBoardWork(parts, line, (team) => wake("boards", team));
  const errands = openErrandWork(parts);
  const state = () => engine.state;
  const dispatch = (command: Command, by: Principal) => void engine.dispatch(command, by);
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
    boards.reactor,
    ...errands.reactors,
    ...rhythmReactors(parts),
  ] as Reactor<unknown>[];
  engine.subscribe((events) => {
    for (const event of events) {
      if (event.type !== "team.stopped") continue;
      mailboxes.close(event.team);
      boards.close(event.team);
      errands.close(event.team);
      void terminals.closeLayout(event.team);
    }
  });
  const stop = () => {
    mailboxes.stop();
    boards.stop();
  };
  return { reactors, boards: boards.operations, errands, stop };
}
