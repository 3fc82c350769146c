/** The product version; the same in package.json (a test compares them). */
export const VERSION = "0.1.0";

/** Counts the layouts of `.muster/` and of the files that `muster init` makes; `muster upgrade` brings a repository to this one. */
export const SCAFFOLD = 2;

/** Counts the contracts between daemon, clients and hooks; both sides of one number understand each other. */
export const PROTOCOL = 1;
