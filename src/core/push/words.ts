import type { Need } from "../needs.ts";
import { hashOf } from "../page-address.ts";
import { preview } from "../text.ts";
import type { PushId, PushText } from "./port.ts";

/** Lines of a message about several. */
const LINES = 4;
const LONGEST = 100;

/** Who and what, never why: commands, prompts and screens may hold secrets. */
const lineOf = ({ who, what, brief }: Need): string => preview(`${who} ${brief ?? what}`, LONGEST);

/** What devices are told of some needs, of which there is at least one. */
export function pushText(push: PushId, needs: Need[]): PushText {
  const [first] = needs;
  if (needs.length === 1 && first) {
    return { title: lineOf(first), body: first.next, link: hashOf(first.at), tag: push };
  }
  const lines = needs.slice(0, LINES).map(lineOf);
  if (needs.length > LINES) lines.push(`and ${needs.length - LINES} more`);
  const link = hashOf({ place: "home", id: "" });
  return { title: `${needs.length} things need you`, body: lines.join("\n"), link, tag: push };
}
