/**
 * Kills this process at a named point: `MUSTER_FAULT=name:n` means the n-th time the point `name` is reached. Crash tests
 * and `muster prove` use it; the variable is removed at once, so that no agent inherits it.
 */
export function faultPoints(env: Record<string, string | undefined>): (name: string) => void {
  const [, name, count] = /^(.+):(\d+)$/.exec(env.MUSTER_FAULT ?? "") ?? [];
  env.MUSTER_FAULT = undefined;
  delete env.MUSTER_FAULT;
  if (name === undefined) return () => {};
  let left = Number(count);
  return (reached) => {
    if (reached !== name) return;
    left -= 1;
    if (left <= 0) process.kill(process.pid, "SIGKILL");
  };
}
