import { terminalSocket, unframed } from "../../client/terminal.ts";
import type { Offset } from "../../core/ports.ts";

/** What a terminal's connection tells. */
export interface Listener {
  /** New bytes; `done` when they are on the screen. */
  bytes(bytes: Uint8Array, done: () => void): void;
  size(cols: number, rows: number): void;
  ended(status: string): void;
  /** Bytes are missing from here on: the screen begins anew. */
  skipped(): void;
  refused(reason: string): void;
  loggedOut(): void;
}

/** Acknowledged every so many bytes shown. */
const ACK = 64 * 1024;
const AGAIN_MS = [200, 500, 1000, 2000, 4000];

/** One agent's terminal over a WebSocket; connects again where it was. */
export class Connection {
  private socket: WebSocket | null = null;
  private next: Offset | undefined;
  private acked: Offset = 0;
  private failures = 0;
  private timer: Timer | undefined;
  private isClosed = false;

  constructor(
    private readonly agent: string,
    private readonly token: string,
    private readonly listener: Listener,
  ) {
    this.open();
  }

  keys(data: string): void {
    this.send({ type: "keys", data });
  }

  resize(cols: number, rows: number): void {
    this.send({ type: "resize", cols, rows });
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private send(wish: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(wish));
  }

  private open(): void {
    const socket = terminalSocket({ url: "", token: this.token }, this.agent, this.next);
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      this.failures = 0;
      if (typeof data === "string") this.note(JSON.parse(data));
      else this.take(data);
    };
    socket.onclose = ({ code }) => this.lost(code);
  }

  /** Only what continues the count is shown: a repeat is cut, and a gap begins a new screen. */
  private take(frame: ArrayBuffer): void {
    const { offset, bytes } = unframed(frame);
    const known = this.next ?? offset;
    const fresh = bytes.subarray(Math.max(0, known - offset));
    if (offset > known) this.listener.skipped();
    const end = offset + bytes.length;
    this.next = Math.max(known, end);
    if (fresh.length > 0) this.listener.bytes(fresh, () => this.ack(end));
  }

  private ack(end: Offset): void {
    if (end - this.acked < ACK) return;
    this.acked = end;
    this.send({ type: "ack", offset: end });
  }

  private note(note: { type: string; cols: number; rows: number; status: string; reason: string; to: Offset }): void {
    if (note.type === "size") this.listener.size(note.cols, note.rows);
    if (note.type === "completed") this.listener.ended(note.status);
    if (note.type === "refused") this.listener.refused(note.reason);
    if (note.type === "skipped") {
      this.next = note.to;
      this.acked = note.to;
      this.listener.skipped();
    }
  }

  private lost(code: number): void {
    if (this.isClosed) return;
    if (code === 4401) this.listener.loggedOut();
    else if (code === 4404) this.listener.refused("there is no such agent");
    else this.openAgain();
  }

  private openAgain(): void {
    const delay = AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.open(), delay);
  }
}
