/** The encryption of web push (RFC 8291 over RFC 8188): only the browser that subscribed can read a message. */

/** Every message has this length, so that its length says nothing; a text may have 2,000 bytes. */
const PADDED = 2048;
const LONGEST = PADDED - 1;
const RECORD = 4096;
const LAST = 2;

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts));

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "base64url"));
export const toBase64 = (bytes: ArrayBuffer | Uint8Array): string =>
  Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString("base64url");

/** What a browser gave when it subscribed. */
export interface Reader {
  p256dh: string;
  auth: string;
}

/** What is made anew for each message. */
interface Fresh {
  keys: CryptoKeyPair;
  salt: Uint8Array<ArrayBuffer>;
  padded: number;
}

async function fresh(): Promise<Fresh> {
  const keys = (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"])) as CryptoKeyPair;
  return { keys, salt: crypto.getRandomValues(new Uint8Array(16)), padded: PADDED };
}

/**
 * Waits for a key that may be none. In Bun 1.4.4 a failed import of a curve's key stays behind as an error of the thread, and the
 * next `CryptoHasher` with a secret, somebody else's, throws it: so one of ours takes it away.
 */
export async function imported(key: Promise<CryptoKey>): Promise<CryptoKey> {
  try {
    return await key;
  } catch (error) {
    try {
      new Bun.CryptoHasher("sha256", "x").update("x").digest();
    } catch {
      // What stayed behind.
    }
    throw error;
  }
}

/** A point on the curve, or it throws. */
const publicKey = (p256dh: string): Promise<CryptoKey> =>
  imported(crypto.subtle.importKey("raw", fromBase64(p256dh), CURVE, true, []));

/** Are these keys that a message can be encrypted for? */
export async function isReader({ p256dh, auth }: Reader): Promise<boolean> {
  if (fromBase64(auth).length !== 16 || fromBase64(p256dh).length !== 65) return false;
  return publicKey(p256dh).then(
    () => true,
    () => false,
  );
}

async function derived(secret: Uint8Array<ArrayBuffer>, salt: Uint8Array<ArrayBuffer>, info: Uint8Array, size: number) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const order = { name: "HKDF", hash: "SHA-256", salt, info: joined(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(order, key, size * 8));
}

/** Key and nonce of the one record, from what both sides know. */
export async function recordKeys(
  shared: Uint8Array<ArrayBuffer>,
  auth: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  reader: Uint8Array,
  sender: Uint8Array,
): Promise<{ key: Uint8Array<ArrayBuffer>; nonce: Uint8Array<ArrayBuffer> }> {
  const secret = await derived(shared, auth, joined(ascii("WebPush: info\0"), reader, sender), 32);
  return {
    key: await derived(secret, salt, ascii("Content-Encoding: aes128gcm\0"), 16),
    nonce: await derived(secret, salt, ascii("Content-Encoding: nonce\0"), 12),
  };
}

/** The body of a message for this browser, as `aes128gcm`. Throws for a text that is too long. */
export async function sealed(text: string, to: Reader, made?: Fresh): Promise<Uint8Array<ArrayBuffer>> {
  const { keys, salt, padded } = made ?? (await fresh());
  const plain = ascii(text);
  if (plain.length > LONGEST) throw new Error(`a message has ${plain.length} bytes; at most ${LONGEST}`);
  const order = { name: "ECDH", public: await publicKey(to.p256dh) };
  const shared = new Uint8Array(await crypto.subtle.deriveBits(order, keys.privateKey, 256));
  const sender = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  const record = await recordKeys(shared, fromBase64(to.auth), salt, fromBase64(to.p256dh), sender);
  const key = await crypto.subtle.importKey("raw", record.key, "AES-GCM", false, ["encrypt"]);
  const filled = joined(plain, Uint8Array.of(LAST), new Uint8Array(Math.max(0, padded - plain.length - 1)));
  const hidden = await crypto.subtle.encrypt({ name: "AES-GCM", iv: record.nonce }, key, filled);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, RECORD);
  return joined(salt, size, Uint8Array.of(sender.length), sender, new Uint8Array(hidden));
}
