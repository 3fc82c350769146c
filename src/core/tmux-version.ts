/** Major and minor number out of `tmux -V`; builds of the main branch and of OpenBSD count as new. */
export function parseVersion(text: string): [number, number] | null {
  if (/tmux (master|openbsd)/.test(text)) return [99, 0];
  const found = /tmux (?:next-)?(\d+)\.(\d+)/.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

export const isAtLeast = (version: [number, number], major: number, minor: number): boolean =>
  version[0] > major || (version[0] === major && version[1] >= minor);

/** Is this tmux new enough? Before 3.2 it lacks client flags and `-N`. */
export function sufficesTmux(text: string): boolean {
  const version = parseVersion(text);
  return version !== null && isAtLeast(version, 3, 2);
}
