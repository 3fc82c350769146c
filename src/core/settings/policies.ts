import { amount, choice, count, flag, patterns, seconds, texts, words } from "./tree.ts";

/** Words that make a letter one of weight. */
const WEIGHTY = ["CLAIM:", "COUNTER:", "EVIDENCE:", "TASK", "PATCH", "diff --git"];

/** `policies.yaml`: what is committed, what counts, what is held. */
export const POLICIES = {
  patch_queue: {
    mode: choice("optional", "required", "off"),
    max_diff_lines: count(150, 1),
    allowed_paths: texts(["src/**", "tests/**", "docs/**", "infra/**", "README.md", "AGENTS.md", "PROJECT.md"]),
    lint: words(""),
    test: words(""),
    /** The whole suite, which an exception by RFD must pass; empty = the same as `test`. */
    full_test: words(""),
    lint_timeout_s: seconds(300),
    test_timeout_s: seconds(300),
  },
  rfd: {
    gates: {
      protected_paths: texts([".muster/**", "src/api/public/**"]),
      large_diff_requires_rfd: flag(true),
    },
    user_approval: flag(true),
    trigger: { both_confidence_below: amount(0.6, { most: 1 }), max_dispute_rounds: count(2, 1) },
    ttl_hours: amount(24, { least: 0.01 }),
  },
  evidence: { rerun_allow: texts([]) },
  /** 0 = never held. */
  loop_damping: { max_handoffs_without_evidence: count(6) },
  autonomy_level: choice("L1", "L0", "L2", "L3"),
  context: { files_limit: count(120, 1), exclude: texts([".venv/**", "node_modules/**", "**/__pycache__/**"]) },
  blueprint: {
    enabled: flag(true),
    dir: words("docs/por"),
    max_steps: count(8, 2),
    require_scope: flag(false),
    auto_complete: flag(true),
    log_to_ledger: flag(true),
  },
  peerb_to_user: choice("hold", "forward"),
  handoff_filter: {
    enabled: flag(true),
    cooldown_seconds: amount(15),
    min_chars: count(40),
    min_words: count(6),
    redundant_window_seconds: amount(120),
    redundant_similarity_threshold: amount(0.9, { most: 1 }),
    dedup_max_keep: count(10),
    dedup_short_seconds: amount(30),
    require_keywords_any: texts(WEIGHTY),
    boost_keywords_any: texts(WEIGHTY),
    boost_regexes: patterns(["^\\s*(```|~~~)", "^(diff --git |--- |\\+\\+\\+ |@@ )"]),
    bypass_cooldown_when_high_signal: flag(true),
    drop_regexes: patterns(["^\\s*(ok|okay|ready|standby|waiting|idle)\\b"]),
  },
};
