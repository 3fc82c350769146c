import { useSignal } from "@preact/signals";
import type { PorSeen } from "../../core/boards/facts.ts";
import type { BoardText } from "../../core/boards/view.ts";
import type { State, Team } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import { useAsked } from "../agent/asked.ts";
import { now } from "../store.ts";
import { duration } from "../words.ts";
import { Prose } from "./prose.tsx";

function Written({ repo, board, seen }: { repo: string; board: string; seen: PorSeen }) {
  const path = `/api/boards/text?repo=${encodeURIComponent(repo)}&board=${encodeURIComponent(board)}`;
  const found = useAsked<BoardText>(path, seen.updatedAt).value;
  if (!found) return null;
  return "refusal" in found ? <p class="empty">{found.refusal}</p> : <Prose text={found.answer.text} />;
}

/** One board: its name, its age and what its check found; opened, its text. */
function Board({ repo, board, name, seen }: { repo: string; board: string; name: string; seen: PorSeen }) {
  const isOpen = useSignal(false);
  const { lint, updatedAt } = seen;
  return (
    <details class="written" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>
        <span class="id">{board}</span> <b>{name}</b>{" "}
        <span class="faint">changed {duration(now.value - updatedAt)} ago</span>
        {lint.length > 0 && (
          <span class="warn">
            {" "}
            {lint.length} {lint.length === 1 ? "finding" : "findings"}
          </span>
        )}
      </summary>
      {isOpen.value && (
        <>
          <Written repo={repo} board={board} seen={seen} />
          <ul class="findings">
            {lint.map((finding) => (
              <li key={finding}>{preview(finding, 300)}</li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}

/** POR and SUBPORs of a team's repository, as they are written there. */
export function BoardTexts({ of, team: { name, repo } }: { of: State; team: Team }) {
  const { por, subpors } = of.boards[name] ?? { subpors: {} };
  return (
    <section class="block boards" aria-label="Boards">
      {por ? (
        <Board repo={repo} board="POR" name="Plan of record" seen={por} />
      ) : (
        <p class="faint">
          There is no POR.md yet: <code>muster por init</code> makes one, and the peers keep it. What they work on
          stands in a SUBPOR each; <code>muster subpor new</code> begins one.
        </p>
      )}
      {Object.values(subpors).map((sheet) => (
        <Board
          key={sheet.id}
          repo={repo}
          board={sheet.id}
          name={preview([sheet.title, sheet.owner, sheet.stage].filter(Boolean).join(" · "), 120)}
          seen={sheet}
        />
      ))}
    </section>
  );
}
