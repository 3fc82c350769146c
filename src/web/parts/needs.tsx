import type { Need } from "../../core/needs.ts";
import { leadToNeed } from "../calls.ts";
import { act, now, state } from "../store.ts";
import { duration, moment } from "../words.ts";
import { DialogBox } from "./dialog.tsx";
import { Order } from "./order.tsx";

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

/** Something that does not go on without a person: what it is about, who asks what, and the answers. */
export function NeedCard({ need }: { need: Need }) {
  const { who, what, task, why, since, until, next, dialog } = need;
  const asks = (
    <>
      <b>{who}</b> {what}
    </>
  );
  return (
    <article class="need" data-step tabIndex={-1} aria-label={`${who} ${what}`}>
      <p class="head">
        <span class="grow">{task ? <b>{task}</b> : asks}</span>
        <time>waits {duration(now.value - since)}</time>
      </p>
      {task && <p class="asks">{asks}</p>}
      {why && !dialog && <pre>{why}</pre>}
      {dialog && <DialogBox agent={dialog} since={since} />}
      {next && <p class="faint">{next}</p>}
      {until !== undefined && <p class="faint">unanswered it expires at {moment(until, now.value)}</p>}
      <Ways need={need} />
    </article>
  );
}
