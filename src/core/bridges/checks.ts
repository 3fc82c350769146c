import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";
import { bridgeKey, type Chat, chatKey, MOST_TRIES, rightsUpTo, uploadKey } from "./bridges-state.ts";
import type { BridgeFact, BridgeWish, ChatPlace } from "./facts.ts";

type FactOf<T extends BridgeFact["type"]> = Extract<BridgeFact, { type: T }>;
type Check<T extends BridgeFact["type"]> = (state: State, fact: FactOf<T>) => boolean;

const chatOf = ({ bridges }: State, fact: ChatPlace): Chat | undefined => bridges.chats[chatKey(fact)];

/** Does this go on where the lane stands? */
function isNext(state: State, fact: FactOf<"bridge.sent">): boolean {
  const chat = chatOf(state, fact);
  if (!chat || fact.item <= chat.cursors[fact.lane]) return false;
  const { item, next } = chat.partial[fact.lane] ?? { item: fact.item, next: 0 };
  return fact.part === (item === fact.item ? next : 0);
}

/** Reports about chats that say nothing new are dropped; nobody is let in without an open code. */
export const BRIDGE_CHECKS: { [T in BridgeFact["type"]]?: Check<T> } = {
  "bridge.started": ({ bridges }, fact) => bridges.running[bridgeKey(fact)]?.token !== fact.token,
  "bridge.stopped": ({ bridges }, fact) => bridges.running[bridgeKey(fact)] !== undefined,
  "bridge.subscribed": (state, fact) => {
    const { bridges } = state;
    const { repo, platform, hash, right } = fact;
    // It only listens: whoever set its address lets it in, and it may do nothing.
    if (platform === "wecom") return right === "read" && chatOf(state, fact) === undefined;
    const code = bridges.codes[repo];
    if (code === undefined || code.hash !== hash || code.tries >= MOST_TRIES) return false;
    return (code.platform ?? platform) === platform && rightsUpTo(code.right).includes(right);
  },
  "bridge.unsubscribed": (state, fact) => chatOf(state, fact) !== undefined,
  "bridge.received": (state, fact) => {
    const chat = chatOf(state, fact);
    return chat !== undefined && !(fact.message in chat.received);
  },
  "bridge.replied": (state, fact) => chatOf(state, fact)?.received[fact.message] === false,
  "bridge.sent": isNext,
  "bridge.unsent": (state, fact) => fact.item > (chatOf(state, fact)?.cursors[fact.lane] ?? fact.item),
  "bridge.uploaded": (state, fact) => chatOf(state, fact)?.uploads.includes(uploadKey(fact)) === false,
};

/** What a person wants of the chats, as facts; nothing when it is so already. */
export function wish({ bridges }: State, { wish: fact }: { wish: BridgeWish }): BridgeFact[] {
  if (!fact.repo.startsWith("/")) throw new Refusal("usage", `${fact.repo} is no repository`, "an absolute path");
  if (fact.type === "bridge.wanted" && bridges.wanted[bridgeKey(fact)] === fact.isOn) return [];
  return [fact];
}
