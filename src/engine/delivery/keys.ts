import type { Key } from "../../core/ports.ts";

/** C-u clears one line of the screen at a time (Claude Code 2.1.328); pressed on nothing it does nothing. */
export const CLEAR: Key[] = Array.from({ length: 20 }, () => ({ key: "C-u" }) as const);
