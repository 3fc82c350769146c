import { calling, leadToNeed } from "../calls.ts";
import { connection, lostSince, now, state } from "../store.ts";
import { theme, toggleTheme } from "../theme.ts";
import { clock, duration } from "../words.ts";
import { open } from "./overlays.ts";

/** Leads to who waits longest; the tab's title says it to whoever looks elsewhere. */
function Calls() {
  const [first] = calling.value;
  const count = calling.value.length;
  document.title = count > 0 ? `(${count}) Muster` : "Muster";
  if (!first) return null;
  return (
    <button type="button" class="calls" onClick={() => leadToNeed(first)}>
      <i class="dot" /> {count} {count === 1 ? "needs" : "need"} you
    </button>
  );
}

/** Whether what is shown is true now, and if not, since when it may not be. */
function Line() {
  const is = connection.value;
  const since = lostSince.value;
  const word =
    is === "lost" && since !== null
      ? `stale since ${clock(since)} (${duration(now.value - since)}), trying again`
      : { connecting: "connecting", live: "live", lost: "no connection, trying again" }[is];
  return (
    <span class={`line ${is}`} role="status">
      <i class="dot" />
      <span class="word">{word}</span>
    </span>
  );
}

export function TopBar() {
  const of = state.value;
  const mode = of?.triggers.active;
  return (
    <header class="top">
      <h1>
        <img src="/assets/icon.svg" alt="" width="20" height="20" /> <span class="more">Muster</span>
      </h1>
      {of?.version && <span class="faint version">{of.version}</span>}
      {mode && <span class="mode">mode {mode}</span>}
      <span class="grow" />
      <Calls />
      <button type="button" class="new" onClick={() => open("new")} title="Start an agent (n)">
        New<span class="more"> agent</span>
      </button>
      <button type="button" class="quiet search" onClick={() => open("palette")} title="Commands (Ctrl K)">
        <span class="more">Commands</span>
        <span class="less">Find</span> <kbd>Ctrl K</kbd>
      </button>
      <Line />
      <button type="button" class="quiet colours" title="Colours of this page" onClick={toggleTheme}>
        {theme.value === "dark" ? "Light" : "Dark"}
      </button>
    </header>
  );
}
