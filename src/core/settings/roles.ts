import { choice, count, flag, named, seconds, texts, words } from "./tree.ts";

/** `roles.yaml`: shown, never enforced. */
export const ROLES = {
  leader: choice("peerA", "peerB"),
  specialties: { peerA: texts([]), peerB: texts([]) },
  rotation: { mode: choice("manual"), allowed_at: texts(["phase-change", "stalemate"]) },
};

/** `foreman.yaml`: the user's proxy on a timer. */
export const FOREMAN = {
  enabled: flag(false),
  /** `none`, `reuse_aux` or a driver. */
  agent: words("none"),
  interval_seconds: seconds(900, 10),
  max_run_seconds: seconds(900, 1),
  prompt_path: words("./FOREMAN_TASK.md"),
  cc_user: flag(true),
};

const actor = {
  peer: {
    command: words(""),
    resume_args: words(""),
    newline_key: words(""),
    ready: words(""),
    busy: words(""),
    env: named(),
  },
  aux: { invoke_command: words(""), timeout_s: seconds(600, 1), rate_limit_per_minute: count(2, 1) },
  foreman: { invoke_command: words("") },
  compact: { enabled: flag(true), command: words("") },
  capabilities: texts([]),
  env_require: texts([]),
};

/** `agents.yaml`: what a person changes of each driver. */
export const AGENTS = {
  actors: {
    ...{ claude: actor, codex: actor, opencode: actor, gemini: actor, droid: actor, aider: actor, standin: actor },
  },
};
