import type { Event, FactType } from "../facts.ts";
import type { Millis } from "../ids.ts";
import { type State, table } from "../state.ts";
import { OVER, type PushFact } from "./facts.ts";
import type { DeviceId, PushId } from "./port.ts";

/** One device has its answer, or will get none. */
function close({ pushes }: State, push: PushId, device: DeviceId): void {
  const open = pushes.open[push];
  if (!open) return;
  open.waiting = open.waiting.filter((one) => one !== device);
  if (open.waiting.length === 0) delete pushes.open[push];
}

function note(state: State, push: PushId, device: DeviceId, at: Millis, reason: string): void {
  close(state, push, device);
  const known = state.pushes.devices[device];
  if (known && reason !== OVER) known.last = { at, reason };
}

function remove(state: State, device: DeviceId): void {
  const { pushes } = state;
  delete pushes.devices[device];
  for (const push of Object.keys(pushes.open)) close(state, push, device);
}

const FOLDS: { [T in PushFact["type"]]: (state: State, event: Event<T>) => void } = {
  "device.added": ({ pushes }, { device, label, known, at }) => {
    // The first one begins anew.
    if (Object.keys(pushes.devices).length === 0) pushes.told = table(known.map((key) => [key, true]));
    pushes.devices[device] = { label, addedAt: at };
  },
  "device.removed": (state, { device }) => remove(state, device),
  "push.planned": ({ pushes }, { push, needs, at }) => {
    for (const key of needs) pushes.told[key] = true;
    pushes.open[push] = { plannedAt: at, needs, waiting: Object.keys(pushes.devices) };
  },
  "push.sent": (state, { push, device, at }) => note(state, push, device, at, ""),
  "push.dropped": (state, { push, device, at, reason }) => note(state, push, device, at, reason),
  "push.settled": ({ pushes }, { needs }) => {
    for (const key of needs) delete pushes.told[key];
  },
};

export function foldPush(state: State, event: Event): void {
  (FOLDS as Partial<Record<FactType, (state: State, event: Event) => void>>)[event.type]?.(state, event);
}
