const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return undefined;
  }
}

/**
 * A tool's input as a person reads it: the one value that there is, else a line for each; nothing is left out, because a
 * person decides by it. What is not a JSON object, or was cut, stays as it is.
 */
export function toolInput(input: string): string {
  const value = parsed(input);
  if (!isRecord(value)) return input;
  const entries = Object.entries(value);
  const [first] = entries;
  if (!first) return input;
  if (entries.length === 1) return shown(first[1]);
  return entries.map(([name, one]) => `${name}: ${shown(one)}`).join("\n");
}
