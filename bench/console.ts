import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClient } from "../src/client/client.ts";
import { homeAt } from "../src/client/home.ts";
import { frameOf } from "../src/tui/frame.ts";
import { Painter } from "../src/tui/painter.ts";
import { View } from "../src/tui/view.ts";
import { toEnd } from "./ending.ts";
import { type Figures, figuresOf, type Row } from "./figures.ts";
import { observed, type Seen, same } from "./idle.ts";
import { tmux } from "./raw-tmux.ts";
import { MAIN, ROOT, sleep, until } from "./world.ts";

const TEAM = "bench";
const COLUMNS = 120;
const ROWS = 40;
/** A program that has just started still settles. */
const SETTLE_MS = 5000;

/** A console in a terminal of its own, before a daemon that tells a story. */
class Stage {
  private readonly home = homeAt(mkdtempSync(join(tmpdir(), "muster-bench-")));
  private readonly socket = join(this.home.folder, "desk.sock");
  private readonly client = openClient({ socket: this.home.socket });
  private daemon: Bun.Subprocess | undefined;
  readonly end = toEnd(() => this.clear());

  async open(): Promise<number> {
    const story = join(ROOT, "bench", "programs", "story-daemon.ts");
    this.daemon = Bun.spawn([process.execPath, "--no-install", story, this.home.socket, TEAM]);
    await until("the daemon answers", () =>
      this.client.get("/api/state").then(
        () => true,
        () => false,
      ),
    );
    const size = ["-x", String(COLUMNS), "-y", String(ROWS)];
    const shell = `MUSTER_HOME='${this.home.folder}' exec '${process.execPath}' --no-install '${MAIN}' tui`;
    await tmux(this.socket, ["new-session", "-d", ...size, shell]);
    await this.shows(" live ");
    return Number(await tmux(this.socket, ["display-message", "-p", "#{pane_pid}"]));
  }

  /** Tells so many letters, and waits until the last one is on the screen. */
  async tell(messages: number): Promise<void> {
    await this.client.post(`/go?messages=${messages}`, {});
    await this.shows(`letter number ${messages - 1} `);
  }

  private shows(words: string): Promise<unknown> {
    return until(words, async () => (await tmux(this.socket, ["capture-pane", "-p"])).includes(words), 20);
  }

  private async clear(): Promise<void> {
    await tmux(this.socket, ["kill-server"]).catch(() => {});
    this.daemon?.kill();
    rmSync(this.home.folder, { recursive: true, force: true });
  }
}

/** What a console takes while nothing happens, fresh and after many letters. */
async function watched(messages: number, seconds: number): Promise<{ fresh: Seen; later: Seen }> {
  const stage = new Stage();
  try {
    const pid = await stage.open();
    await sleep(SETTLE_MS);
    const fresh = await observed(pid, seconds);
    await stage.tell(messages);
    await sleep(SETTLE_MS);
    return { fresh, later: await observed(pid, seconds) };
  } finally {
    await stage.end();
  }
}

/** Milliseconds of one frame over a full timeline, one more line each time: frame and what the terminal gets. */
function frames(count: number): Figures {
  const view = new View(TEAM);
  const painter = new Painter(true);
  const size = { columns: COLUMNS, rows: ROWS };
  const times: number[] = [];
  for (let n = 0; n < count + 1000; n += 1) {
    const text = `→ PeerB: letter number ${n} with 日本 and 👍🏽 in a line of words`;
    view.timeline.add({ seq: n + 1, at: n, who: "PeerA", tone: "plain", text, ref: `muster-1764000000-${n}` });
    if (n < 1000) continue;
    const began = performance.now();
    painter.paint(frameOf(view, size, n), size);
    times.push(performance.now() - began);
  }
  return figuresOf(times);
}

/** The console of a team: memory, processor and frames. */
export async function consoleRows(isQuick: boolean): Promise<Row[]> {
  const messages = isQuick ? 5000 : 100_000;
  const { fresh, later } = await watched(messages, isQuick ? 3 : 20);
  const count = isQuick ? 200 : 2000;
  const rowOf = (measure: string, unit: string, value: number, limit?: number): Row => ({
    ...{ measure: `console: ${measure}`, unit, samples: 1, figures: same(value) },
    ...(limit === undefined ? {} : { limits: { p50: limit } }),
  });
  return [
    rowOf("memory (RSS), nothing told yet", "MB", fresh.rss),
    rowOf(`memory (RSS), after ${messages} letters`, "MB", later.rss),
    rowOf("memory (PSS), nothing told yet", "MB", fresh.pss),
    rowOf(`memory (PSS), after ${messages} letters`, "MB", later.pss),
    rowOf("processor, nothing happens", "%", fresh.cpu, 0.2),
    rowOf(`processor, after ${messages} letters`, "%", later.cpu, 0.2),
    { measure: "console: one frame", unit: "ms", samples: count, figures: frames(count), limits: { p95: 16 } },
  ];
}
