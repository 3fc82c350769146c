import type { ServerWebSocket, WebSocketHandler } from "bun";
import type { Event } from "../core/facts.ts";
import type { AgentId, Millis, Principal } from "../core/ids.ts";
import { agentState } from "../core/job-state.ts";
import type { Offset } from "../core/ports.ts";
import { type Agent, isAlive } from "../core/state.ts";
import type { FactSocket } from "./event-socket.ts";
import { CLOSE, cleanStart, frame, type Note, type Wish, wishOf } from "./frames.ts";
import type { ServerParts } from "./parts.ts";
import { Typist } from "./typist.ts";

/** What an upgrade hands over. */
export interface Viewing {
  agent: AgentId | null;
  by: Principal;
  until: Millis;
  /** Where to begin; absent = the last 256 KB. */
  from?: Offset;
  /** Set when the socket is open. */
  viewer?: Viewer;
  /** It follows facts instead of a terminal. */
  facts?: FactSocket;
}

type Socket = ServerWebSocket<Viewing>;

/** Bytes that the socket may hold unsent. */
const HIGH = 256 * 1024;
/** Bytes sent but not yet shown, once a viewer acknowledges at all. */
const UNSHOWN = 512 * 1024;
/** Further behind than this a viewer is taken to the end. */
const BEHIND = 4 * 1024 * 1024;
const TAIL = 256 * 1024;
const LONGEST_MESSAGE = 1024 * 1024;
/** Messages within one second. */
const FLOOD = 2000;

/** One open terminal on somebody's screen: pulls from the record as fast as the viewer shows it. */
class Viewer {
  readonly ending = new AbortController();
  private shown: Offset | null = null;
  private wake: (() => void) | null = null;
  private second = 0;
  private count = 0;
  private readonly typist: Typist;

  constructor(
    private readonly socket: Socket,
    private readonly parts: ServerParts,
    readonly agent: AgentId,
  ) {
    this.typist = new Typist(
      parts,
      () => this.current(),
      (reason) => this.tell({ type: "refused", reason }),
    );
  }

  tell(note: Note): void {
    this.socket.send(JSON.stringify(note));
  }

  /** Room may have come. */
  go(): void {
    this.wake?.();
    this.wake = null;
  }

  async follow(): Promise<void> {
    const agent = this.current();
    if (!agent) return;
    const path = this.parts.output.pathOf(agent);
    const size = this.parts.output.size(path);
    let at = Math.min(this.socket.data.from ?? this.clean(path, Math.max(0, size - TAIL)), size);
    while (!this.ending.signal.aborted) at = await this.stream(path, at);
  }

  async tellSize(): Promise<void> {
    const agent = this.current();
    if (!agent || !isAlive(agent) || agent.pane === undefined) return;
    const screen = await this.parts.terminals.screen(agent.pane).catch(() => null);
    if (screen && !this.ending.signal.aborted) this.tell({ type: "size", cols: screen.cols, rows: screen.rows });
  }

  tellEnd(): void {
    const agent = this.current();
    if (agent) this.tell({ type: "completed", status: agentState(this.parts.engine.state, agent) });
  }

  /** Does what the viewer wishes; a number = close with that code. */
  hear(text: string): number | undefined {
    if (this.isFlood()) return CLOSE.flood;
    const wish = wishOf(text);
    if (!wish) return CLOSE.invalid;
    if (wish.type === "ack") {
      this.shown = wish.offset;
      return this.go() as undefined;
    }
    if (this.socket.data.by.kind !== "person") return CLOSE.right;
    return this.act(wish);
  }

  private act(wish: Exclude<Wish, { type: "ack" }>): number | undefined {
    if (wish.type === "resize") return this.resize(wish.cols, wish.rows) as undefined;
    const isTaken = wish.type === "keys" ? this.typist.keys(wish.data) : this.typist.line(wish.data);
    return isTaken ? undefined : CLOSE.flood;
  }

  private resize(cols: number, rows: number): void {
    const pane = this.current()?.pane;
    if (pane === undefined) return;
    const told = this.parts.terminals.resize(pane, cols, rows);
    told.then(
      () => this.tell({ type: "size", cols, rows }),
      (error) => this.tell({ type: "refused", reason: String(error?.message ?? error) }),
    );
  }

  private current(): Agent | undefined {
    return this.parts.engine.state.agents[this.agent];
  }

  private isFlood(): boolean {
    const second = Math.floor(this.parts.clock.monotonic() / 1000);
    if (second !== this.second) this.count = 0;
    this.second = second;
    this.count += 1;
    return this.count > FLOOD;
  }

  private clean(path: string, from: Offset): Offset {
    return from === 0 ? 0 : from + cleanStart(this.parts.output.read(path, from, from + 4096));
  }

  /** Sends from `at` on; returns where to go on, after a skip. */
  private async stream(path: string, at: Offset): Promise<Offset> {
    const { terminals, output } = this.parts;
    const { signal } = this.ending;
    let end = at;
    for await (const { offset, bytes } of terminals.watch(path, at, signal)) {
      await this.room(offset);
      if (signal.aborted) return offset;
      const size = output.size(path);
      if (size - offset > BEHIND) {
        const to = this.clean(path, size - TAIL);
        this.tell({ type: "skipped", from: offset, to });
        if (this.shown !== null) this.shown = to;
        return to;
      }
      this.socket.send(frame(offset, bytes));
      end = offset + bytes.length;
    }
    // The daemon's watcher ended, not the viewer.
    this.ending.abort();
    return end;
  }

  private async room(offset: Offset): Promise<void> {
    const isFull = () =>
      this.socket.getBufferedAmount() >= HIGH || (this.shown !== null && offset - this.shown >= UNSHOWN);
    while (isFull() && !this.ending.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** Agents whose terminal began or ended by this fact. */
const turnOf = (event: Event): { agent: AgentId; isOpen: boolean } | null => {
  if (event.type === "terminal.opened") return { agent: event.agent, isOpen: true };
  if (event.type === "terminal.exited" || event.type === "terminal.lost") return { agent: event.agent, isOpen: false };
  return null;
};

/** All viewers of all terminals. */
export class TerminalSockets {
  private readonly sockets = new Set<Socket>();
  private unsubscribe: (() => void) | null = null;

  constructor(private readonly parts: ServerParts) {}

  readonly handler: WebSocketHandler<Viewing> = {
    maxPayloadLength: LONGEST_MESSAGE,
    // A net under the pull above: a viewer that still overflows is closed, never fed with holes.
    backpressureLimit: 2 * LONGEST_MESSAGE,
    closeOnBackpressureLimit: true,
    perMessageDeflate: false,
    idleTimeout: 120,
    open: (socket) => this.open(socket),
    message: (socket, message) => {
      const viewer = this.isExpired(socket) ? undefined : socket.data.viewer;
      const code = typeof message === "string" ? viewer?.hear(message) : CLOSE.invalid;
      if (code !== undefined) socket.close(code);
    },
    drain: (socket) => socket.data.viewer?.go(),
    close: (socket) => this.leave(socket),
  };

  closeAll(code: number): void {
    for (const socket of [...this.sockets]) socket.close(code);
  }

  private open(socket: Socket): void {
    const { agent } = socket.data;
    if (agent === null) return void socket.close(CLOSE.unknown);
    const viewer = new Viewer(socket, this.parts, agent);
    socket.data.viewer = viewer;
    this.sockets.add(socket);
    this.unsubscribe ??= this.parts.engine.subscribe((events) => this.heard(events));
    void this.begin(socket, viewer);
  }

  /** Size first, so that the screen is as wide as what is drawn on it. */
  private async begin(socket: Socket, viewer: Viewer): Promise<void> {
    try {
      await viewer.tellSize();
      const agent = this.parts.engine.state.agents[viewer.agent];
      if (agent && !isAlive(agent) && agent.incarnation > 0 && !agent.opening) viewer.tellEnd();
      await viewer.follow();
    } catch (error) {
      console.error(`terminal ${viewer.agent}:`, error);
      socket.close(CLOSE.failed);
    }
  }

  private heard(events: Event[]): void {
    for (const event of events) {
      const turn = turnOf(event);
      if (!turn) continue;
      for (const { data } of this.sockets) {
        if (data.viewer?.agent !== turn.agent) continue;
        if (turn.isOpen) void data.viewer.tellSize();
        else data.viewer.tellEnd();
      }
    }
  }

  private isExpired(socket: Socket): boolean {
    if (this.parts.clock.now() < socket.data.until) return false;
    socket.close(CLOSE.token);
    return true;
  }

  private leave(socket: Socket): void {
    const { viewer } = socket.data;
    viewer?.ending.abort();
    viewer?.go();
    this.sockets.delete(socket);
    if (this.sockets.size > 0) return;
    this.unsubscribe?.();
    this.unsubscribe = null;
  }
}
