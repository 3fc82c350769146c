import { expect, test } from "bun:test";
import type { Client } from "../client/client.ts";
import { Refusal } from "../core/refusal.ts";
import { handOver } from "./hand-over.ts";

/** A daemon whose answers are given; what it was asked. */
function daemonThat(...answers: (Error | null)[]) {
  const asked: { path: string; body: unknown }[] = [];
  const post = async (path: string, body: unknown): Promise<unknown> => {
    asked.push({ path, body });
    const answer = answers[asked.length - 1];
    if (answer) throw answer;
    return {};
  };
  return { asked, daemon: async () => ({ post }) as unknown as Client };
}

const cut = () => new Refusal("unreachable", "the daemon does not answer");

test("a message whose answer was cut off is handed over again under the same id", async () => {
  const { asked, daemon } = daemonThat(cut(), new SyntaxError("half an answer"), null);
  const mid = await handOver(daemon, "/api/messages", { to: "peer", text: "once" });
  expect(mid).toMatch(/^muster-\d+-[0-9a-f]{6}$/);
  const once = { path: "/api/messages", body: { to: "peer", text: "once", mid } };
  expect(asked).toEqual([once, once, once]);
});

test("two messages have two ids; a given id is kept", async () => {
  const { daemon } = daemonThat();
  const mids = [await handOver(daemon, "/x", {}), await handOver(daemon, "/x", {})];
  expect(new Set(mids).size).toBe(2);
  expect(await handOver(daemon, "/x", { mid: "mine" })).toBe("mine");
});

test("a refusal is said at once; three cuts are an end", async () => {
  const refusing = daemonThat(new Refusal("state", "no"));
  await expect(handOver(refusing.daemon, "/x", {})).rejects.toThrow("no");
  const dying = daemonThat(cut(), cut(), cut(), null);
  await expect(handOver(dying.daemon, "/x", {})).rejects.toThrow("does not answer");
  expect([refusing.asked.length, dying.asked.length]).toEqual([1, 3]);
});
