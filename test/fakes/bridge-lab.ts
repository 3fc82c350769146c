import { createHash } from "node:crypto";
import type { BridgeAbilities, ChatFiles, KeptFile, Platform, Upload } from "../../src/core/bridges/port.ts";
import type { ConsoleRight } from "../../src/core/console-line.ts";
import { PERSON } from "../../src/core/ids.ts";
import type { SettingsChanges } from "../../src/core/settings/settings.ts";
import { Courier } from "../../src/engine/bridges/courier.ts";
import { ChatDesk } from "../../src/engine/bridges/desk.ts";
import { BridgeRoster } from "../../src/engine/bridges/roster.ts";
import { UploadReactor } from "../../src/engine/bridges/uploads.ts";
import { bridgeWakes } from "../../src/engine/bridges/wakes.ts";
import type { BridgeWorld } from "../../src/engine/bridges/world.ts";
import { Console } from "../../src/engine/console/console.ts";
import { patchRules } from "../../src/engine/evidence/rules.ts";
import type { Reactors } from "../../src/engine/reactor.ts";
import { rfdRules } from "../../src/engine/rfd/rules.ts";
import { MEMORY_ABILITIES, MemoryBridge, MemoryPlatform } from "./memory-bridge.ts";
import { PairHouse } from "./pair-house.ts";

/** Files of chats, in memory. */
class MemoryFiles implements ChatFiles {
  readonly kept: { name: string; text: string }[] = [];
  readonly dropped = new Map<string, Upload & { bytes: Uint8Array }>();
  readonly receipts = new Map<string, unknown>();
  readonly errors = new Map<string, string>();
  sweeps = 0;

  drop(name: string, text: string, more: Partial<Upload> = {}): void {
    const bytes = new TextEncoder().encode(text);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const about = { name, sha256, size: bytes.length, mime: "text/plain", caption: "", route: "" } as const;
    this.dropped.set(name, { ...about, sendAs: "document", ...more, bytes });
  }

  async keep(_: string, folder: string, file: Parameters<ChatFiles["keep"]>[2]): Promise<KeptFile> {
    this.kept.push({ name: file.name, text: new TextDecoder().decode(file.bytes) });
    const sha256 = createHash("sha256").update(file.bytes).digest("hex");
    return { path: `${folder}/${file.platform}/${file.chat}/20231114/${file.mid}__${file.name}`, sha256 };
  }

  async waiting(): Promise<Upload[]> {
    return [...this.dropped.values()].filter(({ name }) => !this.errors.has(name));
  }

  async read(_: string, __: string, { name }: Upload): Promise<Uint8Array> {
    return this.dropped.get(name)?.bytes ?? new Uint8Array();
  }

  async done(_: string, __: string, { name }: Upload, receipt: unknown): Promise<void> {
    this.receipts.set(name, receipt);
    this.dropped.delete(name);
  }

  async failed(_: string, __: string, { name }: Upload, reason: string): Promise<void> {
    this.errors.set(name, reason);
  }

  async sweep(): Promise<void> {
    this.sweeps += 1;
  }
}

interface LabOrder {
  platform?: Platform;
  abilities?: Partial<BridgeAbilities>;
  changes?: SettingsChanges;
  isSolo?: boolean;
}

/** A pair whose chats are in memory: the real engine, console, desk, courier and files' reactor, on a hand clock. */
export class BridgeLab {
  readonly house: PairHouse;
  readonly platform: Platform;
  readonly there: MemoryPlatform;
  readonly files = new MemoryFiles();
  readonly typed: [string, string][] = [];
  readonly locks = new Map<string, number>();
  readonly secrets = new Map<string, string>();
  readonly bridges: MemoryBridge[] = [];
  desk!: ChatDesk;
  roster!: BridgeRoster;
  private reactors!: Reactors;
  private unsubscribe = () => {};
  private count = 0;
  /** What becomes of the next console line before it is carried out. */
  beforeLine: () => void = () => {};

  constructor({ platform = "telegram", abilities = {}, changes = {}, isSolo = false }: LabOrder = {}) {
    this.platform = platform;
    this.house = new PairHouse({ isSolo, changes, rules: [...rfdRules, ...patchRules] });
    this.there = new MemoryPlatform(this.house.clock, { ...MEMORY_ABILITIES, ...abilities });
    for (const name of [
      "TELEGRAM_BOT_TOKEN",
      "SLACK_APP_TOKEN",
      "SLACK_BOT_TOKEN",
      "DISCORD_BOT_TOKEN",
      "WECOM_WEBHOOK_URL",
    ])
      this.secrets.set(name, `value of ${name}`);
    this.open();
  }

  get place(): { repo: string; platform: Platform } {
    return { repo: "/r", platform: this.platform };
  }

  get bridge(): MemoryBridge {
    const bridge = this.bridges.at(-1);
    if (!bridge) throw new Error("no bridge runs");
    return bridge;
  }

  /** The daemon ends and comes again; what stands in the chats stays. */
  async restart(): Promise<void> {
    await this.close();
    this.open();
    await this.settle();
  }

  async start(): Promise<void> {
    await this.roster.start(this.place, PERSON);
    await this.settle();
  }

  /** A chat with this right, subscribed by a code as people do it. */
  async subscribe(right: ConsoleRight, chat = "7"): Promise<void> {
    const { code } = this.desk.pair({ repo: "/r", right }, PERSON);
    await this.say(`subscribe ${code}`, { chat, message: `sub-${chat}-${this.count++}` });
    const at = this.there.shown.findIndex(({ text }) => text.startsWith("Subscribed"));
    this.there.shown.splice(at, 1);
  }

  async say(text: string, more: Parameters<MemoryBridge["update"]>[1] = {}): Promise<void> {
    await this.bridge.update(text, more);
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let n = 0; n < 12; n++) await this.house.settle();
  }

  async pass(ms: number): Promise<void> {
    await this.house.clock.pass(ms);
    await this.settle();
  }

  /** A text to the user, as a peer writes it. */
  tell(text: string, from = "a0000001"): string {
    return this.house.write(from, "user", text);
  }

  async close(): Promise<void> {
    this.unsubscribe();
    this.roster.close();
    const stopping = this.reactors.stop();
    while (this.house.clock.next !== null) await this.house.clock.pass(this.house.clock.next);
    await stopping;
  }

  async end(): Promise<void> {
    await this.close();
    await this.house.end();
  }

  private open(): void {
    const { engine, clock, log } = this.house;
    const random = {
      hex: (digits: number) => (0xabc123 + this.count++ * 7919).toString(16).padStart(digits, "9").slice(-digits),
    };
    const errand = async () => ["done"];
    const console_ = new Console({
      ...{ engine, clock, random, errands: { foreman: errand, aux: errand, review: errand } },
      timeOfDay: (at) => `T${at}`,
      type: async (agent, text) => void this.typed.push([agent, text]),
      bindings: async () => ({}),
    });
    const world: BridgeWorld = {
      ...{ clock, random, log, files: this.files },
      registry: { [this.platform]: () => this.make() },
      console: {
        execute: async (call) => {
          this.beforeLine();
          return console_.execute(call);
        },
      },
      state: () => engine.state,
      dispatch: (command, by) => engine.dispatch(command, by),
      sha256: (text) => createHash("sha256").update(text).digest("hex"),
      secret: async (_, variable) => this.secrets.get(variable),
      lock: async (platform, token) => {
        const key = `${platform} ${token}`;
        const pid = this.locks.get(key);
        if (pid !== undefined) return { pid };
        this.locks.set(key, 4711);
        return { release: () => void this.locks.delete(key) };
      },
    };
    this.desk = new ChatDesk(world);
    this.roster = new BridgeRoster(world, (place, incoming) => this.desk.receive(place, incoming));
    this.desk.answerBy(this.roster);
    const courier = new Courier(world, this.roster);
    const uploads = new UploadReactor(world, this.roster);
    this.reactors = this.house.run(this.roster as never, courier as never, uploads as never);
    this.unsubscribe = engine.subscribe((events) => this.reactors.wake(...bridgeWakes(events, engine.state)));
  }

  private make(): MemoryBridge {
    const bridge = new MemoryBridge(this.platform, this.there);
    this.bridges.push(bridge);
    return bridge;
  }
}
