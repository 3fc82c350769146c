import { KEYS, OTHER_KEYS } from "../keys.ts";
import { Sheet } from "./sheet.tsx";

/** All keys, from the table that listens to them. */
export function KeysSheet() {
  return (
    <Sheet label="Keys" kind="keys">
      <h2>Keys</h2>
      <dl>
        {[...OTHER_KEYS, ...KEYS].map(({ keys, says }) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <p class="faint">In a terminal all keys go to its program.</p>
    </Sheet>
  );
}
