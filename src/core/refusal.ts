/** Kinds of people's mistakes and what each means to a shell and to HTTP. Anything else is a bug. */
export const REFUSALS = {
  usage: { exit: 64, http: 400 },
  missing: { exit: 66, http: 404 },
  unreachable: { exit: 69, http: 503 },
  state: { exit: 73, http: 409 },
  forbidden: { exit: 73, http: 403 },
  failed: { exit: 1, http: 500 },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** A command that cannot be granted, said to a person with what to do next. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly hint = "",
    /** Lines that a person needs for deciding, e.g. what a repository brings. */
    readonly details: readonly string[] = [],
  ) {
    super(message);
    this.name = "Refusal";
  }
}
