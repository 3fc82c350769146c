import type { Millis } from "../ids.ts";
import type { DeviceId, PushId } from "./port.ts";

/** A browser that is told. */
export interface Device {
  label: string;
  addedAt: Millis;
  /** What became of the latest message for it; an empty reason = it left. */
  last?: { at: Millis; reason: string };
}

/** A message that is on its way to some devices. */
export interface OpenPush {
  plannedAt: Millis;
  /** Keys of what it tells of. */
  needs: string[];
  waiting: DeviceId[];
}

export interface Pushes {
  devices: Record<DeviceId, Device>;
  /** Keys of what needs a person and was told, or need not be. */
  told: Record<string, true>;
  open: Record<PushId, OpenPush>;
}
