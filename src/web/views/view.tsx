import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PLACES, type PlaceId } from "../places.ts";
import { say, state } from "../store.ts";
import { Home } from "./home.tsx";

type Views = Exclude<PlaceId, "agents" | "teams">;

/** The other views: they come when somebody first goes to one of them, and stay. */
const later = signal<typeof import("./later.ts").LATER | null>(null);

function load(): void {
  import("./later.ts").then(
    ({ LATER }) => {
      later.value = LATER;
    },
    () => say("this view could not be loaded; load the page again"),
  );
}

/** A view that is not there at once. Nothing is shown meanwhile: it comes from this machine. */
function Later({ place }: { place: Exclude<Views, "home"> }) {
  useEffect(() => {
    if (!later.value) load();
  }, []);
  const Ready = later.value?.[place];
  return Ready ? <Ready /> : null;
}

/** A view that takes the whole room. */
export function View({ place }: { place: Views }) {
  const title = PLACES.find(({ id }) => id === place)?.title;
  return (
    <main class={`view ${place}`} aria-label={title} tabIndex={-1}>
      {!state.value && <p class="empty">Loading what happened so far…</p>}
      {state.value && (place === "home" ? <Home /> : <Later key={place} place={place} />)}
    </main>
  );
}
