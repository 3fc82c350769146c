import { Denied } from "./answer.ts";
import { type Bodies, readAs } from "./bodies.ts";

/** Bytes of a body; longer texts go as files. */
const LIMIT = 1024 * 1024;

const tooLong = () => new Denied(413, "size", "the body is longer than 1 MB", "name a file in the message instead");

async function bytesOf(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > LIMIT) throw tooLong();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > LIMIT) throw tooLong();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parsed(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Denied(400, "usage", "the body is not JSON");
  }
}

/** Reads a body as what its route takes. */
export async function readBody<K extends keyof Bodies>(request: Request, kind: K): Promise<Bodies[K]> {
  const body = parsed(await bytesOf(request));
  return readAs(kind, body);
}
