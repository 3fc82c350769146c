/** A user's rule: a permission question that fits it waits as an approval, and is denied when nobody decides in time. */
export interface ApprovalRule {
  /** Name of the tool as its CLI says it; `*` stands for any text. */
  tool: string;
  /** What one of the texts in the tool's input must look like; `*` stands for any text. */
  match: string;
  minutes: number;
}

/** A hook waits ten minutes for its answer; the denial has to come before. */
export const MOST_RULE_MINUTES = 9;
export const RULE_MINUTES = 5;

/** Does this text look like the pattern? Linear in its length. */
function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function textsOf(input: string): string[] | null {
  try {
    const value: unknown = JSON.parse(input);
    const own = typeof value === "object" && value !== null ? Object.values(value) : [value];
    return own.filter((one) => typeof one === "string");
  } catch {
    return null;
  }
}

/** The first rule for a question. None for an input that was cut: nobody could see all of what they allow. */
export function ruleFor(rules: ApprovalRule[], tool: string, input: string): ApprovalRule | undefined {
  const named = rules.filter((rule) => fits(rule.tool, tool));
  const texts = named.length > 0 ? textsOf(input) : null;
  return texts ? named.find(({ match }) => match === "*" || texts.some((text) => fits(match, text.trim()))) : undefined;
}
