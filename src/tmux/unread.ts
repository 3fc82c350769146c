import { dlopen, FFIType } from "bun:ffi";
import { closeSync, constants, openSync } from "node:fs";

const FIONREAD = 0x541bn;
const TTY = /^\/dev\/pts\/\d+$/;

type Ioctl = (fd: number, request: bigint, out: Int32Array) => number;
let known: Ioctl | null | undefined;

function ioctl(): Ioctl | null {
  if (known !== undefined) return known;
  known = null;
  if (process.platform !== "linux") return null;
  for (const name of ["libc.so.6", "libc.so", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"]) {
    try {
      const library = dlopen(name, { ioctl: { args: [FFIType.i32, FFIType.u64, FFIType.ptr], returns: FFIType.i32 } });
      known = library.symbols.ioctl as unknown as Ioctl;
      break;
    } catch {
      // The next name; without any the question cannot be asked.
    }
  }
  return known;
}

/** Bytes written to a terminal that its program has not read (FIONREAD, 4095 = full); null where this cannot be asked. */
export function unread(tty: string): number | null {
  const ask = ioctl();
  if (!ask || !TTY.test(tty)) return null;
  let fd = -1;
  try {
    fd = openSync(tty, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    const out = new Int32Array(1);
    return ask(fd, FIONREAD, out) === 0 ? (out[0] ?? null) : null;
  } catch {
    return null;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}
