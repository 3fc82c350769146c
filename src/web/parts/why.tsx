import { useSignal } from "@preact/signals";
import { Refusal } from "../../core/refusal.ts";
import type { Why as Answer } from "../../core/why.ts";
import { api } from "../store.ts";

/** Asks the daemon why something waits: the rule, what was seen, and what would change it. */
export function Why({ id }: { id: string }) {
  const answer = useSignal<Answer | string | null>(null);
  const ask = async () => {
    if (answer.value !== null) {
      answer.value = null;
      return;
    }
    try {
      answer.value = await api().get<Answer>(`/api/why/${encodeURIComponent(id)}`);
    } catch (error) {
      answer.value = error instanceof Refusal ? error.message : String(error);
    }
  };
  const said = answer.value;
  return (
    <span class="why">
      <button
        type="button"
        class="quiet small"
        aria-expanded={said !== null}
        aria-label={`Why, ${id}`}
        onClick={() => void ask()}
      >
        why?
      </button>
      {typeof said === "string" && <span class="told">{said}</span>}
      {said !== null && typeof said !== "string" && (
        <dl class="told">
          <dt>Because</dt>
          <dd>{said.because}</dd>
          <dt>Rule</dt>
          <dd>{said.rule}</dd>
          <dt>What would change it</dt>
          <dd>{said.change}</dd>
        </dl>
      )}
    </span>
  );
}
