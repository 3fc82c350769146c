import { hashOf } from "../../core/page-address.ts";
import { calling } from "../calls.ts";
import { address } from "../choice.ts";
import { PLACES, type PlaceId } from "../places.ts";
import { state } from "../store.ts";
import { unread } from "../views/notices.ts";
import { Icon } from "./icon.tsx";

/** What stands beside a place's name: how much of it waits for a person. */
function count(place: PlaceId): number {
  if (place === "home") return calling.value.length;
  if (place === "notifications") return unread.value;
  if (place !== "orchestrator" || !state.value) return 0;
  return Object.values(state.value.triggers.approvals).filter(({ decided }) => !decided).length;
}

/** All places, beside the page; on a narrow screen below it. They are links, so each can be opened in a tab of its own. */
export function Rail() {
  return (
    <nav class="rail" aria-label="Views">
      {PLACES.map(({ id, title, says, key }) => {
        const isHere = address.value.place === id;
        const waiting = count(id);
        return (
          <a
            key={id}
            href={hashOf({ place: id, id: "" })}
            aria-current={isHere ? "page" : undefined}
            title={`${title}: ${says} (g ${key})`}
          >
            <Icon of={id} />
            <span class="name">{title}</span>
            {waiting > 0 && (
              <span class={`count ${id}`}>
                {waiting}
                <span class="unseen"> waiting</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}
