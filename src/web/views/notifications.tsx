import { useEffect, useRef } from "preact/hooks";
import type { Notifications as Told } from "../../core/history/api.ts";
import { useAsked } from "../agent/asked.ts";
import { go } from "../choice.ts";
import { Devices } from "../push/panel.tsx";
import { state } from "../store.ts";
import { clock, day } from "../words.ts";
import { noticesVersion, read } from "./notices.ts";

type Notice = Told["rows"][number];

const MARKS: Record<string, string> = { info: "", warning: "!", error: "✕" };
const TONES: Record<string, string> = { info: "plain", warning: "warn", error: "bad" };

/** Where a notice leads, if what it is about is still known. */
function target({ about }: Notice): (() => void) | null {
  const of = state.value;
  const agent = about === null ? "" : about.replace(/#\d+$/, "");
  if (!of || about === null) return null;
  if (Object.hasOwn(of.agents, agent)) return () => go("agents", about);
  if (Object.hasOwn(of.teams, about)) return () => go("teams", about);
  return null;
}

function Row({ notice }: { notice: Notice }) {
  const lead = target(notice);
  return (
    <li class={`notice ${TONES[notice.level]} ${notice.isRead ? "" : "unread"}`} data-step tabIndex={-1}>
      <time title={day(notice.at)}>{clock(notice.at)}</time>
      <span class="mark" aria-hidden="true">
        {MARKS[notice.level]}
      </span>
      <span class="grow">{notice.text}</span>
      {lead && (
        <button type="button" class="link" onClick={lead}>
          {notice.about}
        </button>
      )}
    </li>
  );
}

function News() {
  const asked = useAsked<Told>("/api/notifications", noticesVersion.value).value;
  const last = useRef(0);
  const answer = asked && "answer" in asked ? asked.answer : null;
  const newest = answer?.rows[0]?.id ?? 0;
  last.current = answer && answer.unread > 0 ? newest : 0;
  // Whoever leaves has seen them.
  useEffect(() => () => void (last.current > 0 && read(last.current)), []);
  if (asked && "refusal" in asked) return <p class="empty">{asked.refusal}</p>;
  if (!answer) return null;
  return (
    <section class="panel" aria-label="Notifications">
      <h2>
        {answer.unread > 0 ? `${answer.unread} new` : "All read"}
        <span class="grow" />
        {answer.unread > 0 && (
          <button type="button" class="quiet small" onClick={() => void read(newest)}>
            Mark all as read
          </button>
        )}
      </h2>
      {answer.rows.length === 0 && (
        <p class="empty">
          Nothing was told yet. Ends of jobs, warnings and the messages of triggers (notify) stand here.
        </p>
      )}
      <ol class="rows">
        {answer.rows.map((notice) => (
          <Row key={notice.id} notice={notice} />
        ))}
      </ol>
    </section>
  );
}

/** What Muster told: completions, warnings, and what triggers were to say; and which devices are told besides. */
export function Notifications() {
  return (
    <>
      <Devices />
      <News />
    </>
  );
}
