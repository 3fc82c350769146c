import { signal } from "@preact/signals";

export const TABS = ["Terminal", "Conversation", "Changes", "Order", "Events"] as const;
export type Tab = (typeof TABS)[number];

/** What of an agent is shown; the same for the next one that is chosen. */
export const tab = signal<Tab>("Terminal");

/** Left and right go from tab to tab, as everywhere. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  tab.value = TABS[(TABS.indexOf(tab.value) + step + TABS.length) % TABS.length] ?? tab.value;
  const list = event.currentTarget as HTMLElement;
  (list.children[TABS.indexOf(tab.value)] as HTMLElement | undefined)?.focus();
}

export function AgentTabs() {
  return (
    <div class="tabs" role="tablist" aria-label="Of this agent" onKeyDown={walk}>
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
        </button>
      ))}
    </div>
  );
}
