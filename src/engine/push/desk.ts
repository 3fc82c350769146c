import { observe } from "../../core/commands.ts";
import { DAEMON, type Principal } from "../../core/ids.ts";
import { needs } from "../../core/needs.ts";
import type { DeviceRow, Tried } from "../../core/push/api.ts";
import { type DeviceId, deviceIdOf, type Subscription } from "../../core/push/port.ts";
import { Refusal } from "../../core/refusal.ts";
import type { PushWorld } from "./world.ts";

/** Seconds: who asks for a test waits for it. */
const TEST_TTL = 60;
const TEST = {
  ...{ title: "A test from Muster", body: "This device is notified when something needs you." },
  ...{ link: "#/notifications", tag: "test" },
};

/** A person's devices: which there are, and what they are told. */
export class PushDesk {
  constructor(private readonly world: PushWorld) {}

  rows(): DeviceRow[] {
    const all = Object.entries(this.world.state().pushes.devices);
    return all.map(([device, { label, addedAt, last }]) => ({ device, label, addedAt, last: last ?? null }));
  }

  key(): Promise<string> {
    return this.world.line.key();
  }

  /** The same browser again is the same device, with its new keys. */
  async add(subscription: Subscription, label: string, by: Principal): Promise<DeviceRow> {
    const { line, clock, state, dispatch, sha256 } = this.world;
    const device = deviceIdOf(sha256(subscription.endpoint));
    await line.keep(device, subscription);
    try {
      const known = needs(state(), clock.now()).map(({ key }) => key);
      dispatch({ do: "enlist", device, label, known }, by);
    } catch (error) {
      await line.forget(device);
      throw error;
    }
    return this.row(device);
  }

  async remove(device: DeviceId, by: Principal): Promise<{ device: DeviceId }> {
    this.world.dispatch({ do: "delist", device }, by);
    await this.world.line.forget(device);
    return { device };
  }

  /** Sends a test now, to one device or to all. */
  async test(device: DeviceId | undefined, signal: AbortSignal): Promise<Tried[]> {
    const rows = device === undefined ? this.rows() : [this.row(device)];
    if (rows.length === 0)
      throw new Refusal("state", "no device is notified", "open the page there: Notifications, Notify this device");
    return Promise.all(rows.map((row) => this.tried(row, signal)));
  }

  private async tried({ device, label }: DeviceRow, signal: AbortSignal): Promise<Tried> {
    const { line, dispatch } = this.world;
    const how = { ttl: TEST_TTL, urgency: "high", topic: "test" } as const;
    const sent = await line.send(device, TEST, how, signal);
    if (sent.is === "sent") return { device, label, isSent: true, reason: "" };
    if (sent.is === "gone") {
      await line.forget(device);
      dispatch(observe({ type: "device.removed", device, reason: sent.reason }), DAEMON);
    }
    return { device, label, isSent: false, reason: sent.reason };
  }

  private row(device: DeviceId): DeviceRow {
    const found = this.rows().find((row) => row.device === device);
    if (found) return found;
    throw new Refusal("missing", `no device ${device}`, "muster dashboard --devices lists them");
  }
}
