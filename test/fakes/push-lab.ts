import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configOf } from "../../src/core/config/state.ts";
import { PERSON } from "../../src/core/ids.ts";
import type { Sent } from "../../src/core/push/port.ts";
import { sha256 } from "../../src/daemon/system.ts";
import { PushDesk } from "../../src/engine/push/desk.ts";
import { PushReactor, pushWakes } from "../../src/engine/push/reactor.ts";
import type { PushWorld } from "../../src/engine/push/world.ts";
import { Reactors } from "../../src/engine/reactor.ts";
import { WebPushLine } from "../../src/push/line.ts";
import type { Post } from "../../src/push/service.ts";
import { settle } from "./clock.ts";
import { ANN, BOB } from "./history.ts";
import { House } from "./house.ts";
import { FakePushHost } from "./push-service.ts";

/** A line that says what is on its way. */
class TrackedLine extends WebPushLine {
  constructor(
    parts: ConstructorParameters<typeof WebPushLine>[0],
    private readonly sendings: Set<Promise<unknown>>,
  ) {
    super(parts);
  }

  override send(...order: Parameters<WebPushLine["send"]>): Promise<Sent> {
    return this.tracked(super.send(...order));
  }

  override forget(device: string): Promise<void> {
    return this.tracked(super.forget(device));
  }

  private tracked<T>(work: Promise<T>): Promise<T> {
    this.sendings.add(work);
    const done = () => void this.sendings.delete(work);
    work.then(done, done);
    return work;
  }
}

/** The engine with two idle agents, the reactor of pushes over real keys and requests, and a strict push service. */
export class PushLab {
  readonly house = new House();
  readonly service = new FakePushHost(() => this.house.clock.now());
  /** What a service answers is not heard: the daemon dies before it. */
  losesAnswers = false;
  desk: PushDesk;
  private reactors: Reactors | null = null;
  private unsubscribe = () => {};
  private readonly lost = Promise.withResolvers<void>();
  private readonly sendings = new Set<Promise<unknown>>();
  private count = 0;

  private readonly folder = mkdtempSync(join(tmpdir(), "muster-push-"));
  private readonly path = join(this.folder, "push.json");

  constructor() {
    this.desk = new PushDesk(this.world());
  }

  async start(): Promise<void> {
    for (const agent of [ANN, BOB]) {
      this.house.dispatch({
        do: "start",
        hire: { agent, driver: "standin", cwd: "/r", permission: "workspace-write" },
      });
      this.house.open(agent);
    }
    this.open();
  }

  /** A daemon begins on this log. */
  private open(): void {
    const world = this.world();
    this.desk = new PushDesk(world);
    const reactor = new PushReactor(world);
    const reactors = new Reactors(this.house.engine, this.house.clock, [reactor as never]);
    this.unsubscribe = this.house.engine.subscribe((events) => reactors.wakeOne("push", ...pushWakes(events)));
    this.reactors = reactors;
  }

  private world(): PushWorld {
    const { house } = this;
    const post: Post = (...order) => this.posted(order);
    const hosts = () => configOf(house.state).pushHosts;
    const line = new TrackedLine({ path: this.path, clock: house.clock, hosts, post }, this.sendings);
    return {
      ...{ line, sha256, clock: house.clock, state: () => house.state },
      random: { hex: (digits) => (++this.count).toString(16).padStart(digits, "0") },
      dispatch: (command, by) => void house.dispatch(command, by),
    };
  }

  private async posted([endpoint, headers, body, signal]: Parameters<Post>): ReturnType<Post> {
    const answer = await this.service.post(endpoint, headers, body, signal);
    if (!this.losesAnswers) return answer;
    this.sendings.clear();
    this.lost.resolve();
    return new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
  }

  /** Ends as by a kill: nothing is written down any more, and seconds later another one begins. */
  async killed(): Promise<void> {
    this.unsubscribe();
    await this.reactors?.stop();
    await this.house.clock.pass(5000);
    this.open();
  }

  /** A browser subscribes. */
  async device(name: string): Promise<string> {
    const { device } = await this.desk.add(
      await this.service.subscribe(name, await this.desk.key()),
      `Browser ${name}`,
      PERSON,
    );
    return device;
  }

  ask(agent: string, question: string, input = "{}"): void {
    this.house.observe(
      { type: "agent.changed", agent, activity: "waiting" },
      { type: "permission.asked", agent, question, tool: "Bash", input },
    );
  }

  answer(agent: string, question: string): void {
    this.house.dispatch({ do: "answer", agent, question, choice: "deny" });
    this.house.observe({ type: "agent.changed", agent, activity: "busy" });
  }

  /** A job that fails. */
  fail(agent: string): void {
    this.house.start(agent);
    this.house.observe({ type: "job.finished", job: agent, outcome: "failed", reason: "exit code 3" });
  }

  /** Whatever is on its way has its answer. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await settle();
      if (this.sendings.size === 0) continue;
      quiet = 0;
      await Promise.race([...this.sendings, this.lost.promise]);
    }
  }

  async pass(ms: number): Promise<void> {
    await this.settle();
    await this.house.clock.pass(ms);
    await this.settle();
  }

  /** The private file as it is. */
  kept(): string {
    return existsSync(this.path) ? readFileSync(this.path, "utf8") : "";
  }

  async end(): Promise<void> {
    this.unsubscribe();
    await this.reactors?.stop();
    await this.house.end();
    await this.service.stop();
    rmSync(this.folder, { recursive: true });
  }
}
