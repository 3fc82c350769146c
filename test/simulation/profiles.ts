import { type Mutation, type Profile, World } from "./world.ts";

/** The hole that the contract names: the hook crashed and the program hung beyond the grace. And typing into a busy CLI. */
const NAMED = [
  "unhooked duplicate",
  "two messages were fused by us (urgent)",
  "our text went into a dialog (urgent)",
  "our Enter answered a dialog (urgent)",
];

/** What went wrong in so many seeded worlds with these guards taken away; the first few. */
export function violationsOf(seeds: number, mutations: Mutation[], profile: Profile = {}): Map<string, number> {
  const found = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const violation of new World(seed, new Set(mutations), profile).run().violations) {
      if (!NAMED.includes(violation)) found.set(`${violation}, seed ${seed}`, seed);
      if (found.size > 5) return found;
    }
  }
  return found;
}

const CALM: Profile = {
  ...{ crash: 0, death: 0, typing: 0, enter: 0, hang: 0, hookCrash: 0, dialog: 0, urgent: 0, recall: 0, duplicate: 0 },
  ...{ slowHook: 0, longTurn: 10, erase: 0, withdraw: 0 },
};

/** For each guard a world in which its absence shows, and in which nothing goes wrong while it is there. */
export const DIRECTED: Record<Mutation, Profile> = {
  look: { ...CALM },
  verify: { ...CALM, crash: 0.2, death: 0.03, typing: 0.1, enter: 0.1, dialog: 0.2, slowHook: 12 },
  drafts: { ...CALM, typing: 0.1, enter: 0.05, hang: 0.03 },
  dialogs: { ...CALM, dialog: 0.2, enter: 0.02 },
  drain: { ...CALM, hang: 0.05, typing: 0.05 },
  transcript: { ...CALM, death: 0.03 },
  receipt: { ...CALM, urgent: 1, longTurn: 150, enter: 0.3, typing: 0.05, crash: 0.08, isFilterless: true },
  intent: { ...CALM, crash: 0.2, enter: 0.6, slowHook: 12, isFilterless: true },
  stale: { ...CALM, recall: 0.1 },
  grace: { ...CALM, enter: 0.3, slowHook: 12, isFilterless: true },
  living: { ...CALM, urgent: 1, longTurn: 150 },
  wanted: { ...CALM, withdraw: 0.1 },
  "hook-dedupe": { ...CALM, hang: 0.1, slowHook: 12, enter: 0.3 },
  "hook-seen": { ...CALM, recall: 0.1, enter: 0.3, death: 0.03 },
  intake: { ...CALM, duplicate: 0.5 },
};
