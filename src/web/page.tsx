import { calling } from "./calls.ts";
import { address, selectedTeam } from "./choice.ts";
import { KeysSheet } from "./frame/keys.tsx";
import { NewAgent } from "./frame/new-agent.tsx";
import { overlay } from "./frame/overlays.ts";
import { Palette } from "./frame/palette.tsx";
import { Rail } from "./frame/rail.tsx";
import { TopBar } from "./frame/top-bar.tsx";
import { Agents } from "./parts/agents.tsx";
import { Desk } from "./parts/desk.tsx";
import { Feed } from "./parts/feed.tsx";
import { TeamPart } from "./parts/team.tsx";
import { Welcome } from "./parts/welcome.tsx";
import { isWide, loggedOut, shown, toast } from "./store.ts";
import { View } from "./views/view.tsx";

const PARTS = [
  ["agents", "Agents"],
  ["terminal", "Terminal"],
  ["feed", "Ledger"],
] as const;

/** Agents, what one of them or a team does, and the ledger, side by side; on a narrow screen one of them, chosen above. */
function Workplace() {
  const team = selectedTeam.value;
  return (
    <main class="workplace">
      <nav class="narrow" aria-label="Parts">
        {PARTS.map(([part, title]) => (
          <button
            type="button"
            key={part}
            class={shown.value === part ? "on" : ""}
            aria-pressed={shown.value === part}
            onClick={() => {
              shown.value = part;
            }}
          >
            {part === "terminal" && team ? "Team" : title}
            {part === "agents" && calling.value.length > 0 && <i class="dot" />}
          </button>
        ))}
      </nav>
      <div class={`parts show-${shown.value} ${isWide.value && !team ? "wide" : ""}`}>
        <Agents />
        {team ? <TeamPart key={team.name} team={team} /> : <Desk />}
        <Feed />
      </div>
    </main>
  );
}

const OVERLAYS = { palette: Palette, keys: KeysSheet, new: NewAgent };

export function Page() {
  if (loggedOut.value !== null) return <Welcome reason={loggedOut.value} />;
  const { place } = address.value;
  const Over = overlay.value && OVERLAYS[overlay.value];
  return (
    <>
      <TopBar />
      <div class="house">
        <Rail />
        {place === "agents" || place === "teams" ? <Workplace /> : <View place={place} />}
      </div>
      {Over && <Over />}
      {toast.value && (
        <p class="toast" role="alert">
          {toast.value}
        </p>
      )}
    </>
  );
}
