import { signal } from "@preact/signals";
import { state } from "../store.ts";
import { isAll, Ledger, search } from "./ledger.tsx";
import { Messages } from "./messages.tsx";
import { Patches } from "./patches.tsx";

const TABS = ["Ledger", "Messages", "Patches"] as const;

const tab = signal<(typeof TABS)[number]>("Ledger");

/** Left and right go from tab to tab, as everywhere. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  tab.value = TABS[(TABS.indexOf(tab.value) + step + TABS.length) % TABS.length] ?? tab.value;
  const list = event.currentTarget as HTMLElement;
  (list.children[TABS.indexOf(tab.value)] as HTMLElement | undefined)?.focus();
}

function Tabs({ counts }: { counts: Record<(typeof TABS)[number], number> }) {
  return (
    <div class="tabs" role="tablist" onKeyDown={walk}>
      {TABS.map((name) => (
        <button
          type="button"
          role="tab"
          key={name}
          aria-selected={tab.value === name}
          tabIndex={tab.value === name ? 0 : -1}
          class={tab.value === name ? "on" : ""}
          onClick={() => {
            tab.value = name;
          }}
        >
          {name}
          {counts[name] > 0 && <span class="count">{counts[name]}</span>}
        </button>
      ))}
    </div>
  );
}

function Search() {
  return (
    <div class="search">
      <input
        type="search"
        placeholder="Search"
        aria-label="Search"
        value={search.value}
        onInput={(event) => {
          search.value = event.currentTarget.value;
        }}
      />
      {tab.value === "Ledger" && (
        <label title="Hooks, typing, screens as well">
          <input
            type="checkbox"
            checked={isAll.value}
            onChange={(event) => {
              isAll.value = event.currentTarget.checked;
            }}
          />
          every fact
        </label>
      )}
    </div>
  );
}

/** What happened, what was said, what was proven. */
export function Feed() {
  const of = state.value;
  const counts = {
    Ledger: 0,
    Messages: Object.keys(of?.messages ?? {}).length,
    Patches: Object.keys(of?.patches ?? {}).length,
  };
  return (
    <section class="part feed" aria-label="Ledger">
      <Tabs counts={counts} />
      {tab.value !== "Patches" && <Search />}
      <div class="scroll" role="tabpanel" aria-label={tab.value}>
        {tab.value === "Ledger" && <Ledger />}
        {tab.value === "Messages" && of && <Messages of={of} words={search.value.trim().toLowerCase()} />}
        {tab.value === "Patches" && of && <Patches of={of} />}
      </div>
    </section>
  );
}
