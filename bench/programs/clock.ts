/** Milliseconds that mean the same in every process of this machine. */
export const instant = (): number => performance.timeOrigin + performance.now();
