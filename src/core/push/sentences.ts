import { plain, quiet, type Sayings } from "../saying.ts";
import type { State } from "../state.ts";
import { OVER, type PushFact } from "./facts.ts";

const labelOf = ({ pushes }: State, device: string): string => pushes.devices[device]?.label ?? device;
const need = (count: number): string => (count === 1 ? "one thing needs you" : `${count} things need you`);

export const PUSH_SAYINGS: Sayings<PushFact["type"]> = {
  "device.added": ({ device, label }) => ({ ...plain(`is notified from now on: ${label}`), who: device }),
  "device.removed": ({ device, reason }) => ({ ...plain(`is notified no more: ${reason}`), who: device }),
  "push.planned": ({ push, needs }) => ({ ...quiet(`devices are told: ${need(needs.length)}`), who: push }),
  "push.sent": ({ push, device }, state) => ({ ...quiet(`sent to ${labelOf(state, device)}`), who: push }),
  "push.dropped": ({ push, device, reason }, state) => ({
    ...{ tone: reason === OVER ? "quiet" : "warn", who: push },
    text: `not sent to ${labelOf(state, device)}: ${reason}`,
  }),
  "push.settled": ({ needs }) => ({ ...quiet(`${need(needs.length)} no more`), who: "push" }),
};
