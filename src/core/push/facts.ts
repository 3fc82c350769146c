import type { DeviceId, PushId } from "./port.ts";

/** Telling a person's devices that something needs them. Where and by which keys never stands in a fact. */
export type PushFact =
  /** A person's browser is told from now on. `known`: needs that are there already; nobody is told of them. */
  | { type: "device.added"; device: DeviceId; label: string; known: string[] }
  | { type: "device.removed"; device: DeviceId; reason: string }
  /** Every device is to be told of these needs, by one message; written down before it leaves. */
  | { type: "push.planned"; push: PushId; needs: string[] }
  | { type: "push.sent"; push: PushId; device: DeviceId }
  /** This device will not be told. */
  | { type: "push.dropped"; push: PushId; device: DeviceId; reason: string }
  /** These needs are over: should they come again, they are told again. */
  | { type: "push.settled"; needs: string[] };

/** Why a device was not told of what nobody needs to know any more. */
export const OVER = "it is over";

/** Only the daemon sees these. */
export const PUSH_OBSERVED = [
  "device.removed",
  "push.planned",
  "push.sent",
  "push.dropped",
  "push.settled",
] as const satisfies readonly PushFact["type"][];
