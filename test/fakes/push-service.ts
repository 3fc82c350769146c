import type { Server } from "bun";
import { fromBase64, recordKeys, toBase64 } from "../../src/push/message.ts";
import { type Post, postPush } from "../../src/push/service.ts";

/** What a device would show, and how it was sent. */
export interface Arrived {
  device: string;
  text: { title: string; body: string; link: string; tag: string };
  headers: { ttl: number; urgency: string; topic: string };
  claims: { aud: string; exp: number; sub: string };
}

interface Browser {
  keys: CryptoKeyPair;
  point: Uint8Array<ArrayBuffer>;
  auth: Uint8Array<ArrayBuffer>;
  /** The sender that subscribed it; no other one is let through. */
  sender: string;
  isGone: boolean;
}

const HOST = "fcm.googleapis.com";
const json = (part: string) => JSON.parse(new TextDecoder().decode(fromBase64(part)));

/**
 * A push service that believes nothing: it asks for every header of the standards, verifies who sends, and opens the message with
 * the keys of the browser it is for. Anything wrong is an answer of 400 or 403 and stands in `complaints`. It listens on loopback
 * without TLS; `post` leads what is meant for the real host to it, and is the only way here.
 */
export class FakePushHost {
  readonly arrived: Arrived[] = [];
  readonly complaints: string[] = [];
  /** Answers that come before anything is looked at, each once. */
  readonly next: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  /** A status that every request gets. */
  always: number | null = null;
  requests = 0;
  private readonly browsers = new Map<string, Browser>();
  private readonly server: Server<undefined>;
  private waiting: { count: number; done: () => void }[] = [];

  constructor(private readonly now: () => number = Date.now) {
    this.server = Bun.serve({
      ...{ hostname: "127.0.0.1", port: 0, development: false as const },
      fetch: (request) => this.answer(request),
    });
  }

  /** A browser subscribes for messages of this sender. */
  async subscribe(device: string, sender: string) {
    const keys = (await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, [
      "deriveBits",
    ])) as CryptoKeyPair;
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
    const auth = crypto.getRandomValues(new Uint8Array(16));
    this.browsers.set(device, { keys, point, auth, sender, isGone: false });
    return { endpoint: `https://${HOST}/wp/${device}`, p256dh: toBase64(point), auth: toBase64(auth) };
  }

  unsubscribe(device: string): void {
    const browser = this.browsers.get(device);
    if (browser) browser.isGone = true;
  }

  get post(): Post {
    return (endpoint, headers, body, signal) => {
      if (endpoint.origin !== `https://${HOST}`) throw new Error(`a test wanted to reach ${endpoint.host}`);
      return postPush(new URL(endpoint.pathname, this.server.url), headers, body, signal);
    };
  }

  /** Resolves when so many messages have arrived. */
  async until(count: number): Promise<void> {
    if (this.arrived.length >= count) return;
    await new Promise<void>((done) => this.waiting.push({ count, done }));
  }

  async stop(): Promise<void> {
    await this.server.stop(true);
  }

  private async answer(request: Request): Promise<Response> {
    this.requests += 1;
    const planned = this.next.shift() ?? (this.always === null ? undefined : { status: this.always });
    if (planned) return new Response("body" in planned ? planned.body : null, planned);
    const device = new URL(request.url).pathname.replace("/wp/", "");
    const browser = this.browsers.get(device);
    if (!browser || browser.isGone) return new Response("gone", { status: browser ? 410 : 404 });
    try {
      const arrived = await this.opened(device, browser, request);
      this.arrived.push(arrived);
      for (const { done } of this.waiting.filter(({ count }) => this.arrived.length >= count)) done();
      return new Response(null, { status: 201, headers: { location: `https://${HOST}/m/1` } });
    } catch (error) {
      this.complaints.push(String(error));
      return new Response(String(error), { status: 400 });
    }
  }

  private async opened(device: string, browser: Browser, request: Request): Promise<Arrived> {
    const header = (name: string): string => {
      const value = request.headers.get(name);
      if (value === null) throw new Error(`no ${name}`);
      return value;
    };
    const [ttl, urgency, topic] = [header("ttl"), header("urgency"), header("topic")];
    if (request.method !== "POST" || !/^\d+$/.test(ttl)) throw new Error(`ttl ${ttl}`);
    if (!["very-low", "low", "normal", "high"].includes(urgency)) throw new Error(`urgency ${urgency}`);
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(topic)) throw new Error(`topic ${topic}`);
    if (header("content-encoding") !== "aes128gcm") throw new Error("encoding");
    const claims = await this.verified(header("authorization"), browser.sender);
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > 4096) throw new Error(`${body.length} bytes`);
    const text = JSON.parse(await opened(body, browser.keys.privateKey, browser.point, browser.auth));
    return { device, text, headers: { ttl: Number(ttl), urgency, topic }, claims };
  }

  private async verified(authorization: string, sender: string): Promise<Arrived["claims"]> {
    const [, token = "", key = ""] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
    if (key !== sender) throw new Error("another sender than the browser subscribed to");
    const [head = "", claims = "", signature = ""] = token.split(".");
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const verifier = await crypto.subtle.importKey("raw", fromBase64(key), curve, false, ["verify"]);
    const signed = new TextEncoder().encode(`${head}.${claims}`);
    const order = { name: "ECDSA", hash: "SHA-256" };
    if (json(head).alg !== "ES256" || !(await crypto.subtle.verify(order, verifier, fromBase64(signature), signed)))
      throw new Error("the signature is not the sender's");
    const { aud, exp, sub } = json(claims);
    const now = this.now() / 1000;
    if (aud !== `https://${HOST}`) throw new Error(`aud ${aud}`);
    if (!(exp > now && exp <= now + 86_400)) throw new Error(`exp ${exp - now}`);
    if (!/^(https:\/\/|mailto:)(?!localhost)\w/.test(sub)) throw new Error(`sub ${sub}`);
    return { aud, exp, sub };
  }
}

/** Opens a body with the private key of the browser it is for (RFC 8291, RFC 8188). */
export async function opened(
  body: Uint8Array,
  own: CryptoKey,
  point: Uint8Array<ArrayBuffer>,
  auth: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const view = new DataView(body.buffer, body.byteOffset);
  const salt = new Uint8Array(body.subarray(0, 16));
  const size = body[20] ?? 0;
  const sender = new Uint8Array(body.subarray(21, 21 + size));
  const hidden = new Uint8Array(body.subarray(21 + size));
  if (hidden.length > view.getUint32(16)) throw new Error("more than one record");
  const their = await crypto.subtle.importKey("raw", sender, { name: "ECDH", namedCurve: "P-256" }, false, []);
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: their }, own, 256));
  const { key, nonce } = await recordKeys(shared, auth, salt, point, sender);
  const opener = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, opener, hidden));
  const end = plain.findLastIndex((byte) => byte !== 0);
  if (plain[end] !== 2) throw new Error("no delimiter of the last record");
  return new TextDecoder("utf-8", { fatal: true }).decode(plain.subarray(0, end));
}
