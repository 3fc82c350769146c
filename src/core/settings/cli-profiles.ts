import { amount, choice, count, flag, named, seconds, words } from "./tree.ts";

const suffixes = { from_user: words(""), from_peer: words(""), from_system: words("") };

const role = (actor: string) => ({
  actor: words(actor),
  cwd: words("."),
  permissions: choice("workspace-write", "read-only", "danger-full-access"),
  inbound_suffix: suffixes,
  nudge_suffix: words(""),
});

export const SELF_CHECK_TEXT = `Self-check, at most one line each:
1. Drift from POR? The smallest proof.
2. Blocked or going round in circles? One action that unblocks.
3. The least worthwhile task, or a board that is out of date?
4. With one day left: what to drop, what to keep, what to do first?`;

/** `cli_profiles.yaml`: rhythm, mailboxes, who sits where. Times in seconds. */
export const CLI_PROFILES = {
  delivery: {
    ack_mode: choice("file_move", "ack_text"),
    require_ack: flag(false),
    ack_require_mid: flag(false),
    ack_timeout_seconds: seconds(40),
    resend_attempts: count(2),
    duplicate_window_seconds: amount(90),
    main_loop_tick_seconds: seconds(2),
    read_timeout_seconds: seconds(8),
    paste_max_wait_seconds: seconds(6),
    recheck_interval_seconds: seconds(0.6),
    max_flush_batch: count(3, 1),
    mailbox_pull_enabled: flag(true),
    inbox_dirname: words("inbox"),
    processed_retention: count(200, 1),
    nudge_resend_seconds: seconds(300),
    nudge_progress_timeout_s: seconds(300),
    nudge_jitter_pct: amount(0.05, { most: 1 }),
    soft_ack_on_mailbox_activity: flag(false),
    keepalive_enabled: flag(true),
    keepalive_delay_seconds: seconds(60, 5),
    single_peer: { keepalive_delay_seconds: seconds(240, 5), keepalive_max_nudges: count(3, 1) },
    self_check_every_handoffs: count(6, 1),
    self_check_text: words(SELF_CHECK_TEXT),
    system_refresh_every_self_checks: count(2, 1),
    inbox_startup_policy: choice("resume", "archive", "discard"),
    inbox_startup_prompt: flag(true),
    inbox_startup_prompt_timeout_seconds: amount(30),
    inbox_startup_prompt_noninteractive_timeout_seconds: amount(0),
    lazy_preamble: { enabled: flag(true) },
    conversation_reset: { policy: choice("compact", "clear"), interval_handoffs: count(0) },
    auto_compact: {
      enabled: flag(true),
      min_interval_seconds: seconds(900),
      min_messages_since_last: count(6, 1),
      idle_threshold_seconds: seconds(120),
      check_interval_seconds: seconds(120),
    },
  },
  startup_wait_seconds: seconds(10),
  startup_nudge_seconds: seconds(10),
  console_echo: flag(true),
  tmux: { layout: choice("standard", "solo", "quad"), alternate_screen_off: flag(false) },
  roles: {
    peerA: role("claude"),
    peerB: role("codex"),
    aux: { ...role("none"), rate_limit_per_minute: count(2, 1) },
  },
  commands: { peerA: words(""), peerB: words("") },
  roles_wizard: { enabled: flag(true), timeout_seconds: seconds(10) },
  /** Read and passed over, with a warning. */
  delivery_mode: words(""),
  env: named(),
};
