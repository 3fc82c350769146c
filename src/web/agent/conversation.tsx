import type { SessionAccount, TranscriptEntry } from "../../core/jobs/account.ts";
import { withoutMarks } from "../../core/mark.ts";
import type { Agent } from "../../core/state.ts";
import { toolInput } from "../../core/tool-input.ts";
import { Code } from "../parts/code.tsx";
import { Prose } from "../parts/prose.tsx";
import { count, duration } from "../words.ts";
import { useAsked } from "./asked.ts";

interface SessionView {
  account: SessionAccount;
  entries: TranscriptEntry[];
}

/** Entries drawn; older ones stand in the CLI's own record (`muster session`). */
const SHOWN = 300;

function Entry({ entry: { at, role, text, tools = [], failed } }: { entry: TranscriptEntry }) {
  const time = (at ?? "").slice(11, 19);
  return (
    <>
      {role && text && (
        <li class={`said ${role}`}>
          <p class="head">
            <b>{role === "user" ? "to it" : "it said"}</b> <time>{time}</time>
          </p>
          {role === "user" ? (
            <Code text={withoutMarks(text).replace(/ {2,}/g, " ").trim()} label="What it was told" />
          ) : (
            <Prose text={text} />
          )}
        </li>
      )}
      {tools.map(({ name, file, input }, n) => (
        <li class="used" key={`${name} ${n}`}>
          <b>{name}</b> <code>{file ?? toolInput(input)}</code>
        </li>
      ))}
      {failed ? <li class="used bad">failed</li> : null}
    </>
  );
}

function Account({ account }: { account: SessionAccount }) {
  const { model, tokens, tools, failedTools, files, messages } = account;
  const calls = Object.entries(tools)
    .sort(([, a], [, b]) => b - a)
    .map(([name, n]) => `${name} ${n}`);
  const rows: [string, string][] = [
    ["Model", model ?? "unknown"],
    [
      "Tokens",
      tokens
        ? `${count(tokens.input)} in, ${count(tokens.output)} out, ${count(tokens.cacheRead)} from the cache, ${count(tokens.cacheWrite)} into it`
        : "unknown",
    ],
    ["Took", account.duration === null ? "unknown" : duration(account.duration)],
    ["Messages", `${messages.user} to it, ${messages.assistant} of it`],
    ["Tools", `${calls.join(", ") || "none"}${failedTools > 0 ? `; ${failedTools} failed` : ""}`],
    ["Files", files.join(", ") || "none changed"],
  ];
  return (
    <dl class="account">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The conversation of its job as the CLI wrote it down, and what it came to. */
export function Conversation({ agent }: { agent: Agent }) {
  const asked = useAsked<SessionView>(`/api/jobs/${agent.hire.agent}/session`, `${agent.turns} ${agent.activity}`);
  const found = asked.value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { account, entries } = found.answer;
  return (
    <>
      <Account account={account} />
      {entries.length === 0 && <p class="empty">Its CLI has written nothing down yet.</p>}
      {entries.length > SHOWN && (
        <p class="faint">
          The newest {SHOWN} of {entries.length} steps.
        </p>
      )}
      <ol class="conversation">
        {entries.slice(-SHOWN).map((entry, n) => (
          <Entry key={n} entry={entry} />
        ))}
      </ol>
    </>
  );
}
