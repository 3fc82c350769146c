import type { Client } from "../client/client.ts";
import type { Environment } from "../core/environment.ts";
import { clipboardImage, keepImage, pastedImage } from "./clipboard.ts";
import { Console } from "./console.ts";
import { KeyReader } from "./keys.ts";
import { Painter } from "./painter.ts";
import { OwnTerminal } from "./terminal.ts";

const INTERRUPTED = 130;
/** Drawn at most so often because of news; a key is shown at once. */
const FRAME_MS = 40;
/** After so long without more, an Escape is the key and not the beginning of a sequence. */
const ESCAPE_MS = 40;
/** How old the durations of the status lines may be. */
const CLOCK_MS = 10_000;

/** The console's timers: one frame at most is under way; a look at the clock writes only what it changed. */
class Pace {
  private frame: Timer | undefined;
  private escape: Timer | undefined;
  private readonly clock: Timer;

  constructor(private readonly draw: () => void) {
    this.clock = setInterval(draw, CLOCK_MS);
  }

  soon(): void {
    this.frame ??= setTimeout(() => this.now(), FRAME_MS);
  }

  now(): void {
    clearTimeout(this.frame);
    this.frame = undefined;
    this.draw();
  }

  afterEscape(act: () => void): void {
    clearTimeout(this.escape);
    this.escape = setTimeout(act, ESCAPE_MS);
  }

  stop(): void {
    clearInterval(this.clock);
    for (const timer of [this.frame, this.escape]) clearTimeout(timer);
  }
}

/** Runs the console of a team on this terminal until the person leaves; the result is the exit code. */
export async function openConsole(client: Client, team: string, env: Environment): Promise<number> {
  const terminal = new OwnTerminal();
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  const painter = new Painter(!env.NO_COLOR, /utf-?8/i.test(locale));
  const reader = new KeyReader();
  const ending = new AbortController();
  let code = 0;
  const leave = (with_: number) => {
    code = with_;
    ending.abort();
  };
  const screen = new Console(
    {
      client,
      now: Date.now,
      image: async (repo) => {
        const bytes = await clipboardImage(env);
        return bytes && keepImage(repo, bytes, new Date());
      },
      imageAt: pastedImage,
      size: () => terminal.size,
      changed: () => pace.soon(),
      redraw: () => {
        painter.forget();
        pace.soon();
      },
      leave: () => leave(0),
    },
    team,
  );
  const pace = new Pace(() => {
    if (!terminal.isBusy && !ending.signal.aborted) terminal.write(painter.paint(screen.frame(), terminal.size));
  });
  const press = (bytes: Uint8Array | null) => {
    for (const one of bytes ? reader.read(bytes) : reader.flush()) screen.press(one);
    if (reader.isWaiting) pace.afterEscape(() => press(null));
    pace.now();
  };
  terminal.open({
    bytes: press,
    resized: () => {
      painter.forget();
      pace.now();
    },
    gone: () => leave(INTERRUPTED),
  });
  try {
    pace.now();
    await screen.follow(ending.signal);
  } finally {
    pace.stop();
    terminal.close();
  }
  return code;
}
