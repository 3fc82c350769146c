import type { Millis } from "../core/ids.ts";
import { fromBase64, imported, toBase64 } from "./message.ts";

/** By which push services know that all messages come from the same sender (RFC 8292). */
export interface VapidKeys {
  /** 65 bytes in base64url; browsers get it when they subscribe. */
  publicKey: string;
  /** 32 bytes in base64url. */
  privateKey: string;
}

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
/** Services ask for a contact; a page of this machine has none, and a name of this top level never leads anywhere (RFC 2606). */
const NOBODY = "https://muster.invalid";
/** A service may refuse more than a day; clocks differ. */
const VALID_S = 12 * 3600;

export async function createVapidKeys(): Promise<VapidKeys> {
  const pair = (await crypto.subtle.generateKey(CURVE, true, ["sign"])) as CryptoKeyPair;
  const { d = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { publicKey: toBase64(await crypto.subtle.exportKey("raw", pair.publicKey)), privateKey: d };
}

function signingKey({ publicKey, privateKey: d }: VapidKeys): Promise<CryptoKey> {
  const point = fromBase64(publicKey);
  const [x, y] = [toBase64(point.subarray(1, 33)), toBase64(point.subarray(33))];
  return imported(crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x, y, d }, CURVE, false, ["sign"]));
}

const part = (value: object): string => toBase64(new TextEncoder().encode(JSON.stringify(value)));

/** The `Authorization` header for a push to this endpoint: good for half a day, and for its host alone. */
export async function vapid(endpoint: URL, keys: VapidKeys, now: Millis, contact = NOBODY): Promise<string> {
  const claims = { aud: endpoint.origin, exp: Math.floor(now / 1000) + VALID_S, sub: contact };
  const text = `${part({ typ: "JWT", alg: "ES256" })}.${part(claims)}`;
  const order = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(order, await signingKey(keys), new TextEncoder().encode(text));
  return `vapid t=${text}.${toBase64(signature)}, k=${keys.publicKey}`;
}
