import { useEffect } from "preact/hooks";
import type { Notice } from "../../core/state.ts";
import { go } from "../choice.ts";
import { state } from "../store.ts";
import { clock, day } from "../words.ts";
import { isUnread, notices, read, unread } from "./notices.ts";

const MARKS = { info: "", warning: "!", error: "✕" };
const TONES = { info: "plain", warning: "warn", error: "bad" };

/** Where a notice leads, if what it is about is still known. */
function target({ about }: Notice): (() => void) | null {
  const of = state.value;
  if (!of || about === undefined) return null;
  if (Object.hasOwn(of.agents, about)) return () => go("agents", about);
  if (Object.hasOwn(of.teams, about)) return () => go("teams", about);
  return null;
}

function Row({ notice }: { notice: Notice }) {
  const lead = target(notice);
  return (
    <li class={`notice ${TONES[notice.level]} ${isUnread(notice) ? "unread" : ""}`} data-step tabIndex={-1}>
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

/** What Muster told: completions, warnings, and what triggers were to say. */
export function Notifications() {
  // Whoever leaves has seen them.
  useEffect(() => () => read(notices.value[0]?.seq ?? 0), []);
  const [newest] = notices.value;
  return (
    <section class="panel" aria-label="Notifications">
      <h2>
        {unread.value.length > 0 ? `${unread.value.length} new` : "All read"}
        <span class="grow" />
        {newest && unread.value.length > 0 && (
          <button type="button" class="quiet small" onClick={() => read(newest.seq)}>
            Mark all as read
          </button>
        )}
      </h2>
      {!newest && (
        <p class="empty">Nothing was told yet. Warnings of Muster and the messages of triggers (notify) stand here.</p>
      )}
      <ol class="rows">
        {notices.value.map((notice) => (
          <Row key={notice.seq} notice={notice} />
        ))}
      </ol>
    </section>
  );
}
