import { publicState, type Snapshot } from "../core/api.ts";
import type { Event } from "../core/facts.ts";
import type { Millis, Seq } from "../core/ids.ts";
import { CLOSE } from "./frames.ts";
import type { ServerParts } from "./parts.ts";

/** Somebody who reads the log as it grows. */
export interface Reader {
  until: Millis;
  /** Takes text of the stream; false = too much of it is unread. */
  write(bytes: Uint8Array): boolean;
  /** By a close code; of one that is too slow, what it has not read is thrown away. */
  end(code: number): void;
}

/** What a reader may have unread before it is dropped; it resumes by its last id. */
export const LAG = 1024 * 1024;
/** Facts replayed one by one to whoever comes back; beyond, a fresh snapshot. */
const REPLAY = 5000;
const HEARTBEAT_MS = 30_000;

const encoder = new TextEncoder();
const encode = (text: string): Uint8Array => encoder.encode(text);

function factText(event: Event): string {
  const { body: _, ...fact } = event as Event & { body?: string };
  return `event: fact\nid: ${event.seq}\ndata: ${JSON.stringify(fact)}\n\n`;
}

const snapshotText = (snapshot: Snapshot): string =>
  `event: snapshot\nid: ${snapshot.seq}\ndata: ${JSON.stringify(snapshot)}\n\n`;

/** A reader whose text is the body of an answer. */
function readable(first: Uint8Array, until: Millis, leave: () => void): Reader & { body: ReadableStream<Uint8Array> } {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>(
    {
      start: (it) => {
        controller = it;
        it.enqueue(first);
      },
      cancel: leave,
    },
    // The beginning may be long; only what comes after it counts as lag.
    new ByteLengthQueuingStrategy({ highWaterMark: LAG + first.length }),
  );
  const write = (bytes: Uint8Array) => {
    controller.enqueue(bytes);
    return (controller.desiredSize ?? 0) >= 0;
  };
  const end = (code: number) => {
    try {
      if (code === CLOSE.slow) controller.error(new Error("too slow"));
      else controller.close();
    } catch {
      // The connection ended on its own.
    }
  };
  return { until, write, end, body };
}

/** All readers of the log as it grows. One subscription for all of them, none while nobody reads. */
export class EventStreams {
  private readonly readers = new Set<Reader>();
  private unsubscribe: (() => void) | null = null;
  private heartbeat: Timer | null = null;

  constructor(private readonly parts: Pick<ServerParts, "engine" | "log" | "clock">) {}

  /**
   * Tells a reader everything from `after` on, or from a snapshot. Reading the state and joining the readers is one synchronous
   * step, so no fact is missed or told twice. `leave` ends it.
   */
  follow<R extends Reader>(after: Seq | undefined, open: (first: Uint8Array, leave: () => void) => R): R {
    const leave = () => this.leave(reader);
    const reader = open(encode(this.beginning(after)), leave);
    this.join(reader);
    return reader;
  }

  /** The same as an answer that does not end. */
  open(after: Seq | undefined, until: Millis, signal: AbortSignal): Response {
    const { body } = this.follow(after, (first, leave) => {
      signal.addEventListener("abort", leave, { once: true });
      return readable(first, until, leave);
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  /** Ends every stream, as after a rotated token. */
  closeAll(code: number): void {
    for (const reader of this.readers) this.drop(reader, code);
  }

  private beginning(after: Seq | undefined): string {
    const { engine, log } = this.parts;
    const { state } = engine;
    if (after !== undefined && after <= state.seq) {
      const missed = log.read(after, REPLAY + 1);
      if (missed.length <= REPLAY) return `: resumed\n\n${missed.map(factText).join("")}`;
    }
    const snapshot: Snapshot = { seq: state.seq, state: publicState(state) };
    return snapshotText(after === undefined ? snapshot : { ...snapshot, gap: true });
  }

  private join(reader: Reader): void {
    this.readers.add(reader);
    this.unsubscribe ??= this.parts.engine.subscribe((events) => this.tell(encode(events.map(factText).join(""))));
    if (this.heartbeat) return;
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  private leave(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    this.unsubscribe?.();
    this.unsubscribe = null;
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.heartbeat = null;
  }

  private tell(bytes: Uint8Array): void {
    for (const reader of this.readers) if (!reader.write(bytes)) this.drop(reader, CLOSE.slow);
  }

  private drop(reader: Reader, code: number): void {
    this.leave(reader);
    reader.end(code);
  }

  private beat(): void {
    const now = this.parts.clock.now();
    for (const reader of this.readers) if (reader.until <= now) this.drop(reader, CLOSE.token);
    this.tell(encode(": beat\n\n"));
  }
}
