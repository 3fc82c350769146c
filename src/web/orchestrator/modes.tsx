import { useSignal } from "@preact/signals";
import type { State } from "../../core/state.ts";
import { modeRows } from "../../core/triggers/view.ts";
import { act, api, say } from "../store.ts";

async function remove(name: string): Promise<void> {
  try {
    await api().delete(`/api/modes/${encodeURIComponent(name)}`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

/** Sets of triggers; the one that was there before comes back when a mode is left. */
export function ModesPanel({ of }: { of: State }) {
  const name = useSignal("");
  const pulse = of.triggers.pulse;
  const keep = async () => {
    if (await act("/api/modes", { name: name.value })) name.value = "";
  };
  return (
    <section class="panel modes" aria-label="Modes">
      <h2>
        Modes
        <span class="grow" />
        <button
          type="button"
          class="quiet small"
          onClick={() => void act(`/api/pulse/${pulse === false ? "start" : "stop"}`, {})}
        >
          {pulse === false ? "Start the pulse" : "Stop the pulse"}
        </button>
      </h2>
      {pulse === false && <p class="wait">The pulse is stopped: no trigger fires, and no task is given out.</p>}
      <ul class="rows">
        {modeRows(of).map((mode) => (
          <li key={mode.name} class={mode.isActive ? "mode on" : "mode"} data-step tabIndex={-1}>
            <b>{mode.name}</b>
            <span class="grow">
              {mode.description} <span class="faint">{mode.triggers.join(", ")}</span>
            </span>
            {!mode.isPreset && !mode.isActive && (
              <button type="button" class="quiet small" onClick={() => void remove(mode.name)}>
                Delete
              </button>
            )}
            <button
              type="button"
              class={mode.isActive ? "small" : "quiet small"}
              aria-label={mode.isActive ? `Leave ${mode.name}` : `Activate ${mode.name}`}
              onClick={() =>
                void act(
                  mode.isActive ? "/api/modes/deactivate" : `/api/modes/${encodeURIComponent(mode.name)}/activate`,
                  {},
                )
              }
            >
              {mode.isActive ? "Leave" : "Activate"}
            </button>
          </li>
        ))}
      </ul>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <input
          aria-label="Name of a new mode"
          placeholder="Keep the present triggers as"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
        <button type="submit" class="quiet">
          Create
        </button>
      </form>
    </section>
  );
}
