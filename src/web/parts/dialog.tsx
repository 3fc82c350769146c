import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Choice, Dialog } from "../../core/dialog.ts";
import { act, api, say } from "../store.ts";

/** The dialog on an agent's screen, with the keys that it takes; `since`: looked at again when that changes. */
export function DialogBox({ agent, since }: { agent: string; since: number }) {
  const dialog = useSignal<Dialog | null>(null);
  const look = async () => {
    try {
      dialog.value = await api().get<Dialog>(`/api/jobs/${agent}/dialog`);
    } catch {
      dialog.value = null;
    }
  };
  useEffect(() => void look(), [agent, since]);
  const press = async ({ key }: Choice) => {
    const screen = dialog.value?.screen;
    const isPressed = await act(`/api/actions/jobs/${agent}/dialog`, { screen, key });
    await look();
    if (isPressed && dialog.value?.screen === screen)
      say("Its screen is unchanged: the CLI took no notice of the key.");
  };
  const shown = dialog.value;
  if (!shown) return null;
  return (
    <section class="dialog" aria-label={`Dialog of ${agent}`}>
      <pre>{shown.lines.join("\n")}</pre>
      <p class="ways">
        {shown.choices.map((choice) => (
          <button
            key={choice.key}
            type="button"
            class={/\d/.test(choice.key) ? "" : "quiet"}
            onClick={() => void press(choice)}
          >
            {/\d/.test(choice.key) ? `${choice.key}. ${choice.label}` : choice.label}
          </button>
        ))}
      </p>
    </section>
  );
}
