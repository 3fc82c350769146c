import { describe, expect, test } from "bun:test";
import { type Bridge, type Incoming, PLATFORMS, Unsendable } from "../../src/core/bridges/port.ts";

/** A bridge over its platform, or over a strict stand-in of it, with what only the platform's side can do. */
export interface BridgeBench {
  bridge: Bridge;
  chat: string;
  /** The bridge is connected again, as after a restart of Muster; what stands in the chat stays. */
  again(): Bridge;
  /** A person writes there; resolves when the update was taken. */
  write(text: string, more?: Partial<Incoming>): Promise<void>;
  /** Texts and files that the chat shows, oldest first. */
  shown(): Promise<string[]>;
  /** How often somebody must wait between two sendings; the bench lets that time pass. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

const named = (error: unknown): string => (error instanceof Error ? error.constructor.name : String(error));

/** What every bridge keeps; a real one passes it before it is in the registry. */
export function bridgeContract(name: string, open: () => Promise<BridgeBench>): void {
  const withBench = (work: (bench: BridgeBench) => Promise<void>) => async () => {
    const bench = await open();
    try {
      await work(bench);
    } finally {
      await bench.close();
    }
  };

  describe(`bridge ${name}`, () => {
    test(
      "says what it can: a known platform and limits that a message fits into",
      withBench(async ({ bridge: { platform, abilities } }) => {
        expect(PLATFORMS).toContain(platform);
        expect(abilities.maxChars).toBeGreaterThanOrEqual(1000);
        expect(abilities.maxLines).toBeGreaterThanOrEqual(10);
      }),
    );

    test(
      "a message of the full size is shown as it is, in any script",
      withBench(async ({ bridge, chat, shown }) => {
        const { maxChars, maxLines } = bridge.abilities;
        const text = `${"漢字🙂a".repeat(Math.floor((maxChars - maxLines) / 5) - 1)}${"\nx".repeat(Math.min(5, maxLines - 1))}`;
        await bridge.send({ kind: "text", chat, key: "full", text });
        expect(await shown()).toEqual([text]);
      }),
    );

    test(
      "one unit more is Unsendable and shows nothing; so is an empty text",
      withBench(async ({ bridge, chat, shown, pause }) => {
        const long = bridge.send({ kind: "text", chat, key: "long", text: "x".repeat(bridge.abilities.maxChars + 1) });
        expect(await long.catch(named)).toBe(Unsendable.name);
        await pause();
        expect(await bridge.send({ kind: "text", chat, key: "empty", text: " " }).catch(named)).toBe(Unsendable.name);
        expect(await shown()).toEqual([]);
      }),
    );

    test(
      "the same key shows nothing twice and returns the same id, also after a restart",
      withBench(async ({ bridge, chat, shown, pause, again }) => {
        const message = { kind: "text", chat, key: "once", text: "hello" } as const;
        const id = await bridge.send(message);
        await pause();
        expect(await bridge.send(message)).toBe(id);
        await pause();
        expect(await again().send(message)).toBe(id);
        expect(await shown()).toEqual(["hello"]);
      }),
    );

    test(
      "an edit changes the message of its id; of an unknown one it is Unsendable",
      withBench(async ({ bridge, chat, shown, pause }) => {
        if (!bridge.abilities.canEdit) return;
        const id = await bridge.send({ kind: "text", chat, key: "a", text: "before" });
        await pause();
        await bridge.send({ kind: "edit", chat, key: "b", id, text: "after" });
        expect(await shown()).toEqual(["after"]);
        await pause();
        const lost = bridge.send({ kind: "edit", chat, key: "c", id: "no such", text: "x" });
        expect(await lost.catch(named)).toBe(Unsendable.name);
      }),
    );

    test(
      "what a person writes arrives with its id and its place; an update counts once it was taken",
      withBench(async ({ bridge, chat, write }) => {
        if (bridge.abilities.isOutOnly) return;
        const heard: Incoming[] = [];
        const ending = new AbortController();
        const running = bridge.start(async (incoming) => void heard.push(incoming), ending.signal);
        await write("a: hello");
        await write("b: you", { isGroup: true, isMention: true });
        expect(heard.map(({ text, chat: from }) => [from, text])).toEqual([
          [chat, "a: hello"],
          [chat, "b: you"],
        ]);
        expect(new Set(heard.map(({ message }) => message)).size).toBe(2);
        expect(heard[1]).toMatchObject({ isGroup: true, isMention: true });
        ending.abort();
        await running;
      }),
    );
  });
}
