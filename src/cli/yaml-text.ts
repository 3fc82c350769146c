import { parseDocument } from "yaml";

/**
 * What a text of YAML (or JSON) says. `wrong` makes the error to throw of what is wrong with it: its form, or names of parts
 * that unfold without end.
 */
export function yamlValue(text: string, wrong: (why: string) => Error): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw wrong(error.message.split("\n")[0] ?? "");
  try {
    return document.toJS();
  } catch (unfolding) {
    throw unfolding instanceof Error ? wrong(unfolding.message) : unfolding;
  }
}
