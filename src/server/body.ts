import { Denied } from "./answer.ts";
import { type Bodies, readAs } from "./bodies.ts";
import type { Door } from "./guard.ts";

/** Bytes of a body; longer texts go as files. */
const LIMIT = 1024 * 1024;
/** Over the private socket a prompt may bring files along; escapes make it longer than it is. */
const LONGER: Partial<Record<keyof Bodies, number>> = { start: 6 * LIMIT, reuse: 6 * LIMIT };

const tooLong = (limit: number) =>
  new Denied(413, "size", `the body is longer than ${limit / LIMIT} MB`, "name a file in the message instead");

async function bytesOf(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLong(limit);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > limit) throw tooLong(limit);
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
export async function readBody<K extends keyof Bodies>(request: Request, kind: K, door: Door): Promise<Bodies[K]> {
  const body = parsed(await bytesOf(request, (door === "unix" && LONGER[kind]) || LIMIT));
  return readAs(kind, body);
}
