import { Refusal } from "../../core/refusal.ts";
import { type Call, isSet } from "../command.ts";
import { line, paint } from "../style.ts";
import { openAsker } from "../wizard/terminal.ts";
import { lineDiff, type Row } from "./diff.ts";
import type { Change } from "./set-up.ts";

const COLOURS = { "+": "green", "-": "red", " ": "dim" } as const;

const shown = (row: Row | null): string =>
  row === null ? paint("dim", "  ...") : paint(COLOURS[row.sign], `${row.sign} ${line(row.text)}`);

function difference({ file, after }: Change): string {
  const rows = lineDiff(file.text ?? "", after ?? "").map(shown);
  const to = after === null ? "  (removed)" : file.text === null ? "  (new)" : "";
  return [paint("bold", `${file.path}${to}`), ...rows].join("\n");
}

/** Shows a change of a person's settings, asks unless `--yes`, and makes it. */
export async function agreeAndMake(call: Call, change: Change): Promise<string | null> {
  const { flags, isJson, print } = call;
  if (change.isChanged && !isJson) print(difference(change));
  if (change.isChanged && !isSet(flags, "yes")) {
    const asker = openAsker(call);
    if (!asker) throw new Refusal("usage", `this changes ${change.file.path}`, "--yes agrees");
    const answer = await asker.ask("Write it? y = yes: ");
    if (answer?.trim().toLowerCase() !== "y") throw new Refusal("failed", "nothing was changed", "y would have");
  }
  return change.make(new Date());
}
