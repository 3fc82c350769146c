import { SYSTEM, USER } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";

/** How the receiver knows somebody: `user`, `system`, a seat, or an agent's id. */
export const senderName = (state: State, from: string): string =>
  from === USER || from === SYSTEM ? from : (state.agents[from]?.hire.seat ?? from);
