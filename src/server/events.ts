import { publicState, type Snapshot } from "../core/api.ts";
import type { Event } from "../core/facts.ts";
import type { Millis, Seq } from "../core/ids.ts";
import type { ServerParts } from "./parts.ts";

interface Reader {
  controller: ReadableStreamDefaultController<Uint8Array>;
  until: Millis;
}

/** What a reader may have unread before it is dropped; it resumes by its last id. */
const LAG = 1024 * 1024;
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

/** All readers of the log as it grows. One subscription for all of them, none while nobody reads. */
export class EventStreams {
  private readonly readers = new Set<Reader>();
  private unsubscribe: (() => void) | null = null;
  private heartbeat: Timer | null = null;

  constructor(private readonly parts: Pick<ServerParts, "engine" | "log" | "clock">) {}

  /**
   * A stream from `after` on, or from a snapshot. Reading the state and joining the readers is one synchronous step, so no
   * fact is missed or told twice.
   */
  open(after: Seq | undefined, until: Millis, signal: AbortSignal): Response {
    const first = encode(this.beginning(after));
    let reader: Reader | undefined;
    const leave = () => reader && this.leave(reader);
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          reader = { controller, until };
          this.join(reader);
          controller.enqueue(first);
        },
        cancel: leave,
      },
      // The beginning may be long; only what comes after it counts as lag.
      new ByteLengthQueuingStrategy({ highWaterMark: LAG + first.length }),
    );
    signal.addEventListener("abort", leave, { once: true });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }

  /** Ends every stream, as after a rotated token. */
  closeAll(): void {
    for (const reader of this.readers) this.drop(reader);
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
    for (const reader of this.readers) {
      reader.controller.enqueue(bytes);
      if ((reader.controller.desiredSize ?? 0) < 0) this.drop(reader, true);
    }
  }

  /** `isLagging`: what it has not read is thrown away with it. */
  private drop(reader: Reader, isLagging = false): void {
    this.leave(reader);
    try {
      if (isLagging) reader.controller.error(new Error("too slow"));
      else reader.controller.close();
    } catch {
      // The connection ended on its own.
    }
  }

  private beat(): void {
    const now = this.parts.clock.now();
    for (const reader of this.readers) if (reader.until <= now) this.drop(reader);
    this.tell(encode(": beat\n\n"));
  }
}
