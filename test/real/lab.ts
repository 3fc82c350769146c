import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Hire, Permission } from "../../src/core/facts.ts";
import { withMark } from "../../src/core/mark.ts";
import type { Glance, Place, Reading } from "../../src/core/ports.ts";
import { claude } from "../../src/drivers/claude.ts";
import { withTrust } from "../../src/drivers/claude-trust.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { openPane, type Pane } from "./tmux.ts";

/** No key of anybody: the scripted model takes every key. */
const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";

/** Polls until `fact` gives something; fails with the screen after `ms`. */
async function until<T>(what: string, fact: () => T | undefined | null | false, ms = 15_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const value = fact();
    if (value) return value;
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await Bun.sleep(10);
  }
}

export type Payload = Record<string, unknown> & { hook_event_name: string };

/** One real Claude Code in a terminal of its own, with the driver's start order and a scripted model. */
export interface Lab {
  root: string;
  /** The session id in the driver's start order. */
  session: string;
  work: string;
  place: Place;
  model: ModelServer;
  pane: Pane;
  /** Spooled payloads so far, by time. */
  events(name?: string): Payload[];
  /** The CLI's state record as the driver hears it. */
  state(): Reading | null;
  glance(): Glance;
  /** Waits for a fact; the error shows the screen. */
  until<T>(what: string, fact: () => T | undefined | null | false, ms?: number): Promise<T>;
  /** Waits until one may type. */
  idle(): Promise<void>;
  /** Bracketed paste, waits until the composer shows it, Enter. */
  submit(text: string): Promise<void>;
  /** A letter of one typed line; gives its text. */
  letter(mid: string, text: string): Promise<string>;
  /** A command of the CLI, typed. */
  command(text: string): Promise<void>;
  /** Waits for a hook's event that fits. */
  heard(event: string, fits?: (payload: Payload) => boolean): Promise<Payload>;
  receipts(): string[];
  transcriptPrompts(): string[];
  /** Everything that any user message of any request held. */
  said(): string;
  /** Ends this process and starts the CLI again in the same home. */
  restart(resume?: string): Promise<void>;
  close(): Promise<void>;
}

interface LabOrder {
  permission: Permission;
  /** Nobody has trusted the folder yet. */
  isStranger?: boolean;
  /** More of what stands in the person's own configuration. */
  seed?: Record<string, unknown>;
  /** Extra environment of the CLI. */
  env?: Record<string, string>;
}

function makePlace(root: string): Place {
  const folder = join(root, "agent");
  const place: Place = {
    folder,
    receipts: join(root, "receipts"),
    seen: join(root, "seen"),
    spool: join(root, "spool"),
    letters: join(root, "letters"),
    home: join(root, "home"),
    socket: join(root, "daemon.sock"),
    muster: ["false"],
  };
  for (const path of [folder, place.receipts, place.seen, place.spool, place.letters, join(place.home, "tmp")])
    mkdirSync(path, { recursive: true, mode: 0o700 });
  return place;
}

/** What a person has answered before: onboarding, the key, trust in the folder, the warning of bypass mode. */
function seedHome(home: string, work: string, { isStranger, seed: more }: LabOrder): void {
  const seed = {
    ...more,
    hasCompletedOnboarding: true,
    bypassPermissionsModeAccepted: true,
    hasSeenAutoDefaultNotice: true,
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
  };
  const json = JSON.stringify(seed);
  writeFileSync(join(home, ".claude.json"), isStranger ? json : withTrust(json, work));
}

function writeFiles(place: Place, files: { path: string; text: string; isProgram?: boolean }[]): void {
  for (const file of files) {
    const path = join(place.folder, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text, { mode: 0o600 });
    if (file.isProgram) chmodSync(path, 0o700);
  }
}

function readSpool(spool: string): Payload[] {
  const found: { at: number; payload: Payload }[] = [];
  for (const name of readdirSync(spool)) {
    const file = Bun.file(join(spool, name));
    const text = readFileSync(join(spool, name), "utf8");
    for (const line of text.split("\n").filter(Boolean)) {
      try {
        found.push({ at: file.lastModified, payload: JSON.parse(line) as Payload });
      } catch {
        // Still being written.
      }
    }
  }
  return found.sort((a, b) => a.at - b.at).map((one) => one.payload);
}

const readJson = (path: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    return null;
  }
};

/** The CLI writes into its home until its very end, which takes it seconds after a SIGHUP. */
async function ended(pane: Pane): Promise<void> {
  if (!pane.isDead()) process.kill(pane.pid, "SIGKILL");
  await until("the end of the CLI", () => pane.isDead(), 5_000);
  pane.close();
}

/** Starts the CLI; the caller waits for `idle()`. */
export function startLab(program: string, order: LabOrder): Lab {
  const root = mkdtempSync(join(tmpdir(), "muster-real-"));
  const place = makePlace(root);
  const work = join(root, "work");
  mkdirSync(work);
  Bun.spawnSync(["git", "init", "-q", work], { env: { PATH: "/usr/bin:/bin", HOME: place.home } });
  seedHome(place.home, work, order);
  const model = startModelServer();
  const hire: Hire = { agent: "a1b2c3d4", driver: "claude", cwd: work, permission: order.permission, command: program };
  const env = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: place.home,
    TMPDIR: join(place.home, "tmp"),
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    // Root may use bypass mode only with this.
    IS_SANDBOX: "1",
    ...order.env,
  };
  const open = (resume?: string): Pane => {
    const launch = claude.launch(hire, place, resume);
    writeFiles(place, launch.files);
    return openPane(root, launch.argv, { ...env, ...launch.env }, work);
  };
  const { argv } = claude.launch(hire, place);
  const session = argv[argv.indexOf("--session-id") + 1] ?? "";
  return operate({ root, session, work, place, model, pane: open() }, open);
}

type Parts = Pick<Lab, "root" | "session" | "work" | "place" | "model" | "pane">;

function operate(parts: Parts, open: (resume?: string) => Pane): Lab {
  const { place, root, model } = parts;
  const lab: Lab = {
    ...parts,
    events: (name) => readSpool(place.spool).filter((one) => !name || one.hook_event_name === name),
    state() {
      const record = readJson(claude.record?.(place, lab.pane.pid) ?? "");
      return record && claude.hear({ from: "record", record });
    },
    glance: () => claude.read(lab.pane.screen()),
    async until(what, fact, ms) {
      try {
        return await until(what, fact, ms);
      } catch (error) {
        throw new Error(`${error}\n${lab.pane.screen().plain.join("\n")}`);
      }
    },
    idle: async () =>
      void (await lab.until("idle", () => lab.state()?.activity === "idle" && lab.glance().composer === "")),
    async submit(text) {
      lab.pane.paste(text);
      await lab.until("the pasted text in the composer", () => lab.glance().composer);
      lab.pane.press("Enter");
    },
    async letter(mid, text) {
      const whole = withMark("From lead", mid, text);
      await lab.submit(whole);
      return whole;
    },
    async command(text) {
      lab.pane.type(text);
      await lab.until(`${text} in the composer`, () => lab.glance().composer === text);
      lab.pane.press("Enter");
    },
    heard: (event, fits = () => true) => lab.until(event, () => lab.events(event).findLast(fits)),
    receipts: () => readdirSync(place.receipts).sort(),
    transcriptPrompts() {
      const path = lab.events("SessionStart").at(-1)?.transcript_path as string | undefined;
      if (!path || !existsSync(path)) return [];
      const lines = readFileSync(path, "utf8").split("\n");
      return lines.flatMap((line) => claude.transcript(line)?.text ?? []);
    },
    said: () => model.log.flatMap((entry) => entry.turn.said).join("\n"),
    async restart(resume) {
      await ended(lab.pane);
      lab.pane = open(resume);
    },
    async close() {
      await ended(lab.pane);
      await model.stop();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return lab;
}
