import { calling, selectedTeam } from "./choice.ts";
import { Agents } from "./parts/agents.tsx";
import { Desk } from "./parts/desk.tsx";
import { Feed } from "./parts/feed.tsx";
import { TeamPart } from "./parts/team.tsx";
import { Welcome } from "./parts/welcome.tsx";
import { connection, isWide, loggedOut, shown, state, toast } from "./store.ts";
import { theme, toggleTheme } from "./theme.ts";

/** Leads to who waits longest; the tab's title says it to whoever looks elsewhere. */
function Calls() {
  const [first] = calling.value;
  const count = calling.value.length;
  document.title = count > 0 ? `(${count}) Muster` : "Muster";
  if (!first) return null;
  return (
    <button type="button" class="calls" onClick={() => first.lead()}>
      <i class="dot" /> {count} {count === 1 ? "needs" : "need"} you
    </button>
  );
}

const CONNECTION = { connecting: "connecting", live: "live", lost: "no connection, trying again" };

function TopBar() {
  const version = state.value?.version;
  return (
    <header class="top">
      <h1>
        <img src="/assets/icon.svg" alt="" width="20" height="20" /> Muster
      </h1>
      {version && <span class="faint version">{version}</span>}
      <span class="grow" />
      <Calls />
      <span class={`line ${connection.value}`} role="status">
        <i class="dot" />
        <span class="word">{CONNECTION[connection.value]}</span>
      </span>
      <button type="button" class="quiet" title="Colours of this page" onClick={toggleTheme}>
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
  const team = selectedTeam.value;
  return (
    <>
      <TopBar />
      <main class={`parts show-${shown.value} ${isWide.value && !team ? "wide" : ""}`}>
        <Agents />
        {team ? <TeamPart key={team.name} team={team} /> : <Desk />}
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
            {part === "terminal" && team ? "Team" : title}
            {part === "agents" && calling.value.length > 0 && <i class="dot" />}
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
