import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { PLACES, type PlaceId } from "../places.ts";
import { say, state } from "../store.ts";
import { Home } from "./home.tsx";

type Views = Exclude<PlaceId, "agents" | "teams">;

/** Home is there at once; the others come when somebody first goes there, and stay. */
const LOADERS: Record<Exclude<Views, "home">, () => Promise<ComponentType>> = {
  orchestrator: () => import("./orchestrator.tsx").then(({ Orchestrator }) => Orchestrator),
  timeline: () => import("./timeline.tsx").then(({ Timeline }) => Timeline),
  split: () => import("./split.tsx").then(({ Split }) => Split),
  pipeline: () => import("./pipeline.tsx").then(({ Pipeline }) => Pipeline),
  analytics: () => import("./analytics.tsx").then(({ Analytics }) => Analytics),
  db: () => import("./database.tsx").then(({ Database }) => Database),
  files: () => import("./files.tsx").then(({ Files }) => Files),
  notifications: () => import("./notifications.tsx").then(({ Notifications }) => Notifications),
};

const loaded: Partial<Record<Views, ComponentType>> = { home: Home };

/** Loads a view once. Nothing is shown meanwhile: it comes from this machine. */
function Loading({ place }: { place: Exclude<Views, "home"> }) {
  const View = useSignal<ComponentType | null>(null);
  useEffect(() => {
    LOADERS[place]().then(
      (view) => {
        loaded[place] = view;
        View.value = view;
      },
      () => say("this view could not be loaded; load the page again"),
    );
  }, [place]);
  const Ready = View.value;
  return Ready && <Ready />;
}

/** A view that takes the whole room. */
export function View({ place }: { place: Views }) {
  const title = PLACES.find(({ id }) => id === place)?.title;
  const Ready = loaded[place];
  return (
    <main class={`view ${place}`} aria-label={title} tabIndex={-1}>
      {!state.value && <p class="empty">Loading what happened so far…</p>}
      {state.value && (Ready ? <Ready key={place} /> : place !== "home" && <Loading key={place} place={place} />)}
    </main>
  );
}
