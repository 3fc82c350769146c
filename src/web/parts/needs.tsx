import type { Need } from "../../core/needs.ts";
import { leadToNeed, putAside } from "../calls.ts";
import { act, now, state } from "../store.ts";
import { clock, duration } from "../words.ts";
import { DialogBox } from "./dialog.tsx";
import { Order } from "./order.tsx";
import { Why } from "./why.tsx";

/** Yes and no where both can be said at once; else the way to where it is settled. */
function Ways({ need }: { need: Need }) {
  const { question, approval } = need;
  const open = (
    <button type="button" class="quiet" onClick={() => leadToNeed(need)}>
      Open
    </button>
  );
  if (question) {
    const answer = (choice: "allow" | "deny") =>
      void act(`/api/actions/jobs/${question.agent}/answer`, { question: question.id, choice });
    return (
      <p class="ways">
        <button type="button" onClick={() => answer("allow")}>
          Allow once
        </button>
        <button type="button" class="quiet" onClick={() => answer("deny")}>
          Deny
        </button>
        {open}
      </p>
    );
  }
  if (approval !== undefined) {
    const decide = (decision: "approve" | "reject") => void act(`/api/triggers/approvals/${approval}/${decision}`, {});
    return (
      <p class="ways">
        <button type="button" onClick={() => decide("approve")}>
          Approve
        </button>
        <button type="button" class="quiet" onClick={() => decide("reject")}>
          Reject
        </button>
      </p>
    );
  }
  const { id, rfd } = need.at;
  const team = state.value?.teams[id];
  if (rfd === undefined || !team) return <p class="ways">{open}</p>;
  return (
    <p class="ways">
      <Order team={team} line={`/rfd ${rfd} approve`} title="Approve" />
      <Order team={team} line={`/rfd ${rfd} reject`} title="Reject" isQuiet />
      {open}
    </p>
  );
}

/** Something that does not go on without a person. */
export function NeedCard({ need }: { need: Need }) {
  const { who, what, task, why, since, next, dialog } = need;
  return (
    <article class="need" data-step tabIndex={-1} aria-label={`${who} ${what}`}>
      <p class="head">
        <b>{who}</b> <span>{what}</span>
        <span class="grow" />
        <time>{duration(now.value - since)}</time>
      </p>
      {task && <p class="task">{task}</p>}
      {why && !dialog && <pre>{why}</pre>}
      {dialog && <DialogBox agent={dialog} since={since} />}
      {next && <p class="faint">{next}</p>}
      <Ways need={need} />
    </article>
  );
}

const causeOf = ({ until, why, next }: Need): string =>
  until === undefined ? why || next : `it goes on by itself at ${clock(until)}`;

/** What went wrong of late; what was seen can be put aside. */
export function WrongList({ all }: { all: Need[] }) {
  if (all.length === 0) return null;
  return (
    <section class="wrong" aria-label="Went wrong">
      <h2>
        Went wrong <span class="faint">{all.length}</span>
        <button type="button" class="quiet small" onClick={() => putAside(all.map(({ key }) => key))}>
          Put all aside
        </button>
      </h2>
      <ol class="rows">
        {all.slice(0, 20).map((need) => (
          <li key={need.key} data-step tabIndex={-1}>
            <button type="button" class="link" onClick={() => leadToNeed(need)}>
              {need.who}
            </button>
            <span class={need.isPassing ? "what passing" : "what"}>{need.what}</span>
            <span class="grow">
              <span class="why">{causeOf(need)}</span> <span class="faint">{need.task}</span>
            </span>
            <span class="faint">{duration(now.value - need.since)} ago</span>
            <Why id={need.at.id || need.who} />
            <button
              type="button"
              class="quiet small"
              aria-label={`Put ${need.who} aside`}
              onClick={() => putAside([need.key])}
            >
              ✕
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
