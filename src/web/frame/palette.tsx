import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Entry, entries } from "../commands.ts";
import { fuzzyFind } from "../fuzzy.ts";
import { close } from "./overlays.ts";
import { Sheet } from "./sheet.tsx";

/** Lines that are drawn; more is found by typing. */
const SHOWN = 12;

const optionId = (at: number): string => `palette-${at}`;

/** Commands, agents, tasks and views by a few letters. */
export function Palette() {
  const typed = useSignal("");
  const at = useSignal(0);
  const found = useComputed(() =>
    fuzzyFind(typed.value, entries(), ({ title, hint }) => `${title} ${hint}`).slice(0, SHOWN),
  );
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.run();
  };
  const walk = (event: KeyboardEvent) => {
    const count = Math.max(1, found.value.length);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) at.value = (at.value + step + count) % count;
    else if (event.key === "Enter") run(found.value[at.value]);
    else return;
    event.preventDefault();
  };
  useEffect(() => document.getElementById(optionId(at.value))?.scrollIntoView({ block: "nearest" }), [at.value]);
  return (
    <Sheet label="Commands" kind="palette">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={optionId(at.value)}
        aria-label="Commands, agents, tasks and views"
        placeholder="What do you want?"
        value={typed.value}
        onKeyDown={walk}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          at.value = 0;
        }}
      />
      <div class="found" id="palette-list" role="listbox" aria-label="Found" tabIndex={-1}>
        {found.value.map((entry, n) => (
          <button
            type="button"
            key={entry.key}
            id={optionId(n)}
            role="option"
            tabIndex={-1}
            aria-selected={n === at.value}
            onClick={() => run(entry)}
            onPointerMove={() => {
              at.value = n;
            }}
          >
            <b>{entry.title}</b> <span class="faint">{entry.hint}</span>
          </button>
        ))}
      </div>
      {found.value.length === 0 && <p class="empty">Nothing fits “{typed.value}”.</p>}
    </Sheet>
  );
}
