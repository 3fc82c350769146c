/** The model that is taken where little effort is wanted and no model is named; undefined = the CLI's own choice (A2). */
export const modelFor = (driver: string, effort?: string): string | undefined =>
  driver === "claude" && effort === "low" ? "sonnet" : undefined;
