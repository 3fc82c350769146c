import type { Offset } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import type { Place } from "./client.ts";
import { openSocket } from "./socket.ts";

export interface TerminalBytes {
  offset: Offset;
  bytes: Uint8Array;
}

const REASONS: Record<number, Refusal> = {
  4401: new Refusal("forbidden", "the login has ended", "muster dashboard makes a new one"),
  4403: new Refusal("forbidden", "an agent may not type here"),
  4404: new Refusal("missing", "no such agent", "muster jobs lists them"),
};

/** Eight bytes of offset, big-endian, then the bytes. */
export function unframed(frame: ArrayBuffer): TerminalBytes {
  return { offset: Number(new DataView(frame).getBigUint64(0)), bytes: new Uint8Array(frame, 8) };
}

/** Opens an agent's terminal. */
export const terminalSocket = (place: Place, agent: string, from?: Offset): WebSocket =>
  openSocket(place, `/api/terminal/${encodeURIComponent(agent)}${from === undefined ? "" : `?from=${from}`}`);

/** What the terminal prints, until the signal aborts or its connection ends. */
export async function* openTerminal(
  place: Place,
  agent: string,
  signal: AbortSignal,
  from?: Offset,
): AsyncIterable<TerminalBytes> {
  const socket = terminalSocket(place, agent, from);
  const waiting: TerminalBytes[] = [];
  let wake = () => {};
  let code: number | null = null;
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") waiting.push(unframed(data));
    wake();
  };
  socket.onclose = (event) => {
    code = event.code;
    wake();
  };
  const end = () => {
    socket.close();
    wake();
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next) {
        yield next;
        socket.send(JSON.stringify({ type: "ack", offset: next.offset + next.bytes.length }));
      } else if (code !== null) break;
      else await new Promise<void>((done) => (wake = done));
    }
  } finally {
    signal.removeEventListener("abort", end);
    socket.close();
  }
  if (code !== null && REASONS[code] && !signal.aborted) throw REASONS[code];
}
