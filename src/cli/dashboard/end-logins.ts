import { Refusal } from "../../core/refusal.ts";
import { type Call, isSet, text } from "../command.ts";
import { paint } from "../style.ts";

/** Agents named in one line; the others are counted. */
const NAMED = 8;

function told(agents: string[]): string[] {
  const lines = [
    "Every page asks for a new login now: muster dashboard makes one. Unused links and codes have ended, too.",
  ];
  if (agents.length === 0) return lines;
  const more = agents.length > NAMED ? ` and ${agents.length - NAMED} more` : "";
  const [who, works, own] =
    agents.length === 1 ? ["1 agent", "works", "Its own"] : [`${agents.length} agents`, "work", "Their own"];
  return [
    ...lines,
    `${who} ${works} on, and letters as files still arrive: ${agents.slice(0, NAMED).join(", ")}${more}.`,
    `${own} commands to Muster are refused until the program of each starts anew, with a new token.`,
  ];
}

/** Ends every login by a new token of the person, and says what that means to agents that run. */
export async function endLogins({ daemon, flags, isJson, print }: Call): Promise<number> {
  const other =
    ["open", "qr", "devices", "test"].find((name) => isSet(flags, name)) ??
    ["port", "url", "forget"].find((name) => text(flags, name) !== undefined);
  if (other)
    throw new Refusal(
      "usage",
      `--end-logins does nothing else, --${other} is for another call`,
      "first one, then the other",
    );
  const { agents } = await (await daemon()).post<{ agents: string[] }>("/api/token/rotate", {});
  if (isJson) print(JSON.stringify({ ended: true, agents }));
  else {
    const [first = "", ...rest] = told(agents);
    print(`${paint("green", "ended")}  ${first}`);
    for (const line of rest) print(line);
    print("Devices that are notified stay so: muster dashboard --devices lists them, --forget ID removes one.");
  }
  return 0;
}
