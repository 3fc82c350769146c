import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { uuidFrom } from "../session-id.ts";
import type { Options } from "./options.ts";

export type Status = "idle" | "busy" | "waiting";

/** The vendor's conversation: its transcript, its state record, and what it used of the context. */
export class Session {
  id: string;
  tokens = 0;
  /** US dollars of this program, as it says. */
  cost = 0;
  /** How often each rule of the scenario fired, also before a crash. */
  readonly fired = new Map<number, number>();
  #fd: number;
  #lines = 0;
  #record: string;
  #shown = "";
  readonly #startedAt = Date.now();

  constructor(readonly options: Options) {
    mkdirSync(join(options.state, "sessions"), { recursive: true, mode: 0o700 });
    mkdirSync(join(options.state, "transcripts"), { recursive: true, mode: 0o700 });
    this.#record = join(options.state, "sessions", `${process.pid}.json`);
    this.id = options.resume ?? options.session ?? crypto.randomUUID();
    if (options.resume && !existsSync(this.transcript)) {
      throw new Refusal("missing", `No conversation found with session ID: ${options.resume}`);
    }
    this.#fd = this.#open();
  }

  get transcript(): string {
    return join(this.options.state, "transcripts", `${this.id}.jsonl`);
  }

  /** A new conversation in the same program. */
  renew(): void {
    this.id = uuidFrom(`${this.id}/clear`);
    this.tokens = 0;
    closeSync(this.#fd);
    this.#fd = this.#open();
  }

  /** A prompt, on disk before the model goes on: whatever counts deliveries counts these lines. */
  user(content: string | object[], more: object = {}): void {
    this.write({ type: "user", message: { role: "user", content }, ...more });
    fsyncSync(this.#fd);
  }

  assistant(content: object[]): void {
    this.write({
      type: "assistant",
      message: {
        role: "assistant",
        model: this.options.model,
        content,
        usage: { input_tokens: this.tokens, cache_read_input_tokens: 0, output_tokens: 0 },
      },
    });
  }

  system(subtype: string, more: object): void {
    this.write({ type: "system", subtype, ...more });
  }

  write(line: object): void {
    const n = ++this.#lines;
    const { cwd } = this.options;
    const common = { uuid: uuidFrom(`${this.id}#${n}`), timestamp: new Date().toISOString(), sessionId: this.id, cwd };
    writeSync(this.#fd, `${JSON.stringify({ ...line, ...common, isSidechain: false, version: "standin" })}\n`);
  }

  /** The state record, replaced only when it says something new. */
  show(status: Status, waitingFor?: string): void {
    const said = `${this.id} ${status} ${waitingFor}`;
    if (said === this.#shown) return;
    this.#shown = said;
    const at = Date.now();
    const pane = process.env.TMUX_PANE;
    const record = {
      pid: process.pid,
      sessionId: this.id,
      cwd: this.options.cwd,
      startedAt: this.#startedAt,
      version: "standin",
      kind: "interactive",
      ...(pane ? { tmux: pane } : {}),
      status,
      ...(waitingFor ? { waitingFor } : {}),
      updatedAt: at,
      statusUpdatedAt: at,
    };
    writeFileSync(`${this.#record}.tmp`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${this.#record}.tmp`, this.#record);
  }

  /** Only a clean exit removes the record; after `kill -9` it stays, as Claude Code's does. */
  leave(): void {
    rmSync(this.#record, { force: true });
  }

  #open(): number {
    const text = existsSync(this.transcript) ? readFileSync(this.transcript, "utf8") : "";
    this.#lines = 0;
    for (const line of text.split("\n")) if (line !== "") this.#replay(line);
    const fd = openSync(this.transcript, "a", 0o600);
    if (text !== "" && !text.endsWith("\n")) writeSync(fd, "\n");
    return fd;
  }

  #replay(text: string): void {
    this.#lines++;
    try {
      const line = JSON.parse(text);
      if (line.subtype === "rule_fired") this.fired.set(line.rule, (this.fired.get(line.rule) ?? 0) + 1);
      if (line.type === "assistant") this.tokens = line.message.usage.input_tokens;
    } catch {
      // The last line of a killed program may be torn.
    }
  }
}
