import type { Event, FactType } from "../facts.ts";
import { type State, table } from "../state.ts";
import { bridgeKey, CHAT_KEPT, type Chat, chatKey, uploadKey } from "./bridges-state.ts";
import type { BridgeFact, ChatPlace } from "./facts.ts";

type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

const chatOf = ({ bridges }: State, place: ChatPlace): Chat | undefined => bridges.chats[chatKey(place)];

/** Keeps the newest entries of a table. */
function trim(entries: Record<string, unknown>): void {
  const keys = Object.keys(entries);
  for (const key of keys.slice(0, Math.max(0, keys.length - CHAT_KEPT))) delete entries[key];
}

const FOLDS: { [T in BridgeFact["type"]]: Fold<T> } = {
  "bridge.coded": ({ bridges }, { repo, hash, right, until, platform }) => {
    bridges.codes[repo] = { repo, hash, right, until, platform, tries: 0 };
  },
  "bridge.wanted": ({ bridges }, event) => {
    bridges.wanted[bridgeKey(event)] = event.isOn;
  },
  "bridge.started": ({ bridges }, event) => {
    bridges.running[bridgeKey(event)] = { token: event.token, since: event.at };
  },
  "bridge.stopped": ({ bridges }, event) => {
    delete bridges.running[bridgeKey(event)];
  },
  "bridge.subscribed": (state, { repo, platform, chat, hash, right, after, at }) => {
    const place = { repo, platform, chat };
    if (state.bridges.codes[repo]?.hash === hash) delete state.bridges.codes[repo];
    const known = chatOf(state, place);
    const fresh = { cursors: { reply: after, news: after, talk: after }, partial: {}, cards: table<string>() };
    const more = { received: table<boolean>(), uploads: [] };
    state.bridges.chats[chatKey(place)] = known
      ? { ...known, right }
      : { ...place, right, since: at, ...fresh, ...more };
  },
  "bridge.unsubscribed": ({ bridges }, event) => {
    delete bridges.chats[chatKey(event)];
  },
  "bridge.denied": ({ bridges }, { repo, reason }) => {
    const code = bridges.codes[repo];
    if (code && reason === "code") code.tries += 1;
  },
  "bridge.received": (state, event) => {
    const chat = chatOf(state, event);
    if (!chat) return;
    chat.received[event.message] = false;
    trim(chat.received);
  },
  "bridge.replied": (state, event) => {
    const chat = chatOf(state, event);
    if (chat && event.message in chat.received) chat.received[event.message] = true;
  },
  "bridge.filed": () => {},
  "bridge.sent": (state, event) => {
    const chat = chatOf(state, event);
    if (!chat) return;
    const { lane, item, part, parts, id, card } = event;
    if (card !== undefined) {
      chat.cards[card] = id;
      trim(chat.cards);
    }
    if (part + 1 < parts) chat.partial[lane] = { item, next: part + 1 };
    else {
      delete chat.partial[lane];
      chat.cursors[lane] = Math.max(chat.cursors[lane], item);
    }
  },
  "bridge.unsent": (state, event) => {
    const chat = chatOf(state, event);
    if (!chat) return;
    delete chat.partial[event.lane];
    chat.cursors[event.lane] = Math.max(chat.cursors[event.lane], event.item);
  },
  "bridge.uploaded": (state, event) => {
    const chat = chatOf(state, event);
    if (chat) chat.uploads = [...chat.uploads, uploadKey(event)].slice(-CHAT_KEPT);
  },
  "bridge.unuploaded": () => {},
};

/** Facts about chats. */
export function foldBridges(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
