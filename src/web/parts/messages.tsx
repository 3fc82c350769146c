import { useSignal } from "@preact/signals";
import type { WholeMessage } from "../../core/api.ts";
import { withoutFence } from "../../core/letter/form.ts";
import type { Message, State } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import { api, say } from "../store.ts";
import { addressName, clock, evidenceWords, messageFacts, waitWords } from "../words.ts";

/** The same text from one sender to several at once is one letter to a reader. */
const isSame = (a: Message, b: Message): boolean =>
  a.from === b.from && a.preview === b.preview && a.size === b.size && Math.abs(a.at - b.at) < 2000;

function grouped(messages: Message[]): Message[][] {
  const groups: Message[][] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (last?.[0] && isSame(last[0], message)) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

/** How far one copy of a letter has come, and what keeps it. */
function Delivery({ of, message, isNamed }: { of: State; message: Message; isNamed: boolean }) {
  const wait = waitWords(message);
  return (
    <span class="delivery" title={evidenceWords(message)}>
      {isNamed && <b>{addressName(of, message.to)}</b>}
      {messageFacts(message).map(({ name, isTrue }) => (
        <span key={name} class={isTrue ? "fact-is" : "fact-not"}>
          <span aria-hidden="true">{isTrue ? "✓" : "·"}</span>
          {!isTrue && <span class="unseen">not </span>}
          {name}
        </span>
      ))}
      {wait && <span class={`wait ${message.state}`}>{preview(wait, 300)}</span>}
    </span>
  );
}

function Letter({ of, messages }: { of: State; messages: Message[] }) {
  const [first] = messages;
  const body = useSignal<string | null>(null);
  if (!first) return null;
  const open = async () => {
    if (body.value !== null) {
      body.value = null;
      return;
    }
    try {
      body.value = (await api().get<WholeMessage>(`/api/messages/${first.mid}`)).body;
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const to = messages.map((message) => addressName(of, message.to)).join(", ");
  return (
    <li class={`letter ${first.kind}`}>
      <button type="button" aria-expanded={body.value !== null} onClick={() => void open()}>
        <span class="head">
          <b>
            {addressName(of, first.from)} → {to}
          </b>
          <time>{clock(first.at)}</time>
        </span>
        {body.value === null && <span class="preview">{withoutFence(first.preview)}</span>}
      </button>
      {body.value !== null && <pre>{body.value}</pre>}
      <span class="deliveries">
        {messages.map((message) => (
          <Delivery key={message.mid} of={of} message={message} isNamed={messages.length > 1} />
        ))}
      </span>
    </li>
  );
}

/** Letters and prompts, newest first, with where each one is. */
export function Messages({ of, words }: { of: State; words: string }) {
  const all = Object.values(of.messages)
    .filter((message) =>
      `${addressName(of, message.from)} ${addressName(of, message.to)} ${message.preview}`
        .toLowerCase()
        .includes(words),
    )
    .sort((a, b) => b.seq - a.seq);
  if (all.length === 0) {
    return <p class="empty">{words ? "No message matches the search." : "Nobody has written anything yet."}</p>;
  }
  return (
    <ol class="letters">
      {grouped(all)
        .slice(0, 200)
        .map((messages) => (
          <Letter key={messages[0]?.mid} of={of} messages={messages} />
        ))}
    </ol>
  );
}
