import { useSignal } from "@preact/signals";
import type { SessionAccount } from "../../core/jobs/account.ts";
import type { WorktreeLook } from "../../core/jobs/worktree.ts";
import { type Agent, isAlive } from "../../core/state.ts";
import { act, say } from "../store.ts";
import { useAsked } from "./asked.ts";

const LINES: [start: string, tone: string][] = [
  ["diff --git", "file"],
  ["+++", "meta"],
  ["---", "meta"],
  ["@@", "place"],
  ["+", "added"],
  ["-", "removed"],
];

/** Lines of a diff that are drawn; `muster diff` has the rest. */
const SHOWN = 3000;

function Diff({ text }: { text: string }) {
  const lines = text.trimEnd().split("\n");
  return (
    <>
      <pre class="diff">
        {lines.slice(0, SHOWN).map((line, n) => (
          <span key={n} class={LINES.find(([start]) => line.startsWith(start))?.[1] ?? ""}>
            {line}
            {"\n"}
          </span>
        ))}
      </pre>
      {lines.length > SHOWN && <p class="faint">{lines.length - SHOWN} more lines; muster diff shows them.</p>}
    </>
  );
}

/** Bringing its work in, or throwing its worktree away: both are asked twice, and nothing is lost by either. */
function Ways({ agent }: { agent: Agent }) {
  const sure = useSignal("");
  const { agent: id } = agent.hire;
  const run = async (what: "merge" | "discard") => {
    if (sure.value !== what) {
      sure.value = what;
      return;
    }
    sure.value = "";
    const isDone = await act(`/api/actions/jobs/${id}/${what}`, what === "discard" ? { force: true } : {});
    if (isDone)
      say(what === "merge" ? "its work is on your branch" : "its worktree is gone, its work is on its branch");
  };
  return (
    <p class="ways">
      <button type="button" onClick={() => void run("merge")} onBlur={() => (sure.value = "")}>
        {sure.value === "merge" ? "Merge into your branch?" : "Merge"}
      </button>
      <button
        type="button"
        class={sure.value === "discard" ? "danger" : "quiet"}
        disabled={isAlive(agent)}
        title={isAlive(agent) ? "end the agent first" : undefined}
        onClick={() => void run("discard")}
        onBlur={() => (sure.value = "")}
      >
        {sure.value === "discard" ? "Remove the worktree?" : "Discard"}
      </button>
    </p>
  );
}

function OwnTree({ agent }: { agent: Agent }) {
  const asked = useAsked<WorktreeLook & { branch: string }>(
    `/api/jobs/${agent.hire.agent}/diff`,
    `${agent.turns} ${agent.tool} ${agent.activity}`,
  );
  const found = asked.value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { branch, commits, dirty, diff } = found.answer;
  return (
    <>
      <p>
        <code>{branch}</code>: {commits} {commits === 1 ? "commit" : "commits"}, {dirty.length} not committed
      </p>
      {diff === "" ? <p class="empty">Nothing is changed yet.</p> : <Ways agent={agent} />}
      {diff !== "" && <Diff text={diff} />}
    </>
  );
}

/** Without a worktree its changes are mixed with a person's; what is known are the files that it wrote. */
function SharedTree({ agent }: { agent: Agent }) {
  const asked = useAsked<{ account: SessionAccount }>(`/api/jobs/${agent.hire.agent}/session`, agent.turns);
  const found = asked.value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { files } = found.answer.account;
  return (
    <>
      {files.length === 0 && <p class="empty">It has changed no file that its CLI wrote down.</p>}
      <ul class="files">
        {files.map((file) => (
          <li key={file}>
            <code>{file}</code>
          </li>
        ))}
      </ul>
      <p class="faint">
        It works in {agent.hire.cwd}, where git shows what is changed. With a worktree of its own, all it did is shown
        here.
      </p>
    </>
  );
}

/** What it has changed. */
export function Changes({ agent }: { agent: Agent }) {
  return agent.hire.worktree ? <OwnTree agent={agent} /> : <SharedTree agent={agent} />;
}
