import { expect, test } from "bun:test";
import { opened } from "../../test/fakes/push-service.ts";
import { fromBase64, isReader, sealed, toBase64 } from "./message.ts";
import { vapid } from "./vapid.ts";

/** RFC 8291, section 5 and appendix A. */
const RFC = {
  plain: "When I grow up, I want to be a watermelon",
  sender: "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
  senderPrivate: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
  reader: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  readerPrivate: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
  salt: "DGv6ra1nlYgDCS1FRnbzlw",
  body:
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_" +
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
};

async function pair(point: string, d: string): Promise<CryptoKeyPair> {
  const bytes = fromBase64(point);
  const [x, y] = [toBase64(bytes.subarray(1, 33)), toBase64(bytes.subarray(33))];
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const privateKey = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x, y, d }, curve, true, [
    "deriveBits",
  ]);
  return { privateKey, publicKey: await crypto.subtle.importKey("raw", bytes, curve, true, []) };
}

const reader = async () => {
  const keys = await pair(RFC.reader, RFC.readerPrivate);
  return (body: Uint8Array) => opened(body, keys.privateKey, fromBase64(RFC.reader), fromBase64(RFC.auth));
};
const to = { p256dh: RFC.reader, auth: RFC.auth };

test("a message is the one of the standard, byte for byte, from the standard's keys", async () => {
  const made = { keys: await pair(RFC.sender, RFC.senderPrivate), salt: fromBase64(RFC.salt), padded: 0 };
  expect(toBase64(await sealed(RFC.plain, to, made))).toBe(RFC.body);
  expect(await (await reader())(fromBase64(RFC.body))).toBe(RFC.plain);
});

test("every message has the same length, keys of its own, and is opened by its reader alone", async () => {
  const open = await reader();
  const texts = ["", "needs you", "ж".repeat(1000), "x".repeat(2047)];
  const bodies = await Promise.all(texts.map((text) => sealed(text, to)));
  expect(await Promise.all(bodies.map(open))).toEqual(texts);
  expect(new Set(bodies.map(({ length }) => length)).size).toBe(1);
  expect(bodies[0]?.length).toBeLessThanOrEqual(4096);
  const [first, second] = await Promise.all([sealed("same", to), sealed("same", to)]);
  expect(toBase64(first).slice(0, 22)).not.toBe(toBase64(second).slice(0, 22));
  const torn = new Uint8Array(first);
  torn[200] = (torn[200] ?? 0) ^ 1;
  await expect(open(torn)).rejects.toThrow();
  const other = await sealed("for another", { ...to, auth: toBase64(new Uint8Array(16)) });
  await expect(open(other)).rejects.toThrow();
  await expect(sealed("x".repeat(2048), to)).rejects.toThrow("2048 bytes; at most 2047");
});

test("keys of a browser are a point on the curve and sixteen bytes; wrong ones leave nothing behind", async () => {
  expect(await isReader(to)).toBe(true);
  const off = fromBase64(RFC.reader);
  off[64] = (off[64] ?? 0) ^ 1;
  for (const wrong of [
    { ...to, auth: "AAAA" },
    { ...to, auth: "" },
    { ...to, p256dh: "" },
    { ...to, p256dh: RFC.reader.slice(0, 40) },
    { ...to, p256dh: toBase64(off) },
  ]) {
    expect([wrong, await isReader(wrong)]).toEqual([wrong, false]);
    expect(() => new Bun.CryptoHasher("sha256", "of somebody else").update("x").digest()).not.toThrow();
  }
  await expect(sealed("x", { ...to, p256dh: toBase64(off) })).rejects.toThrow();
  const broken = { publicKey: RFC.sender, privateKey: "AAAA" };
  await expect(vapid(new URL("https://fcm.googleapis.com/x"), broken, 0)).rejects.toThrow();
  expect(() => new Bun.CryptoHasher("sha256", "of somebody else").update("x").digest()).not.toThrow();
});
