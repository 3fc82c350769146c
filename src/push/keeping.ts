import { open, readFile, rename } from "node:fs/promises";
import type { DeviceId, Subscription } from "../core/push/port.ts";
import { Refusal } from "../core/refusal.ts";
import { createVapidKeys, type VapidKeys } from "./vapid.ts";

/** All that is secret about pushes. */
interface Kept {
  vapid?: VapidKeys;
  devices: Record<DeviceId, Subscription>;
}

/** Written beside, made durable and renamed: a crash leaves the old file or the new one. */
async function writeDurably(path: string, kept: Kept): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(kept, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function readKept(path: string): Promise<Kept> {
  const text = await readFile(path, "utf8").catch((error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return '{"devices":{}}';
    throw error;
  });
  try {
    const kept = JSON.parse(text) as Kept;
    if (typeof kept.devices === "object" && kept.devices !== null) return kept;
  } catch {
    // Said below, without a word of what is in it.
  }
  throw new Refusal("failed", `${path} cannot be read`, "move it away, then add the devices again");
}

/** The keys of Muster and of the devices, in one private file of the home; nothing is kept in memory. */
export class PushKeeping {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  of(device: DeviceId): Promise<Subscription | undefined> {
    return this.inTurn(async () => {
      const { devices } = await readKept(this.path);
      return Object.hasOwn(devices, device) ? devices[device] : undefined;
    });
  }

  /** Our own keys, made once. */
  vapid(): Promise<VapidKeys> {
    return this.inTurn(async () => {
      const kept = await readKept(this.path);
      if (kept.vapid) return kept.vapid;
      const vapid = await createVapidKeys();
      await writeDurably(this.path, { ...kept, vapid });
      return vapid;
    });
  }

  put(device: DeviceId, subscription: Subscription): Promise<void> {
    return this.inTurn(async () => {
      const kept = await readKept(this.path);
      await writeDurably(this.path, { ...kept, devices: { ...kept.devices, [device]: subscription } });
    });
  }

  remove(device: DeviceId): Promise<void> {
    return this.inTurn(async () => {
      const kept = await readKept(this.path);
      const { [device]: gone, ...devices } = kept.devices;
      if (gone) await writeDurably(this.path, { ...kept, devices });
    });
  }

  keepOnly(known: DeviceId[]): Promise<void> {
    return this.inTurn(async () => {
      const kept = await readKept(this.path);
      const devices = Object.entries(kept.devices).filter(([device]) => known.includes(device));
      if (devices.length === Object.keys(kept.devices).length) return;
      await writeDurably(this.path, { ...kept, devices: Object.fromEntries(devices) });
    });
  }

  /** One at a time: each reads what the one before has written. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work, work);
    this.last = turn.catch(() => {});
    return turn;
  }
}
