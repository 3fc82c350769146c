import { useSignal } from "@preact/signals";
import type { Team } from "../../core/state.ts";
import { order } from "../orders.ts";

interface OrderProps {
  team: Team;
  /** The console line that it sends. */
  line: string;
  title: string;
  isQuiet?: boolean;
}

/** A button that sends one console line, and nothing more until the answer has come. */
export function Order({ team, line, title, isQuiet = false }: OrderProps) {
  const isBusy = useSignal(false);
  const send = async (button: HTMLElement) => {
    if (isBusy.value) return;
    // The button may be gone with its answer; whoever has only keys goes on from what it stood in.
    const place = button.closest<HTMLElement>("[tabindex]");
    const isByKeys = document.activeElement === button;
    isBusy.value = true;
    const isDone = await order(team, line, true);
    isBusy.value = false;
    const now = document.activeElement;
    if (isDone && isByKeys && (now === button || now === document.body)) place?.focus({ preventScroll: true });
  };
  return (
    <button
      type="button"
      class={isQuiet ? "quiet" : ""}
      aria-disabled={isBusy.value}
      onClick={(event) => void send(event.currentTarget)}
    >
      {title}
    </button>
  );
}
