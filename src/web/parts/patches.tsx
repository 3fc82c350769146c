import type { PatchStep } from "../../core/facts.ts";
import type { Patch, State } from "../../core/state.ts";
import { addressName, clock } from "../words.ts";

function Step({ step }: { step: PatchStep }) {
  const tone = step.code === null ? "none" : step.code === 0 ? "good" : "bad";
  const said = step.code === null ? "nothing to run" : step.code === 0 ? "passed" : `exit code ${step.code}`;
  return (
    <li class={`step ${tone}`}>
      <b>{step.step}</b> {said}
      {step.code !== null && (
        <span class="faint">
          {" "}
          {step.command ? `${step.command}, ` : ""}
          {(step.millis / 1000).toFixed(1)} s
        </span>
      )}
    </li>
  );
}

const END = { queued: "being proven", refused: "refused", committed: "committed" };

function Proof({ of, patch }: { of: State; patch: Patch }) {
  return (
    <li class={`patch ${patch.state}`}>
      <span class="head">
        <b>{patch.title}</b>
        <time>{clock(patch.at)}</time>
      </span>
      <span class="meta">
        {patch.id} by {addressName(of, patch.author)}, {patch.lines} lines in {patch.paths.join(", ")}
      </span>
      <ol class="steps">
        {patch.steps.map((step) => (
          <Step key={step.step} step={step} />
        ))}
        <li class={`step end ${patch.state}`}>
          <b>{END[patch.state]}</b> {patch.commit ? <code>{patch.commit.slice(0, 10)}</code> : (patch.reason ?? "")}
        </li>
      </ol>
    </li>
  );
}

/** Patches, newest first, with each step of their proof. */
export function Patches({ of }: { of: State }) {
  const all = Object.values(of.patches).sort((a, b) => b.seq - a.seq);
  if (all.length === 0) {
    return (
      <p class="empty">
        No patches yet. When an agent hands one in, it is applied, linted and tested in a scratch worktree, and
        committed only when everything passes.
      </p>
    );
  }
  return (
    <ol class="patches">
      {all.map((patch) => (
        <Proof key={patch.id} of={of} patch={patch} />
      ))}
    </ol>
  );
}
