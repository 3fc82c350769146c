import { Agents } from "./parts/agents.tsx";
import { Desk } from "./parts/desk.tsx";
import { Feed } from "./parts/feed.tsx";
import { Welcome } from "./parts/welcome.tsx";
import { connection, isWide, loggedOut, shown, state, toast } from "./store.ts";
import { theme, toggleTheme } from "./theme.ts";

const CONNECTION = { connecting: "connecting", live: "live", lost: "connection lost, trying again" };

function TopBar() {
  const version = state.value?.version;
  return (
    <header class="top">
      <h1>
        <img src="/assets/icon.svg" alt="" width="20" height="20" /> Muster
      </h1>
      {version && <span class="faint">{version}</span>}
      <span class="grow" />
      <span class={`line ${connection.value}`} role="status">
        <i class="dot" />
        {CONNECTION[connection.value]}
      </span>
      <button type="button" class="quiet" onClick={toggleTheme}>
        {theme.value === "dark" ? "Light" : "Dark"}
      </button>
    </header>
  );
}

const PARTS = [
  ["agents", "Agents"],
  ["terminal", "Terminal"],
  ["feed", "Ledger"],
] as const;

/** The three parts, side by side; on a narrow screen one of them, chosen below. */
export function Page() {
  if (loggedOut.value !== null) return <Welcome reason={loggedOut.value} />;
  return (
    <>
      <TopBar />
      <main class={`parts show-${shown.value} ${isWide.value ? "wide" : ""}`}>
        <Agents />
        <Desk />
        <Feed />
      </main>
      <nav class="narrow">
        {PARTS.map(([part, title]) => (
          <button
            type="button"
            key={part}
            class={shown.value === part ? "on" : ""}
            onClick={() => {
              shown.value = part;
            }}
          >
            {title}
          </button>
        ))}
      </nav>
      {toast.value && (
        <p class="toast" role="alert">
          {toast.value}
        </p>
      )}
    </>
  );
}
