import type { Millis } from "../ids.ts";

/** A browser that is told what needs a person: `d-` and 8 hex digits of its endpoint's digest. */
export type DeviceId = string;
export const deviceIdOf = (digest: string): DeviceId => `d-${digest.slice(0, 8)}`;

/** One message to all devices: `p-` and 8 hex digits. */
export type PushId = string;

/** Where a browser is told something, and by which keys. All of it is secret. */
export interface Subscription {
  endpoint: string;
  /** The browser's public key, 65 bytes in base64url. */
  p256dh: string;
  /** 16 bytes in base64url. */
  auth: string;
  /** Whom a push service may ask about us: the page's own address, if it has one with https. */
  contact?: string;
}

/** What a device shows. Nobody on the way can read it. */
export interface PushText {
  title: string;
  body: string;
  /** The place in the page where it is settled, `#/…`. */
  link: string;
  /** A text with the tag of one that is shown takes its place. */
  tag: string;
}

/** How a push service is to treat a message. */
export interface Urgency {
  /** Seconds until nobody needs it any more. */
  ttl: number;
  urgency: "normal" | "high";
  /** A message that waits for its device is replaced by one of the same topic. */
  topic: string;
}

/** What became of one sending. */
export type Sent =
  | { is: "sent" }
  /** The browser has ended its subscription. */
  | { is: "gone"; reason: string }
  | { is: "never"; reason: string }
  /** `ms`: the service named a time to wait. */
  | { is: "later"; reason: string; ms?: Millis };

/** The way to the push services of browsers, with the keys that lie in the home. */
export interface PushLine {
  /** The public key by which browsers know us, made when it is first asked for. */
  key(): Promise<string>;
  /** Keeps where a device is told; throws a Refusal for keys that are none. */
  keep(device: DeviceId, subscription: Subscription): Promise<void>;
  forget(device: DeviceId): Promise<void>;
  /** Nothing is kept of any other device than these. */
  sweep(known: DeviceId[]): Promise<void>;
  /** Gone: nothing is kept of this device. */
  send(device: DeviceId, text: PushText, how: Urgency, signal: AbortSignal): Promise<Sent>;
}
