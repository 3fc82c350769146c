import type { ServerWebSocket, WebSocketHandler } from "bun";
import type { Millis, Seq } from "../core/ids.ts";
import { type EventStreams, LAG } from "./events.ts";
import { CLOSE } from "./frames.ts";
import type { Viewing } from "./terminal-socket.ts";

type Socket = ServerWebSocket<Viewing>;

/** Bytes that the socket may hold unsent, and the longest frame of them. */
const HIGH = 256 * 1024;
const PIECE = 256 * 1024;

/**
 * The stream of facts as frames of a socket, for pages: a browser opens six connections to one server and no more, so that of
 * pages which each keep an answer open the seventh gets none (F25; Chromium 156).
 */
export class FactSocket {
  private waiting: Uint8Array[] = [];
  private size = 0;
  private leave = () => {};

  constructor(
    private readonly streams: EventStreams,
    private readonly after: Seq | undefined,
    private readonly until: Millis,
  ) {}

  open(socket: Socket): void {
    this.streams.follow(this.after, (first, leave) => {
      this.leave = leave;
      this.take(socket, first);
      // The beginning may be long; only what comes after it counts as lag.
      const most = LAG + first.length;
      return {
        until: this.until,
        write: (bytes) => {
          this.take(socket, bytes);
          return this.size <= most;
        },
        end: (code) => socket.close(code),
      };
    });
  }

  /** Room has come. */
  go(socket: Socket): void {
    for (let [next] = this.waiting; next && socket.getBufferedAmount() < HIGH; [next] = this.waiting) {
      socket.send(next.subarray(0, PIECE));
      this.size -= Math.min(PIECE, next.length);
      if (next.length > PIECE) this.waiting[0] = next.subarray(PIECE);
      else this.waiting.shift();
    }
  }

  close(): void {
    this.leave();
    this.waiting = [];
  }

  private take(socket: Socket, bytes: Uint8Array): void {
    this.waiting.push(bytes);
    this.size += bytes.length;
    this.go(socket);
  }
}

/** Sockets that follow facts, and those of terminals, by one handler: Bun has one for each server. */
export function bothSockets(terminals: WebSocketHandler<Viewing>): WebSocketHandler<Viewing> {
  return {
    ...terminals,
    open: (socket) => (socket.data.facts ? socket.data.facts.open(socket) : terminals.open?.(socket)),
    // Whoever follows facts has nothing to say.
    message: (socket, message) =>
      socket.data.facts ? socket.close(CLOSE.invalid) : terminals.message?.(socket, message),
    drain: (socket) => (socket.data.facts ? socket.data.facts.go(socket) : terminals.drain?.(socket)),
    close: (socket, code, reason) =>
      socket.data.facts ? socket.data.facts.close() : terminals.close?.(socket, code, reason),
  };
}
