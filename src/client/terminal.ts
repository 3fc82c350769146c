import type { Offset } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import type { Place } from "./client.ts";

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

/** Opens an agent's terminal; `muster.v1` is what the server speaks, the token goes as second subprotocol. */
export function terminalSocket({ socket, url, token }: Place, agent: string, from?: Offset): WebSocket {
  const path = `/api/terminal/${encodeURIComponent(agent)}${from === undefined ? "" : `?from=${from}`}`;
  const protocols = token ? ["muster.v1", `bearer.${token}`] : ["muster.v1"];
  const target = socket ? `ws+unix://${socket}:${path}` : `${(url || location.origin).replace(/^http/, "ws")}${path}`;
  const it = new WebSocket(target, protocols);
  it.binaryType = "arraybuffer";
  return it;
}

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
