import type { PlaceId } from "../places.ts";

/** Drawn on 20 × 20, in strokes of the text's colour. */
const PATHS: Record<PlaceId, string> = {
  home: "M3 9.5 10 3.5l7 6M5 8.5V16.5h10V8.5M8.5 16.5v-4.5h3v4.5",
  agents: "M3.5 4h13v12h-13zM6 8l2.5 2L6 12M10.5 12.5h3.5",
  teams:
    "M7 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M2.5 16c0-3 2-5 4.5-5s4.5 2 4.5 5M13 9a2 2 0 1 0 0-4M14 11.5c2 .3 3.5 2 3.5 4.5",
  orchestrator: "M10 3v4M10 7H4.5v3M10 7h5.5v3M10 7v3M2.5 10h4v4h-4zM8 10h4v4H8zM13.5 10h4v4h-4z",
  timeline: "M5 3v14M5 5.5h11M5 10h8M5 14.5h10",
  split: "M3 4h14v12H3zM10 4v12M3 10h14",
  pipeline: "M3 5h7M6 10h8M10 15h7",
  notifications: "M10 3a4.5 4.5 0 0 1 4.5 4.5c0 4 1.5 5 1.5 6H4c0-1 1.5-2 1.5-6A4.5 4.5 0 0 1 10 3M8.5 16.5h3",
  analytics: "M3 16.5h14M5.5 16.5v-5M10 16.5V4M14.5 16.5V8",
  db: "M4 5.5c0-3 12-3 12 0s-12 3-12 0v9c0 3 12 3 12 0v-9M4 10c0 3 12 3 12 0",
  files: "M3 5h5l2 2h7v9H3zM3 9h14",
};

export function Icon({ of }: { of: PlaceId }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[of]} />
    </svg>
  );
}
