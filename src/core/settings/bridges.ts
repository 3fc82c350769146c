import { amount, choice, count, flag, patterns, seconds, texts, words } from "./tree.ts";

/** What looks like a key, a secret or a password never leaves in a chat (P93). */
const HIDDEN = [
  "api[_-]?key\\s*[:=]\\s*\\S+",
  "(secret|token)\\s*[:=]\\s*\\S+",
  "(password|passwd|pwd)\\s*[:=]\\s*\\S+",
];

/** A chat's first message is the next one; or it gets the last ones first. */
const outbound = { cursor: { start_mode: choice("tail", "replay"), replay_last: count(0) } };
const routes = choice("both", "a", "b");

const files = {
  enabled: flag(true),
  max_mb: amount(16, { least: 0.001, most: 100 }),
  allowed_mime: texts(["text/*", "image/png", "image/jpeg", "application/pdf", "application/zip"]),
  inbound_dir: words(".muster/work/upload/inbound"),
  outbound_dir: words(".muster/work/upload/outbound"),
};

/** Keys that every chat has in which people write. */
const chat = {
  autostart: flag(false),
  /** Empty = any chat may try a pairing code. */
  allow_chats: texts([]),
  show_peer_messages: flag(true),
  default_route: routes,
  debounce_seconds: amount(30),
  to_user_min_interval_s: amount(5),
  max_msg_lines: count(32, 1),
  routing: { require_explicit: flag(true), allow_prefix: flag(true), require_mention: flag(false) },
  dm: { route_default: routes },
  hints: { cooldown_seconds: amount(300) },
  files,
  outbox_poll_seconds: seconds(2, 0.1),
  inbound_retention_days: amount(14),
  outbound_retention_days: amount(14),
  redact_patterns: patterns(HIDDEN),
  outbound,
};

/** `telegram.yaml`. */
export const TELEGRAM = {
  token_env: words("TELEGRAM_BOT_TOKEN"),
  ...chat,
  max_msg_chars: count(4096, 100),
  discover_allowlist: flag(false),
  autoregister: choice("off"),
  max_auto_subs: amount(0, { most: 0, isWhole: true }),
  peer_debounce_seconds: amount(30),
  peer_summary_min_interval_s: amount(5),
  peer_message_max_chars: count(4096, 100),
  peer_message_max_lines: count(32, 1),
  autowrap_from_user: flag(true),
  run_clamav: flag(false),
  /** Another server than Telegram's own, for tests. */
  base_url: words(""),
};

const channels = { to_user: texts([]), to_peer_summary: texts([]) };

/** `slack.yaml`. */
export const SLACK = {
  app_token_env: words("SLACK_APP_TOKEN"),
  bot_token_env: words("SLACK_BOT_TOKEN"),
  ...chat,
  max_msg_chars: count(4000, 100),
  channels,
};

/** `discord.yaml`. */
export const DISCORD = {
  bot_token_env: words("DISCORD_BOT_TOKEN"),
  ...chat,
  max_msg_chars: count(2000, 100),
  channels,
};

/** `wecom.yaml`: it only speaks, so nobody can be let in by it. */
export const WECOM = {
  webhook_url: words(""),
  webhook_url_env: words("WECOM_WEBHOOK_URL"),
  autostart: flag(false),
  message_type: choice("markdown_v2", "markdown", "text"),
  rate_limit: { max_messages: count(18, 1), window_seconds: seconds(60, 1) },
  verbose: flag(false),
  formatting: { include_timestamp: flag(true), include_evidence: flag(true), emoji_icons: flag(true) },
  redact_patterns: patterns(HIDDEN),
  outbound,
};
