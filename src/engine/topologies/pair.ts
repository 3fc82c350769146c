import type { Letter } from "../../core/commands.ts";
import { type Mid, SYSTEM, USER } from "../../core/ids.ts";
import type { Order } from "../system/place.ts";
import { systemText } from "../system/texts.ts";

export interface PairOrder extends Order {
  brief: string;
  task?: string;
  mid(): Mid;
}

/** First letters of a team: SYSTEM to everyone, then the task. */
export function pairLetters(order: PairOrder): Letter[] {
  const { hires, task, team, brief } = order;
  const system = hires.map((hire): Letter => {
    const text = systemText(order, hire.seat, brief);
    return { mid: order.mid(), from: SYSTEM, to: hire.agent, kind: "system", text, team };
  });
  if (!task) return system;
  const tasks = hires.map(
    (hire): Letter => ({ mid: order.mid(), from: USER, to: hire.agent, kind: "letter", text: task, team }),
  );
  return [...system, ...tasks];
}
