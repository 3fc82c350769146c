import type { State } from "../../core/state.ts";
import { actionWords } from "../../core/triggers/actions.ts";
import type { Approval } from "../../core/triggers/state.ts";
import { act, now } from "../store.ts";
import { addressName, clock, duration } from "../words.ts";

const decide = (id: string, decision: "approve" | "reject"): void =>
  void act(`/api/triggers/approvals/${id}/${decision}`, {});

function Open({ approval }: { approval: Approval }) {
  const { id, name, why, action, at, until } = approval;
  return (
    <article class="need" data-step tabIndex={-1} aria-label={`Approval ${id}`}>
      <p class="head">
        <b>{name}</b> <span>{actionWords(action)}</span>
        <span class="grow" />
        <time>{duration(now.value - at)}</time>
      </p>
      <p class="faint">
        {why}; expires in {duration(until - now.value)}
      </p>
      <p class="ways">
        <button type="button" onClick={() => decide(id, "approve")}>
          Approve
        </button>
        <button type="button" class="quiet" onClick={() => decide(id, "reject")}>
          Reject
        </button>
      </p>
    </article>
  );
}

const PAST = 30;

/** What triggers ask, and what was answered. */
export function ApprovalsPanel({ of }: { of: State }) {
  const all = Object.values(of.triggers.approvals);
  const open = all.filter(({ decided }) => !decided);
  const past = all.filter(({ decided }) => decided).toReversed();
  if (all.length === 0) return null;
  return (
    <section class="panel approvals" aria-label="Approvals">
      <h2>
        Approvals <span class="faint">{open.length} open</span>
      </h2>
      {open.map((approval) => (
        <Open key={approval.id} approval={approval} />
      ))}
      {past.length > 0 && (
        <details>
          <summary>Decided ({past.length})</summary>
          <ol class="rows">
            {past.slice(0, PAST).map(({ id, name, action, decided }) => (
              <li key={id}>
                <time>{clock(decided?.at ?? 0)}</time>
                <b>{name}</b>
                <span class="grow">{actionWords(action)}</span>
                <span class="faint">
                  {decided?.decision} by {addressName(of, decided?.by ?? "")}
                  {decided?.comment ? `: ${decided.comment}` : ""}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}
