import { FAULT_POINTS, type FaultPoint } from "../core/fault-points.ts";
import { Refusal } from "../core/refusal.ts";

interface Fault {
  point: string;
  left: number;
  signal: "SIGKILL" | "SIGSTOP";
}

const KNOWN: readonly string[] = Object.values(FAULT_POINTS).flat();

function faultOf(words: string): Fault {
  const [, point = "", count, stop] = /^(.+):(\d+)(:stop)?$/.exec(words) ?? [];
  if (KNOWN.includes(point)) return { point, left: Number(count), signal: stop ? "SIGSTOP" : "SIGKILL" };
  throw new Refusal("usage", `MUSTER_FAULT names no fault point: ${words}`, "NAME:N, or NAME:N:stop");
}

/**
 * Kills this process at a named point: `MUSTER_FAULT=name:n` means the n-th time the point `name` is reached. With `:stop` the
 * process stops there until somebody continues it, so that a test can change the world in between; several by commas. Crash
 * tests and `muster prove` use it; the variable is removed at once, so that no agent inherits it.
 */
export function faultPoints(env: Record<string, string | undefined>): (name: FaultPoint) => void {
  const given = env.MUSTER_FAULT;
  env.MUSTER_FAULT = undefined;
  delete env.MUSTER_FAULT;
  if (!given) return () => {};
  const faults = given.split(",").map(faultOf);
  return (reached) => {
    for (const fault of faults) {
      if (fault.point !== reached) continue;
      fault.left -= 1;
      if (fault.left === 0) process.kill(process.pid, fault.signal);
    }
  };
}
