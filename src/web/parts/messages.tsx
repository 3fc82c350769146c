import { useSignal } from "@preact/signals";
import type { WholeMessage } from "../../core/api.ts";
import type { Message, State } from "../../core/state.ts";
import { api, say } from "../store.ts";
import { addressName, clock, deliveryWords } from "../words.ts";

function Letter({ of, message }: { of: State; message: Message }) {
  const body = useSignal<string | null>(null);
  const open = async () => {
    if (body.value !== null) {
      body.value = null;
      return;
    }
    try {
      body.value = (await api().get<WholeMessage>(`/api/messages/${message.mid}`)).body;
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <li class="letter">
      <button type="button" aria-expanded={body.value !== null} onClick={() => void open()}>
        <span class="head">
          <b>
            {addressName(of, message.from)} → {addressName(of, message.to)}
          </b>
          <time>{clock(message.at)}</time>
        </span>
        {body.value === null && <span class="preview">{message.preview}</span>}
      </button>
      {body.value !== null && <pre>{body.value}</pre>}
      <span class={`delivery ${message.state}`}>{deliveryWords(message)}</span>
    </li>
  );
}

/** Letters and prompts, newest first, with where each one is. */
export function Messages({ of, words }: { of: State; words: string }) {
  const all = Object.values(of.messages)
    .filter(({ from, to, preview }) =>
      `${addressName(of, from)} ${addressName(of, to)} ${preview}`.toLowerCase().includes(words),
    )
    .sort((a, b) => b.seq - a.seq);
  if (all.length === 0) {
    return <p class="empty">{words ? "No message matches the search." : "Nobody has written anything yet."}</p>;
  }
  return (
    <ol class="letters">
      {all.slice(0, 200).map((message) => (
        <Letter key={message.mid} of={of} message={message} />
      ))}
    </ol>
  );
}
