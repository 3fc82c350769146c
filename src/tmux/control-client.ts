import { blocksOf, type Command, commandLine } from "./octal.ts";
import { type ServerPlace, spawnClient } from "./tmux.ts";

/** How many lines of the last command's answer are foreign text, known from the answers before it. */
export type ForeignLines = (before: string[][]) => number;

interface Request {
  /** Blocks that answer it. */
  blocks: number;
  answers: string[][];
  foreignLines: ForeignLines | undefined;
  since: number;
  resolve(answers: string[][]): void;
  reject(error: Error): void;
}

/** tmux refused a command: `can't find pane: %9`. */
export class TmuxError extends Error {}

/**
 * Reads control mode line by line. Each command has its own block; an error ends its whole line of commands (seen in
 * 3.3a), so blocks are counted, not lines. What stands on a screen could look like the end of its block and then forge
 * answers: such lines are counted off before anything is recognised.
 */
export class ReplyReader {
  private readonly waiting: Request[] = [];
  private tail: string | null = null;
  private isOurs = false;
  private lines: string[] = [];
  private foreign = 0;
  private rest = "";
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly attached: () => void,
    /** A window or session came or went, whoever did it. */
    private readonly changed: () => void = () => {},
  ) {}

  expect(request: Request): void {
    this.waiting.push(request);
  }

  /** When the oldest unanswered request was sent; null = nothing is open. */
  oldest(): number | null {
    return this.waiting[0]?.since ?? null;
  }

  abandon(error: Error): void {
    for (const request of this.waiting.splice(0)) request.reject(error);
  }

  feed(bytes: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.read(line);
  }

  private read(line: string): void {
    if (this.tail === null) {
      if (line.startsWith("%begin ")) this.begin(line.slice(7));
      else if (line === "%sessions-changed" || line.startsWith("%unlinked-window-close ")) this.changed();
      return;
    }
    if (this.foreign > 0) {
      this.foreign--;
      this.lines.push(line);
    } else if (line === `%end ${this.tail}`) this.end(false);
    else if (line === `%error ${this.tail}`) this.end(true);
    else this.lines.push(line);
  }

  private begin(tail: string): void {
    this.tail = tail;
    this.lines = [];
    // The last number is 1 for commands of this client, 0 for the attach itself.
    this.isOurs = tail.endsWith(" 1");
    const request = this.waiting[0];
    const isLast = this.isOurs && request?.answers.length === request!.blocks - 1;
    this.foreign = isLast ? (request?.foreignLines?.(request.answers) ?? 0) : 0;
  }

  private end(isError: boolean): void {
    this.tail = null;
    if (!this.isOurs) this.attached();
    const request = this.waiting[0];
    if (!this.isOurs || !request) return;
    if (!isError) request.answers.push(this.lines);
    if (!isError && request.answers.length < request.blocks) return;
    this.waiting.shift();
    if (isError) request.reject(new TmuxError(this.lines.join(" ")));
    else request.resolve(request.answers);
  }
}

/** The one client through which commands reach a server; its output is always drained. */
export interface ControlClient {
  /** Runs the commands as one line and gives the lines of each answer. */
  run(commands: Command[], foreignLines?: ForeignLines): Promise<string[][]>;
  /** Milliseconds for which the oldest command has waited. */
  stalledFor(): number;
  /** Closes the input and waits until the client is gone; the server stays. */
  end(): Promise<void>;
  kill(): void;
  /** Settles when the client is gone, for whatever reason. */
  gone: Promise<void>;
}

/** Attaches to the keeper session; null when no server answers within `patience` ms. `changed`: its windows did. */
export async function attach(place: ServerPlace, changed: () => void, patience = 2000): Promise<ControlClient | null> {
  const child = spawnClient(place);
  const { promise: attached, resolve } = Promise.withResolvers<boolean>();
  const reader = new ReplyReader(() => resolve(true), changed);
  let isGone = false;
  const gone = drain(child.stdout, reader).then(async () => {
    isGone = true;
    reader.abandon(new TmuxError("the tmux server does not answer"));
    resolve(false);
    await child.exited;
  });
  const late = setTimeout(() => resolve(false), patience);
  const isAttached = await attached;
  clearTimeout(late);
  if (!isAttached) {
    child.kill("SIGKILL");
    await gone;
    return null;
  }
  return {
    gone,
    run: (commands, foreignLines) =>
      new Promise((answer, reject) => {
        if (isGone) return reject(new TmuxError("the tmux server does not answer"));
        const line = `${commandLine(commands)}\n`;
        const since = performance.now();
        reader.expect({ blocks: blocksOf(commands), answers: [], foreignLines, since, resolve: answer, reject });
        // A broken pipe is told by the end of the output, which rejects what is open.
        try {
          child.stdin.write(line);
          Promise.resolve(child.stdin.flush()).catch(() => {});
        } catch {}
      }),
    stalledFor: () => performance.now() - (reader.oldest() ?? performance.now()),
    end: async () => {
      await child.stdin.end();
      const late = setTimeout(() => child.kill("SIGKILL"), 2000);
      await gone;
      clearTimeout(late);
    },
    kill: () => child.kill("SIGKILL"),
  };
}

async function drain(stream: ReadableStream<Uint8Array>, reader: ReplyReader): Promise<void> {
  for await (const bytes of stream) reader.feed(bytes);
}
