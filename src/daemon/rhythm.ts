import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Team } from "../core/state.ts";
import { teamOf } from "../core/subject.ts";
import { CadenceReactor } from "../engine/cadence/reactor.ts";
import { RefreshReactor } from "../engine/cadence/refresh.ts";
import { CopyReactor, copyKey } from "../engine/copies.ts";
import { TreeReactor } from "../engine/evidence/tree.ts";
import { RestoreReactor } from "../engine/letters/acks.ts";
import type { Reactor } from "../engine/reactor.ts";
import { SettingsReactor } from "../engine/settings.ts";
import { orderOf, RulebookReactor } from "../engine/system/reactor.ts";
import { refreshText } from "../engine/system/texts.ts";
import { LedgerCopy, writeCopy } from "../files/ledger-copy.ts";
import { readLocalRules, writeRulebook } from "../files/rulebook.ts";
import { readSettingsOf } from "../files/settings.ts";
import { Git } from "../git/git.ts";
import { lookAtTree } from "../git/look.ts";
import { restoreLetter } from "../mailbox/inbox.ts";
import { briefOf } from "./operations.ts";
import type { Parts } from "./parts.ts";

/** The files in a team's repository that tell of it. */
function copies({ clock, log, engine }: Parts): CopyReactor {
  const ledgers = new Map<string, LedgerCopy>();
  const at = (repo: string, name: string): string => join(repo, ".muster", "state", name);
  const ledgerOf = ({ repo }: Team): LedgerCopy => {
    const known = ledgers.get(repo) ?? new LedgerCopy(at(repo, "ledger.jsonl"));
    ledgers.set(repo, known);
    return known;
  };
  return new CopyReactor({
    clock,
    log,
    state: () => engine.state,
    lastCopied: (team, torn) => ledgerOf(team).lastId(torn),
    // A repository that is gone, or that was reset, gets no folders from us: its copies are written when they are there again.
    append: async (team, lines, upTo) => {
      if (existsSync(at(team.repo, ""))) await ledgerOf(team).append(lines, upTo);
    },
    write: async ({ repo }, name, value) => {
      if (existsSync(at(repo, ""))) await writeCopy(at(repo, `${name}.json`), value);
    },
  });
}

/** A team's copies follow each fact about it, and nothing else of the team is woken for that. */
export function wakeCopies({ engine }: Parts, wake: (key: string) => void): void {
  engine.subscribe((events) => {
    const teams = new Set(events.map((event) => teamOf(event, engine.state)));
    for (const team of teams) if (team !== undefined) wake(copyKey(team));
  });
}

/** What time, settings and the repository's files bring to the members of a team. */
export function rhythmReactors(parts: Parts): Reactor<unknown>[] {
  const { clock, engine, driverOf, env } = parts;
  const state = () => engine.state;
  const git = new Git(env);
  return [
    new CadenceReactor({ clock, state, driverOf }),
    new SettingsReactor({ state, settings: readSettingsOf }),
    new RulebookReactor({ state, writeRules: writeRulebook }),
    new TreeReactor({ state, look: (repo, since) => lookAtTree(git, repo, since) }),
    copies(parts),
    new RestoreReactor({
      state,
      restore: async ({ path }) => {
        if (path !== undefined) await restoreLetter(path);
      },
    }),
    new RefreshReactor({
      state,
      refreshText: async (team, seat) => {
        const [brief, local] = await Promise.all([briefOf(team.repo), readLocalRules(team.repo)]);
        return refreshText(orderOf(state(), team), seat, brief, local);
      },
    }),
  ] as Reactor<unknown>[];
}
