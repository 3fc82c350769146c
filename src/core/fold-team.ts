import { moved } from "./cadence/fold.ts";
import { rhythmOf } from "./cadence/state.ts";
import type { Event, FactType } from "./facts.ts";
import { accept } from "./fold-message.ts";
import { readWith } from "./notices.ts";
import { DEFAULT_SETTINGS, type Settings, settingsFrom } from "./settings/settings.ts";
import { EVIDENCE_KEPT, type Evidence, evidenceKey, NOTICES_KEPT, type Patch, type State, type Team } from "./state.ts";
import type { TrustedRepository } from "./trusted-repository.ts";

type Family = Extract<
  FactType,
  `${"daemon" | "team" | "settings" | "patch" | "evidence" | "repository" | "notice"}.${string}`
>;
type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

const onPatch =
  <T extends FactType>(change: (patch: Patch, event: Event<T> & { patch: string }) => void): Fold<T> =>
  (state, event) => {
    const known = event as Event<T> & { patch: string };
    const patch = state.patches[known.patch];
    if (patch) change(patch, known);
  };

function repositoryOf(state: State, repo: string): TrustedRepository {
  const known = state.repositories[repo] ?? {};
  state.repositories[repo] = known;
  return known;
}

/** Facts of older versions have no digests: then nobody knows what was agreed to, file by file. */
function agree(known: TrustedRepository): void {
  const { seen, trusted } = known;
  if (seen?.hash !== trusted || !seen?.digests) {
    delete known.agreed;
    return;
  }
  const { files, digests } = seen;
  known.agreed = Object.fromEntries(files.map((file, index) => [file, digests[index] ?? ""]));
}

/** A switch that a person turned wins over the files, until the team ends. */
function tuned(settings: Settings, { filter, echo }: Team["switches"]): Settings {
  const { policies, cli_profiles } = settings;
  const { handoff_filter } = policies;
  return {
    ...settings,
    policies: { ...policies, handoff_filter: { ...handoff_filter, enabled: filter ?? handoff_filter.enabled } },
    cli_profiles: { ...cli_profiles, console_echo: echo ?? cli_profiles.console_echo },
  };
}

/** Citing the same commit again and again moves nothing. */
const isNew = (state: State, { mid, team, ref }: Evidence): boolean =>
  Object.values(state.evidence).every(
    (other) => other.mid === mid || other.team !== team || other.ref !== ref || other.verdict !== "verified",
  );

const FOLDS: { [T in Family]: Fold<T> } = {
  "daemon.started": (state, event) => {
    state.version = event.version;
  },
  "team.formed": (state, event) => {
    state.teams[event.team] = {
      name: event.team,
      topology: event.topology,
      repo: event.repo,
      seats: event.seats,
      formedAt: event.at,
      settings: DEFAULT_SETTINGS,
      problems: [],
      quiet: 0,
      counters: [],
      confidence: {},
      switches: {},
      recent: [],
      locks: [],
    };
    for (const { agent } of event.seats) rhythmOf(state, agent);
  },
  "team.paused": (state, { team: name, at, by }) => {
    const team = state.teams[name];
    if (team) team.paused = { at, by };
  },
  "team.resumed": (state, event) => {
    const team = state.teams[event.team];
    if (team) team.paused = undefined;
    moved(team);
  },
  "team.tuned": (state, event) => {
    const team = state.teams[event.team];
    if (!team) return;
    team.switches = { ...team.switches, [event.switch]: event.isOn };
    team.settings = tuned(team.settings, team.switches);
  },
  "team.focused": () => {},
  "settings.loaded": (state, { team: name, hash, changes, warnings }) => {
    const team = state.teams[name];
    if (!team) return;
    const settings = tuned(settingsFrom(changes), team.switches);
    Object.assign(team, { settings, settingsHash: hash, problems: warnings });
  },
  "settings.refused": (state, { team: name, hash, errors }) => {
    const team = state.teams[name];
    if (team) Object.assign(team, { settingsHash: hash, problems: errors });
  },
  "team.stopped": (state, event) => {
    const team = state.teams[event.team];
    if (team) team.stopped = event.reason;
  },
  "patch.received": (state, event) => {
    if (event.origin) accept(state, event.origin);
    const { patch, team, author, title, sha, lines, paths, mid, seq, at } = event;
    state.patches[patch] = {
      id: patch,
      team,
      author,
      title,
      sha,
      lines,
      paths,
      mid,
      seq,
      at,
      state: "queued",
      steps: [],
    };
    moved(state.teams[team]);
  },
  "patch.waiting": onPatch((patch, event) => {
    patch.reason = event.reason;
  }),
  "patch.reopened": onPatch((patch, event) => {
    Object.assign(patch, { state: "queued", steps: [], kind: undefined, reason: undefined, rfd: event.rfd });
  }),
  "patch.stepped": onPatch((patch, event) => {
    patch.reason = undefined;
    patch.steps = [...patch.steps, event.step];
  }),
  "patch.refused": onPatch((patch, event) => {
    patch.state = "refused";
    patch.kind = event.kind;
    patch.reason = event.reason;
  }),
  "patch.committed": onPatch((patch, event) => {
    patch.state = "committed";
    patch.commit = event.commit;
    patch.steps = event.steps;
  }),
  "evidence.cited": (state, event) => {
    const { mid, team, author, ref, at } = event;
    state.evidence[evidenceKey(event)] = { mid, team, author, ref, at };
    const [oldest] = Object.keys(state.evidence).length > EVIDENCE_KEPT ? Object.keys(state.evidence) : [];
    if (oldest !== undefined) delete state.evidence[oldest];
  },
  "evidence.judged": (state, event) => {
    const evidence = state.evidence[evidenceKey(event)];
    if (!evidence) return;
    Object.assign(evidence, { verdict: event.verdict, detail: event.detail });
    if (event.verdict === "verified" && isNew(state, evidence)) moved(state.teams[evidence.team]);
  },
  "evidence.validated": () => {},
  "repository.reviewed": (state, { repo, hash, files, digests }) => {
    const known = repositoryOf(state, repo);
    known.seen = { hash, files, digests };
    if (known.trusted === hash) agree(known);
  },
  "repository.trusted": (state, event) => {
    const known = repositoryOf(state, event.repo);
    known.trusted = event.hash;
    agree(known);
  },
  "repository.permitted": (state, event) => {
    repositoryOf(state, event.repo).isPermitted = true;
  },
  "notice.raised": (state, event) => {
    const { seq, at, level, text, about } = event;
    state.notices.push({ seq, at, level, text, about });
    if (state.notices.length > NOTICES_KEPT) state.notices.shift();
  },
  "notice.read": (state, event) => {
    state.noticesRead = readWith(state.noticesRead, event);
  },
};

/** Facts about the daemon, teams, patches, repositories and what a person is told. */
export function foldTeam(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
