import { DAEMON } from "../../src/core/ids.ts";
import { marksIn } from "../../src/core/mark.ts";
import type { Driver, Glance, Key, Screen } from "../../src/core/ports.ts";
import type { DeliveryWorld } from "../../src/engine/delivery/reactor.ts";
import { Leases } from "../../src/engine/leases.ts";
import type { House } from "./house.ts";

/** A CLI as delivery sees it, in a few variables; what it does with a submitted prompt is up to the test. */
export class FakeCli {
  composer: string | null = "";
  isDialog = false;
  unread = 0;
  isOnScreen = true;
  /** Everything that was typed: pastes, and keys in angle brackets. */
  typed: string[] = [];
  /** message → incarnation that left its receipt. */
  receipts = new Map<string, number>();
  transcript = new Set<string>();
  hookProblem: string | null = null;
  confirmed: string[] = [];
  revoked: string[] = [];
  filed: string[] = [];
  stored: [number: number, text: string][] = [];
  readonly leases = new Leases();
  /** Called with what Enter submitted. */
  onSubmit: (text: string) => void = (text) => this.take(text);
  /** Called before a paste arrives. */
  onPaste: () => void = () => {};

  /** A prompt that the model got. */
  take(text: string): void {
    for (const mid of marksIn(text)) {
      this.receipts.set(mid, 1);
      this.transcript.add(mid);
    }
  }

  world(it: House, driver: Partial<Driver["abilities"]> = {}): DeliveryWorld {
    const abilities = { queuesWhileBusy: true, receipt: "hook", typed: { lines: 3, chars: 700 }, ...driver };
    return {
      clock: it.clock,
      leases: this.leases,
      faultPoint: () => {},
      state: () => it.state,
      record: (command) => it.dispatch(command, DAEMON).length > 0,
      body: (message) => it.log.body(message.seq) ?? "",
      driverOf: () => ({ abilities, read: () => this.glance() }) as unknown as Driver,
      terminals: {
        screen: async () => this.screen(),
        paste: async (_, text) => this.paste(text),
        press: async (_, keys) => this.press(keys),
      },
      store: async ({ number, mid }, text) => {
        this.stored.push([number, text]);
        return `/inbox/${mid}.txt`;
      },
      file: async ({ path }) => void this.filed.push(path ?? ""),
      transcriptHas: async (_, mid) => this.transcript.has(mid),
      receiptOf: async (_, mid) => this.receipts.get(mid) ?? null,
      hookProblem: async () => this.hookProblem,
      revoke: async (_, mid) => {
        this.revoked.push(mid);
        this.receipts.delete(mid);
      },
      confirm: async (_, mid) => void this.confirmed.push(mid),
    };
  }

  private glance(): Glance {
    return { composer: this.composer, isDialog: this.isDialog };
  }

  private screen(): Screen {
    if (!this.isOnScreen) throw new Error("no such pane");
    return { unread: this.unread } as Screen;
  }

  private paste(text: string): void {
    this.onPaste();
    this.typed.push(text);
    this.composer = (this.composer ?? "") + text;
  }

  private press(keys: Key[]): void {
    for (const key of keys) {
      const name = "text" in key ? key.text : `<${key.key}>`;
      if (this.typed.at(-1) !== name) this.typed.push(name);
      if (name === "<C-u>") this.composer = "";
      if (name !== "<Enter>") continue;
      const text = this.composer ?? "";
      this.composer = "";
      this.onSubmit(text);
    }
  }
}
