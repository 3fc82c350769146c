import type { Millis } from "../ids.ts";
import type { DeviceId } from "./port.ts";

/** A device as people see it. */
export interface DeviceRow {
  device: DeviceId;
  label: string;
  addedAt: Millis;
  /** What became of the latest message; an empty reason = it left. */
  last: { at: Millis; reason: string } | null;
}

/** What became of a test. */
export interface Tried {
  device: DeviceId;
  label: string;
  isSent: boolean;
  reason: string;
}
