import { Refusal } from "../../core/refusal.ts";

const PLACEHOLDER = /\{\{([a-z][a-z0-9_-]{0,40})\}\}/g;

/** What stands for the prompt that is typed beside a template. */
const PROMPT = "prompt";

/** The placeholders of a text, each once. */
export const placeholdersIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name)),
];

/** `name=text`, several of them; `flag` is how they were given. */
export function pairsFrom(given: string[], flag: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const one of given) {
    const [, name, value = ""] = /^([a-z][a-z0-9_-]{0,40})=(.*)$/s.exec(one) ?? [];
    if (name === undefined) throw new Refusal("usage", `--${flag} ${one} names nothing`, `--${flag} name=TEXT`);
    if (pairs.has(name)) throw new Refusal("usage", `--${flag} ${name} is given twice`, "give it once");
    pairs.set(name, value);
  }
  return pairs;
}

/** The prompt that a template makes. What is typed beside it takes the place of {{prompt}}, or stands at its end. */
export function filled(template: string, words: string, values: Map<string, string>): string {
  const names = placeholdersIn(template);
  const stranger = [...values.keys()].find((name) => !names.includes(name) || name === PROMPT);
  if (stranger !== undefined)
    throw new Refusal(
      "usage",
      `the template has no {{${stranger}}}`,
      names.length > 0 ? names.join(", ") : "it has none",
    );
  const missing = names.filter((name) => (name === PROMPT ? words === "" : !values.has(name)));
  if (missing.length > 0)
    throw new Refusal(
      "usage",
      `the template wants ${missing.map((name) => `{{${name}}}`).join(", ")}`,
      missing.map((name) => (name === PROMPT ? '"what to do" as its prompt' : `--set ${name}=TEXT`)).join(", "),
    );
  // In one go: what stands in a value is no placeholder.
  const text = template.replace(PLACEHOLDER, (_, name: string) => (name === PROMPT ? words : (values.get(name) ?? "")));
  return words === "" || names.includes(PROMPT) ? text : `${text.trimEnd()}\n\n${words}`;
}

/** Each occurrence of a value becomes its placeholder; the longest values first, so that none hides in another. */
export function emptied(prompt: string, values: Map<string, string>): string {
  let text = prompt;
  for (const [name, value] of [...values].sort(([, one], [, other]) => other.length - one.length)) {
    if (value === "" || !text.includes(value))
      throw new Refusal("usage", `the prompt holds no ${value === "" ? "empty text" : value}`, `--as ${name}=TEXT`);
    text = text.replaceAll(value, `{{${name}}}`);
  }
  return text;
}
