import type { JobState } from "../../core/job-state.ts";
import { STATE_TONES, STATE_WORDS } from "../words.ts";

/** A state as dot and word; what runs, pulses. */
export function Badge({ state }: { state: JobState }) {
  return (
    <span class={`badge ${STATE_TONES[state]} ${state === "running" ? "pulse" : ""}`}>
      <i class="dot" />
      {STATE_WORDS[state]}
    </span>
  );
}
