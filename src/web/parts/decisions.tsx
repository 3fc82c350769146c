import { missingSignatures } from "../../core/decide-team.ts";
import { USER } from "../../core/ids.ts";
import type { Rfd, Signature } from "../../core/rfd/state.ts";
import type { State, Team } from "../../core/state.ts";
import { span } from "../../core/team-status.ts";
import { preview, visible } from "../../core/text.ts";
import { cardId } from "../choice.ts";
import { now } from "../store.ts";
import { addressName, clock } from "../words.ts";
import { Order } from "./order.tsx";

/** A card stays where it is so long after its decision: nothing jumps away beneath a pointer. */
const FRESH_MS = 60_000;
/** Decisions of the past that are listed. */
const PAST = 50;
const HOUR_MS = 3_600_000;

const SIGNED = { approve: "approves", reject: "rejects" };
const DECIDED = { approve: "approved", reject: "rejected", expired: "expired undecided" };

/** `approved by you at 10:31:05 (web)`. */
function outcome(of: State, { decided }: Rfd): string {
  if (!decided) return "";
  const { decision, by, at, channel } = decided;
  if (decision === "expired") return `${DECIDED.expired} at ${clock(at)}`;
  return `${DECIDED[decision]} by ${addressName(of, by)} at ${clock(at)}${channel ? ` (${channel})` : ""}`;
}

function Signed({ of, signature }: { of: State; signature: Signature }) {
  const { by, decision, reason, at } = signature;
  return (
    <li class={decision === "approve" ? "good" : "bad"}>
      {addressName(of, by) === "you" ? "you signed" : addressName(of, by)}
      {addressName(of, by) === "you" ? `: ${decision}` : ` ${SIGNED[decision]}`}
      <span class="faint">
        {" "}
        at {clock(at)}
        {reason ? `: ${preview(reason, 300)}` : ""}
      </span>
    </li>
  );
}

/** What would pass: the one patch that the card is bound to. */
function About({ of, rfd }: { of: State; rfd: Rfd }) {
  const patch = rfd.patch === undefined ? undefined : of.patches[rfd.patch];
  return (
    <>
      {rfd.tasks.map((task) => (
        <p key={task}>{visible(task)}</p>
      ))}
      {patch && (
        <p class="faint">
          {patch.id} “{preview(patch.title)}”, {patch.lines} lines in {preview(patch.paths.join(", "), 300)}
        </p>
      )}
    </>
  );
}

/** The person's say, or what it was. */
function Ways({ of, team, rfd }: { of: State; team: Team; rfd: Rfd }) {
  if (rfd.decided) return <p class={`outcome ${rfd.decided.decision}`}>{outcome(of, rfd)}</p>;
  const missing = missingSignatures(of, rfd);
  const waits = <span class="faint">waits for {missing.map((who) => addressName(of, who)).join(", ")}</span>;
  const hasSigned = rfd.signatures.some(({ by }) => by === USER);
  if (team.stopped !== undefined || hasSigned) return <p class="ways">{waits}</p>;
  return (
    <p class="ways">
      <Order team={team} line={`/rfd ${rfd.id} approve`} title="Approve" />
      <Order team={team} line={`/rfd ${rfd.id} reject`} title="Reject" isQuiet />
      <Order team={team} line={`/rfd ${rfd.id} ask`} title="Ask more" isQuiet />
      {waits}
    </p>
  );
}

function Card({ of, team, rfd }: { of: State; team: Team; rfd: Rfd }) {
  const ends = rfd.at + team.settings.policies.rfd.ttl_hours * HOUR_MS;
  return (
    <article
      class={`rfd ${rfd.decided ? "decided" : ""}`}
      id={cardId(rfd.id)}
      aria-label={`Decision ${rfd.id}`}
      tabIndex={-1}
    >
      <p class="head">
        <b>{preview(rfd.title)}</b>
        <span class="faint">{rfd.id}</span>
      </p>
      <p class="faint">
        {addressName(of, rfd.author)} asked {span(now.value - rfd.at)} ago
        {!rfd.decided && ends > now.value ? `, ends in ${span(ends - now.value)}` : ""}
      </p>
      <About of={of} rfd={rfd} />
      {rfd.signatures.length > 0 && (
        <ul>
          {rfd.signatures.map((signature) => (
            <Signed key={signature.by} of={of} signature={signature} />
          ))}
        </ul>
      )}
      <Ways of={of} team={team} rfd={rfd} />
    </article>
  );
}

function Past({ of, rfds }: { of: State; rfds: Rfd[] }) {
  if (rfds.length === 0) return null;
  return (
    <details class="past">
      <summary>Decided ({rfds.length})</summary>
      <ul>
        {rfds.slice(0, PAST).map((rfd) => (
          <li key={rfd.id}>
            {rfd.id} {preview(rfd.title)} <span class="faint">{outcome(of, rfd)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Requests for decision: open ones as cards, the others folded (P50). */
export function Decisions({ of, team }: { of: State; team: Team }) {
  const own = Object.values(of.rfds).filter((rfd) => rfd.team === team.name);
  const isCard = ({ decided }: Rfd): boolean => !decided || now.value - decided.at < FRESH_MS;
  return (
    <>
      {own.filter(isCard).map((rfd) => (
        <Card key={rfd.id} of={of} team={team} rfd={rfd} />
      ))}
      <Past of={of} rfds={own.filter((rfd) => !isCard(rfd)).reverse()} />
    </>
  );
}
