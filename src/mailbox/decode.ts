/** A text and how its bytes were read. */
export interface Decoded {
  text: string;
  encoding: string;
}

const tryDecode = (bytes: Uint8Array, encoding: "utf-8" | "gb18030" | "utf-16le" | "utf-16be"): string | null => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** NULs at every second place: UTF-16 of Latin letters, whose bytes are valid UTF-8 too. */
function utf16Order(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const nuls = [0, 0];
  for (const [index, byte] of bytes.entries()) if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (Math.max(even, odd) < bytes.length / 5) return null;
  return odd > even ? "utf-16le" : "utf-16be";
}

/** Bytes that no text of any encoding has. */
const isBinary = (bytes: Uint8Array): boolean => bytes.some((byte) => byte < 9 || (byte > 13 && byte < 27));

/** Words of Chinese stand together; what GB18030 makes of Latin-1 accents is one odd character here and there. */
const isChinese = (text: string): boolean => {
  const runs = text.match(/[^\x00-\x7f]+/g) ?? [];
  const foreign = runs.join("").length;
  const chinese = runs.join("").match(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/g)?.length ?? 0;
  return foreign >= 2 * runs.length && chinese > 0.8 * foreign;
};

/** What a letter says, whatever its encoding; null when it is no text at all (P27). */
export function decodeLetter(bytes: Uint8Array): Decoded | null {
  const order = utf16Order(bytes);
  const wide = order && tryDecode(bytes, order);
  if (order && wide !== null) return { text: wide, encoding: order };
  const utf8 = tryDecode(bytes, "utf-8");
  if (utf8 !== null) return { text: utf8, encoding: "utf-8" };
  if (isBinary(bytes)) return null;
  const chinese = tryDecode(bytes, "gb18030");
  if (chinese !== null && isChinese(chinese)) return { text: chinese, encoding: "gb18030" };
  return { text: new TextDecoder("latin1").decode(bytes), encoding: "latin-1" };
}

/** A patch is taken byte for byte, a mark at its beginning too; null when it is not UTF-8. */
export function decodePatch(bytes: Uint8Array): Decoded | null {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    return null;
  }
}
