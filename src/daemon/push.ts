import { configOf } from "../core/config/state.ts";
import { PushDesk } from "../engine/push/desk.ts";
import { PushReactor, pushWakes } from "../engine/push/reactor.ts";
import type { PushWorld } from "../engine/push/world.ts";
import type { Reactor, Reactors } from "../engine/reactor.ts";
import { WebPushLine } from "../push/line.ts";
import type { Post } from "../push/service.ts";
import type { Parts } from "./parts.ts";
import { sha256 } from "./system.ts";

/** What tells a person's devices. */
export interface PushWork {
  desk: PushDesk;
  reactors: Reactor<unknown>[];
}

/** `post`: how messages leave; only a test names another way than the network. */
export function openPushWork({ clock, random, engine, home }: Parts, post?: Post): PushWork {
  const hosts = () => configOf(engine.state).pushHosts;
  const line = new WebPushLine({ path: home.push, clock, hosts, post });
  const world: PushWorld = {
    ...{ clock, random, line, sha256 },
    state: () => engine.state,
    dispatch: (command, by) => void engine.dispatch(command, by),
  };
  // What was left behind between a fact and its file.
  void line.sweep(Object.keys(engine.state.pushes.devices)).catch((error) => console.error("push:", error.message));
  return { desk: new PushDesk(world), reactors: [new PushReactor(world)] as unknown as Reactor<unknown>[] };
}

/** Whatever may need a person is looked at. */
export function wakePushes({ engine }: Pick<Parts, "engine">, reactors: Reactors): void {
  engine.subscribe((events) => {
    const keys = pushWakes(events);
    if (keys.length > 0) reactors.wakeOne("push", ...keys);
  });
}
