import type { Clock } from "../core/ports.ts";
import { pushEndpoint } from "../core/push/endpoint.ts";
import type { DeviceId, PushLine, PushText, Sent, Subscription, Urgency } from "../core/push/port.ts";
import { Refusal } from "../core/refusal.ts";
import { PushKeeping } from "./keeping.ts";
import { isReader, sealed } from "./message.ts";
import { meaning, type Post, postPush } from "./service.ts";
import { vapid } from "./vapid.ts";

interface LineParts {
  /** The private file with all keys. */
  path: string;
  clock: Pick<Clock, "now">;
  /** Hosts that the person allows besides the known services. */
  hosts(): readonly string[];
  /** How messages leave; a test names another way. */
  post?: Post;
}

/** Web push by the platform's own cryptography. Without a device it opens no connection. */
export class WebPushLine implements PushLine {
  private readonly keeping: PushKeeping;
  private readonly post: Post;

  constructor(private readonly parts: LineParts) {
    this.keeping = new PushKeeping(parts.path);
    this.post = parts.post ?? postPush;
  }

  async key(): Promise<string> {
    return (await this.keeping.vapid()).publicKey;
  }

  async keep(device: DeviceId, subscription: Subscription): Promise<void> {
    pushEndpoint(subscription.endpoint, this.parts.hosts());
    if (!(await isReader(subscription)))
      throw new Refusal("usage", "p256dh and auth: these are no keys of a browser", "load the page and try again");
    await this.keeping.put(device, subscription);
  }

  forget(device: DeviceId): Promise<void> {
    return this.keeping.remove(device);
  }

  sweep(known: DeviceId[]): Promise<void> {
    return this.keeping.keepOnly(known);
  }

  async send(device: DeviceId, text: PushText, how: Urgency, signal: AbortSignal): Promise<Sent> {
    const found = await this.keeping.of(device);
    if (!found) return { is: "gone", reason: "its keys are not there any more" };
    const { clock, hosts } = this.parts;
    let host = "";
    try {
      // Asked again: the person may have taken a host back.
      const endpoint = pushEndpoint(found.endpoint, hosts());
      host = endpoint.host;
      const headers = await this.headers(endpoint, how, found.contact);
      const { status, retryAfter } = await this.post(
        endpoint,
        headers,
        await sealed(JSON.stringify(text), found),
        signal,
      );
      return meaning(host, status, retryAfter, clock.now());
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof Refusal) return { is: "never", reason: error.message };
      // Bun's own words name the whole address, which is a secret.
      return { is: "later", reason: `no answer from ${host}` };
    }
  }

  private async headers(endpoint: URL, { ttl, urgency, topic }: Urgency, contact?: string) {
    return {
      ttl: String(ttl),
      ...{ urgency, topic },
      "content-encoding": "aes128gcm",
      "content-type": "application/octet-stream",
      authorization: await vapid(endpoint, await this.keeping.vapid(), this.parts.clock.now(), contact),
    };
  }
}
