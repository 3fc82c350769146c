import type { Client } from "../../src/client/client.ts";
import type { Snapshot } from "../../src/core/api.ts";
import type { Event } from "../../src/core/facts.ts";

/** Somebody who reads the stream of facts, and comes back with the last id whenever it breaks. */
export interface Viewer {
  /** Numbers of its snapshot and of every fact, as they came. */
  seqs: number[];
  snapshots: number;
  end(): Promise<void>;
}

export function view(client: Client): Viewer {
  const ending = new AbortController();
  const viewer: Viewer = { seqs: [], snapshots: 0, end: async () => {} };
  const note = (one: Snapshot | Event) => {
    if ("state" in one) viewer.snapshots += 1;
    viewer.seqs.push(one.seq);
  };
  const read = async () => {
    while (!ending.signal.aborted) {
      try {
        for await (const one of client.events(viewer.seqs.at(-1), ending.signal)) note(one);
      } catch {
        // The daemon is away.
      }
      await new Promise((done) => setTimeout(done, 5));
    }
  };
  const reading = read();
  viewer.end = () => {
    ending.abort();
    return reading;
  };
  return viewer;
}
