import type { Key, Terminals } from "../core/ports.ts";
import { type Agent, isAlive } from "../core/state.ts";
import { visible } from "../core/text.ts";
import type { Leases } from "../engine/leases.ts";

/** Presses that may wait; a viewer who sends more is a flood. */
const WAITING = 500;
/** Characters of one press. */
const PIECE = 4096;
/** After so many presses others get their turn at the terminal. */
const TURN = 32;

const inPieces = (text: string): Key[][] => {
  const letters = [...text];
  const pieces: Key[][] = [];
  for (let at = 0; at < letters.length; at += PIECE) pieces.push([{ text: letters.slice(at, at + PIECE).join("") }]);
  return pieces;
};

/** Types what one viewer sends, in order, under the terminal's lease: never in between a delivery's paste and Enter. */
export class Typist {
  private readonly waiting: Key[][] = [];
  private isTyping = false;

  constructor(
    private readonly parts: { terminals: Pick<Terminals, "press">; leases: Leases },
    private readonly agent: () => Agent | undefined,
    /** Told why something could not be typed. */
    private readonly refuse: (reason: string) => void,
  ) {}

  /** Raw keys, as a terminal sends them. False = too many wait. */
  keys(text: string): boolean {
    return this.add(inPieces(text));
  }

  /** One line and Enter; controls in it are made visible. */
  line(text: string): boolean {
    return this.add([...inPieces(visible(text).replaceAll("\n", " ")), [{ key: "Enter" }]]);
  }

  private add(presses: Key[][]): boolean {
    if (this.waiting.length + presses.length > WAITING) return false;
    this.waiting.push(...presses);
    if (!this.isTyping) void this.type();
    return true;
  }

  private async type(): Promise<void> {
    this.isTyping = true;
    try {
      while (this.waiting.length > 0) await this.turn();
    } catch (error) {
      this.waiting.length = 0;
      this.refuse(error instanceof Error ? error.message : "the terminal is gone");
    } finally {
      this.isTyping = false;
    }
  }

  private async turn(): Promise<void> {
    const { terminals, leases } = this.parts;
    const id = this.agent()?.hire.agent;
    if (id === undefined) throw new Error("no such agent");
    const release = await leases.take(id);
    try {
      for (let count = 0; count < TURN; count++) {
        const keys = this.waiting.shift();
        if (!keys) return;
        const agent = this.agent();
        if (!agent || !isAlive(agent) || agent.pane === undefined) throw new Error("the agent is not running");
        await terminals.press(agent.pane, keys);
      }
    } finally {
      release();
    }
  }
}
