import { expect, test } from "bun:test";
import { changesOf, DEFAULT_SETTINGS, readSettings, type SettingsFile, settingsFrom } from "./settings.ts";

const problemsOf = (file: SettingsFile, document: unknown): string[] =>
  readSettings(file, document).problems.map(({ level, path, message }) => `${level} ${path.join(".")}: ${message}`);

test("without files the settings are the documented defaults", () => {
  const { cli_profiles, policies, roles, foreman, agents } = DEFAULT_SETTINGS;
  expect(cli_profiles.delivery).toMatchObject({
    keepalive_delay_seconds: 60,
    self_check_every_handoffs: 6,
    system_refresh_every_self_checks: 2,
    nudge_resend_seconds: 300,
    nudge_jitter_pct: 0.05,
    ack_mode: "file_move",
    single_peer: { keepalive_delay_seconds: 240, keepalive_max_nudges: 3 },
    conversation_reset: { policy: "compact", interval_handoffs: 0 },
    auto_compact: { enabled: true, min_interval_seconds: 900, idle_threshold_seconds: 120 },
  });
  expect(cli_profiles.tmux.layout).toBe("standard");
  expect(policies.patch_queue).toMatchObject({ mode: "optional", max_diff_lines: 150, test_timeout_s: 300 });
  expect(policies.rfd).toMatchObject({ user_approval: true, ttl_hours: 24, trigger: { max_dispute_rounds: 2 } });
  expect(policies.loop_damping.max_handoffs_without_evidence).toBe(6);
  expect(policies.handoff_filter).toMatchObject({ enabled: true, cooldown_seconds: 15, min_chars: 40, min_words: 6 });
  expect(roles.leader).toBe("peerA");
  expect(foreman).toMatchObject({ enabled: false, agent: "none", interval_seconds: 900, cc_user: true });
  expect(agents.actors.claude.aux.timeout_s).toBe(600);
});

test("what a file leaves out stays as it is by default, an empty section too", () => {
  const { value, problems } = readSettings("cli_profiles", { delivery: { keepalive_delay_seconds: 90 }, tmux: null });
  expect(problems).toEqual([]);
  expect(value.delivery.keepalive_delay_seconds).toBe(90);
  expect(value.delivery.nudge_resend_seconds).toBe(300);
  expect(value.tmux.layout).toBe("standard");
  expect(readSettings("policies", null).problems).toEqual([]);
});

test("an unknown key is warned of with the nearest name, and changes nothing", () => {
  expect(problemsOf("policies", { patch_queue: { max_dif_lines: 10 } })).toEqual([
    "warning patch_queue.max_dif_lines: unknown key; did you mean max_diff_lines?",
  ]);
  expect(problemsOf("foreman", { zzzzzzzzzz: 1 })).toEqual(["warning zzzzzzzzzz: unknown key"]);
});

test("a value of another kind is an error that says what is expected and what is there", () => {
  expect(problemsOf("policies", { patch_queue: { mode: "sometimes" } })).toEqual([
    'error patch_queue.mode: expected one of optional, required, off, got "sometimes"',
  ]);
  expect(problemsOf("cli_profiles", { delivery: 7 })).toEqual(["error delivery: expected keys, got 7"]);
  expect(problemsOf("cli_profiles", { delivery: [] })).toEqual(["error delivery: expected keys, got a list"]);
  expect(problemsOf("policies", { evidence: { rerun_allow: ["a", 1] } })).toEqual([
    "error evidence.rerun_allow: expected a list of texts, got a list",
  ]);
  expect(problemsOf("foreman", { enabled: null })).toEqual(["error enabled: expected true or false, got nothing"]);
  expect(problemsOf("agents", { actors: { claude: { peer: { env: { A: 1 } } } } })).toEqual([
    "error actors.claude.peer.env: expected names with a text each, got keys",
  ]);
});

test("P54 negative and zero times are errors", () => {
  for (const keepalive_delay_seconds of [-1, 0, 4.9]) {
    expect(problemsOf("cli_profiles", { delivery: { keepalive_delay_seconds } })).toEqual([
      `error delivery.keepalive_delay_seconds: expected a number from 5 to 31536000, got ${keepalive_delay_seconds}`,
    ]);
  }
  expect(problemsOf("cli_profiles", { delivery: { keepalive_delay_seconds: 5 } })).toEqual([]);
  expect(problemsOf("cli_profiles", { delivery: { self_check_every_handoffs: 0 } })).toHaveLength(1);
  expect(problemsOf("cli_profiles", { delivery: { self_check_every_handoffs: 1.5 } })).toEqual([
    "error delivery.self_check_every_handoffs: expected a whole number from 1, got 1.5",
  ]);
  expect(problemsOf("cli_profiles", { delivery: { nudge_jitter_pct: 1.01 } })).toHaveLength(1);
});

test("P56 a conversation reset knows compact and clear, nothing else", () => {
  const of = (policy: string) => problemsOf("cli_profiles", { delivery: { conversation_reset: { policy } } });
  expect(of("clear")).toEqual([]);
  expect(of("forget")).toEqual([
    'error delivery.conversation_reset.policy: expected one of compact, clear, got "forget"',
  ]);
});

test("P20 suffixes are the user's own words; anything but a text is an error", () => {
  expect(DEFAULT_SETTINGS.cli_profiles.roles.peerA.inbound_suffix).toEqual({
    from_user: "",
    from_peer: "",
    from_system: "",
  });
  expect(problemsOf("cli_profiles", { roles: { peerA: { inbound_suffix: { from_user: 3 } } } })).toEqual([
    "error roles.peerA.inbound_suffix.from_user: expected a text, got 3",
  ]);
});

test("P21 keys of a driver are refused in a role, and say where they belong", () => {
  for (const key of ["input_mode", "paste_keys", "newline_key", "send_sequence", "post_paste_keys"]) {
    expect(problemsOf("cli_profiles", { roles: { peerA: { [key]: "x" } } })).toEqual([
      `error roles.peerA.${key}: belongs to the driver; write it into agents.yaml`,
    ]);
  }
  expect(problemsOf("cli_profiles", { roles: { peerA: { colour: "x" } } })).toEqual([
    "warning roles.peerA.colour: unknown key",
  ]);
  expect(problemsOf("agents", { actors: { claude: { peer: { newline_key: "x" } } } })).toEqual([]);
});

test("P31 a broken regular expression is an error with its key", () => {
  expect(problemsOf("policies", { handoff_filter: { drop_regexes: ["^ok", "(("] } })).toEqual([
    "error handoff_filter.drop_regexes: expected a list of regular expressions, got a list",
  ]);
  expect(problemsOf("policies", { handoff_filter: { boost_regexes: ["^ok$"] } })).toEqual([]);
});

test("keys of the memo that mean nothing any more are passed over with a word", () => {
  expect(problemsOf("cli_profiles", { delivery_mode: "bridge" })).toEqual([
    "warning delivery_mode: is passed over: letters are delivered in one way only",
  ]);
});

test("the log keeps only what differs, and from it the same settings come out", () => {
  const settings = settingsFrom({ policies: { patch_queue: { max_diff_lines: 20 } }, foreman: { enabled: true } });
  expect(settings.policies.patch_queue.max_diff_lines).toBe(20);
  expect(settings.policies.patch_queue.mode).toBe("optional");
  expect(changesOf(settings)).toEqual({
    policies: { patch_queue: { max_diff_lines: 20 } },
    foreman: { enabled: true },
  });
  expect(changesOf(DEFAULT_SETTINGS)).toEqual({});
  expect(settingsFrom(changesOf(settings))).toEqual(settings);
});
