import type { Event, FactType } from "./facts.ts";
import { type Address, SYSTEM, USER } from "./ids.ts";
import { addressName, type State } from "./state.ts";

/** How much a reader wants to see a line: `quiet` ones are shown on request only. */
export type Tone = "good" | "bad" | "warn" | "plain" | "quiet";

export interface Sentence {
  tone: Tone;
  /** Who or what the line is about: `PeerA`, `P-0003`. */
  who: string;
  text: string;
}

/** The name a person knows an address by. */
export function nameOf(state: State, address: Address): string {
  if (address === USER) return "you";
  if (address === SYSTEM) return "Muster";
  return addressName(state, address);
}

export type Say<T extends FactType> = (event: Event<T>, state: State) => Omit<Sentence, "who"> & { who?: string };

/** A sentence for each of some facts. */
export type Sayings<T extends FactType> = { [K in T]: Say<K> };

export const quiet = (text: string) => ({ tone: "quiet" as const, text });
export const plain = (text: string) => ({ tone: "plain" as const, text });
