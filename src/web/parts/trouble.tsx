import type { Need } from "../../core/needs.ts";
import { leadToNeed, putAside } from "../calls.ts";
import { selectTeam } from "../choice.ts";
import { now } from "../store.ts";
import type { Stuck } from "../stuck.ts";
import { duration, moment } from "../words.ts";
import { Why } from "./why.tsx";

/** Rows drawn of a list; the timeline has all. */
const DRAWN = 20;

/** One line of a list: what it is about leads to where it is settled. */
interface Trouble {
  key: string;
  subject: string;
  open: () => void;
  /** Who it happened to, where the subject does not say it. */
  who: string;
  what: string;
  why: string;
  since: number;
  /** What the daemon is asked about, for more. */
  about: string;
  isPassing: boolean;
}

const causeOf = ({ until, why, next }: Need): string =>
  until === undefined ? why || next : `it goes on by itself at ${moment(until, now.value)}`;

const ofNeed = (need: Need): Trouble => ({
  ...{ key: need.key, subject: need.task || need.who, open: () => leadToNeed(need), who: need.task ? need.who : "" },
  ...{ what: need.what, why: causeOf(need), since: need.since, about: need.at.id || need.who },
  isPassing: need.isPassing === true,
});

const ofStuck = ({ key, team, what, why, since, about }: Stuck): Trouble => ({
  ...{ key, subject: team, open: () => selectTeam(team), who: "", what, why, since, about, isPassing: true },
});

function Row({ of: { subject, open, who, what, why, since, about, isPassing, key } }: { of: Trouble }) {
  return (
    <li data-step tabIndex={-1}>
      <p class="subject">
        <button type="button" class="link" onClick={open}>
          {subject}
        </button>
        <span class="faint">{[who, `${duration(now.value - since)} ago`].filter(Boolean).join(" · ")}</span>
      </p>
      <span class={isPassing ? "what passing" : "what"}>{what}</span>
      <span class="grow">{why}</span>
      <Why id={about} />
      {!isPassing && (
        <button
          type="button"
          class="quiet small"
          aria-label={`Hide ${about}`}
          title="Hide it here; it stays in the timeline"
          onClick={() => putAside([key])}
        >
          ✕
        </button>
      )}
    </li>
  );
}

/** What went wrong of late; what was seen can be hidden. */
export function WrongList({ all }: { all: Need[] }) {
  if (all.length === 0) return null;
  return (
    <section class="wrong" aria-label="Went wrong">
      <h2>
        Went wrong <span class="faint">{all.length}</span>
        {all.length > 1 && (
          <button
            type="button"
            class="quiet small"
            title="Hide them here; they stay in the timeline"
            onClick={() => putAside(all.map(({ key }) => key))}
          >
            Hide all
          </button>
        )}
      </h2>
      <ol class="rows">
        {all.slice(0, DRAWN).map((need) => (
          <Row key={need.key} of={ofNeed(need)} />
        ))}
      </ol>
    </section>
  );
}

/** What does not go on now, though nobody is asked: usage limits, and what of teams waits; each with its reason. */
export function HeldUpList({ limits, stuck }: { limits: Need[]; stuck: Stuck[] }) {
  const all = [...limits.map(ofNeed), ...stuck.map(ofStuck)];
  if (all.length === 0) return null;
  return (
    <section aria-label="Held up">
      <h2>
        Held up <span class="faint">{all.length}</span>
      </h2>
      <ol class="rows">
        {all.slice(0, DRAWN).map((trouble) => (
          <Row key={trouble.key} of={trouble} />
        ))}
      </ol>
    </section>
  );
}
