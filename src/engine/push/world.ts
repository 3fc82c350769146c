import type { Command } from "../../core/commands.ts";
import type { Principal } from "../../core/ids.ts";
import type { Clock, Random } from "../../core/ports.ts";
import type { PushLine } from "../../core/push/port.ts";
import type { State } from "../../core/state.ts";

export interface PushWorld {
  clock: Pick<Clock, "now" | "monotonic">;
  random: Random;
  line: PushLine;
  state(): State;
  dispatch(command: Command, by: Principal): void;
  /** In hexadecimal digits. */
  sha256(text: string): string;
}
