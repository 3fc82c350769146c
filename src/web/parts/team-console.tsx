import { useSignal } from "@preact/signals";
import { completions, knownOf } from "../../core/console-completion.ts";
import { meaningOf } from "../../core/console-meaning.ts";
import type { State, Team } from "../../core/state.ts";
import { visible } from "../../core/text.ts";
import { order, type Reply, replies, settingOf } from "../orders.ts";

const WAYS = "a: TEXT and b: TEXT speak to one, TEXT to all; / begins a command";

/** Whole lines that begin as this one and end in what may stand there. */
function offers(of: State, team: Team, text: string): string[] {
  const { length, words } = completions(text, knownOf(of, team.name, []));
  const before = text.slice(0, text.length - length);
  return words.map((word) => before + word);
}

function Answer({ reply }: { reply: Reply }) {
  return (
    <li class={reply.tone}>
      <code>{visible(reply.line)}</code>
      {reply.lines.map((line, at) => (
        <span key={`${reply.id} ${at}`}>{visible(line)}</span>
      ))}
    </li>
  );
}

/** The console's line on the page: the same lines, hints and refusals; what they brought stands beneath. */
export function TeamConsole({ of, team }: { of: State; team: Team }) {
  const text = useSignal("");
  const own = replies.value.filter((reply) => reply.team === team.name);
  const meaning = meaningOf(text.value, settingOf(team), "the list completes it");
  const send = async () => {
    const line = text.value;
    if (line.trim() === "") return;
    // What was refused stays, so that it can be mended.
    if ((await order(team, line)) && text.value === line) text.value = "";
  };
  return (
    <form
      class="composer console"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <input
        aria-label={`Line to ${team.name}`}
        aria-describedby="line-means"
        placeholder={`Line to ${team.name}`}
        autocomplete="off"
        spellcheck={false}
        list="line-offers"
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <datalist id="line-offers">
        {offers(of, team, text.value).map((line) => (
          <option key={line} value={line} />
        ))}
      </datalist>
      <button type="submit">Send</button>
      <p id="line-means" class={meaning?.style ?? "dim"}>
        {meaning?.text ?? WAYS}
      </p>
      <div class="replies" role="log" aria-label="Answers">
        <ol>
          {own.map((reply) => (
            <Answer key={reply.id} reply={reply} />
          ))}
        </ol>
      </div>
    </form>
  );
}
