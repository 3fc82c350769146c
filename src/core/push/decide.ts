import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";
import { preview, visible } from "../text.ts";
import type { PushFact } from "./facts.ts";

const MOST_DEVICES = 20;
const LONGEST_LABEL = 60;

/** A device that is there already stays as it is: its keys may be new, its label was a person's. */
export function enlist({ pushes }: State, { device, label, known }: CommandOf<"enlist">): Fact[] {
  if (pushes.devices[device]) return [];
  if (Object.keys(pushes.devices).length >= MOST_DEVICES) {
    const hint = "muster dashboard --devices lists them, --forget ID removes one";
    throw new Refusal("state", `${MOST_DEVICES} devices are notified already`, hint);
  }
  const said = preview(visible(label), LONGEST_LABEL).trim();
  return [{ type: "device.added", device, label: said || "a browser", known }];
}

export function delist({ pushes }: State, { device }: CommandOf<"delist">): Fact[] {
  if (!pushes.devices[device])
    throw new Refusal("missing", `no device ${device}`, "muster dashboard --devices lists them");
  return [{ type: "device.removed", device, reason: "by you" }];
}

const isWaiting = ({ pushes }: State, { push, device }: { push: string; device: string }): boolean =>
  pushes.open[push]?.waiting.includes(device) === true;

/** A report about what is over says nothing new. */
export const PUSH_CHECKS: {
  [T in PushFact["type"]]?: (state: State, fact: Extract<PushFact, { type: T }>) => boolean;
} = {
  "device.removed": ({ pushes }, { device }) => pushes.devices[device] !== undefined,
  "push.planned": ({ pushes }, { needs }) =>
    Object.keys(pushes.devices).length > 0 && needs.some((key) => !pushes.told[key]),
  "push.sent": isWaiting,
  "push.dropped": isWaiting,
  "push.settled": ({ pushes }, { needs }) => needs.some((key) => pushes.told[key]),
};
