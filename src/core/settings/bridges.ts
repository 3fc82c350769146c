import { amount, choice, count, flag, idle, patterns, seconds, texts, words } from "./tree.ts";

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

const PAIR = "let a chat in by a code: muster bridge pair";
const GATHERED = "set debounce_seconds, which gathers what peers write";
const CUT = "set max_msg_chars or max_msg_lines, which every message keeps";

/** `telegram.yaml`. */
export const TELEGRAM = {
  token_env: words("TELEGRAM_BOT_TOKEN"),
  ...chat,
  max_msg_chars: count(4096, 100),
  discover_allowlist: idle(false, `${PAIR}; allow_chats narrows who may try`),
  autoregister: idle("off", PAIR),
  max_auto_subs: idle(0, PAIR),
  peer_debounce_seconds: idle(30, GATHERED),
  peer_summary_min_interval_s: idle(5, GATHERED),
  peer_message_max_chars: idle(4096, CUT),
  peer_message_max_lines: idle(32, CUT),
  autowrap_from_user: idle(true, "know that what a chat says always comes as a letter from the user"),
  run_clamav: idle(false, "narrow files.allowed_mime or turn files.enabled off: nothing is scanned"),
  /** Another server than Telegram's own, for tests. */
  base_url: idle("", "look at muster bridge telegram status: no live adaptor is built that would call it"),
};

const channels = { to_user: idle<string[]>([], PAIR), to_peer_summary: idle<string[]>([], PAIR) };

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

const LATER = "look at muster bridge wecom status: no live adaptor is built that would go by it";

/** `wecom.yaml`: it only speaks, so nobody can be let in by it. */
export const WECOM = {
  webhook_url: words(""),
  webhook_url_env: words("WECOM_WEBHOOK_URL"),
  autostart: flag(false),
  message_type: idle("markdown_v2", LATER),
  rate_limit: { max_messages: idle(18, LATER), window_seconds: idle(60, LATER) },
  verbose: flag(false),
  formatting: {
    include_timestamp: idle(true, LATER),
    include_evidence: idle(true, LATER),
    emoji_icons: idle(true, LATER),
  },
  redact_patterns: patterns(HIDDEN),
  outbound,
};
