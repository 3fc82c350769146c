import { Refusal } from "../core/refusal.ts";

const AGENT = /^[a-z0-9][a-z0-9-]{0,40}$/;
const PANE = /^%\d{1,9}$/;

/** Tells whether a text may become part of a session name and of a file name: our own alphabet only. */
export const isAgentName = (text: string): boolean => AGENT.test(text);

/** Refuses anything that is not an agent id; tmux would match `*`, `=a` and prefixes (security S28). */
export function checkAgent(agent: string): string {
  if (!isAgentName(agent)) throw new Refusal("usage", "not an agent id", "ids are lower-case letters, digits and -");
  return agent;
}

/** Refuses anything that is not a pane id: all actions go by `%N`, never by a name. */
export function checkPane(pane: string): string {
  if (!PANE.test(pane)) throw new Refusal("usage", "not a pane id", "pane ids are % and a number");
  return pane;
}

/** Refuses sizes that tmux or the kernel would not take. */
export function checkSize(cols: number, rows: number): void {
  const isGood = (n: number) => Number.isInteger(n) && n >= 2 && n <= 1000;
  if (!isGood(cols) || !isGood(rows)) throw new Refusal("usage", "a terminal has 2 to 1000 columns and rows");
}

export const sessionOf = (agent: string): string => `muster-${checkAgent(agent)}`;

/** The keeper's name is outside of what `sessionOf` can give. */
export const KEEPER = "muster_keeper";
