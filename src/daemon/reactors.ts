import { rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "../core/commands.ts";
import { DAEMON } from "../core/ids.ts";
import type { Agent, State } from "../core/state.ts";
import { PROMPT_HOOK } from "../drivers/claude-hooks.ts";
import { AnswerReactor } from "../engine/answers.ts";
import { ControlReactor } from "../engine/controls.ts";
import { ExpiryReactor } from "../engine/delivery/expiry.ts";
import { DeliveryReactor } from "../engine/delivery/reactor.ts";
import { HousingReactor } from "../engine/housing.ts";
import { LastScreenReactor } from "../engine/last-screens.ts";
import { LimitReactor } from "../engine/limits/reactor.ts";
import { type Reactor, Reactors } from "../engine/reactor.ts";
import { agentToken } from "../server/tokens.ts";
import { deliveryWorld, lettersOf } from "./delivery-world.ts";
import { personToken } from "./home.ts";
import type { Intake } from "./intake.ts";
import type { Parts } from "./parts.ts";
import { placeOf, prepareAgent } from "./places.ts";
import { contractFrom, isHookless, lifetimeFrom, paceFrom } from "./proof.ts";
import { acceptTrust, trustObstacle } from "./trust.ts";

/** So that agents can call `muster tell`. */
const BIN = join(import.meta.dir, "..", "..", "bin");

/** Everything that acts on the world, over one engine. */
export function startReactors(parts: Parts, intake: Intake, more: Reactor<unknown>[]): Reactors {
  const { home, env: own, environments, clock, engine, terminals, leases, driverOf, faultPoint } = parts;
  const housing = new HousingReactor({
    terminals,
    clock,
    faultPoint,
    obstacle: (agent) => trustObstacle(engine, agent, own),
    prepare: async (agent, incarnation) => {
      const env = environments.of(agent.hire.agent);
      if (agent.hire.driver === "claude") await acceptTrust(env, agent.hire.cwd);
      const place = placeOf(home, agent, incarnation, lettersOf(home, engine.state, agent), env);
      const order = prepareAgent(driverOf(agent), agent, place, incarnation, env);
      if (isHookless(own)) rmSync(join(place.folder, PROMPT_HOOK), { force: true });
      // Its own mail and nothing more: what an agent's programs may ask the daemon for.
      const mail = { MUSTER_HOME: home.folder, MUSTER_TOKEN: agentToken(personToken(home), agent.hire.agent) };
      const more = environments.moreOf(agent.hire.agent);
      return { ...order, env: { ...order.env, ...more, ...mail, PATH: `${BIN}:${order.env.PATH ?? ""}` } };
    },
  });
  const answers = new AnswerReactor((agent, question, choice, reason) => {
    const decision = driverOf(agent).answer?.(choice, reason);
    return decision ? intake.answer(agent.hire.agent, question, decision) : Promise.resolve(false);
  });
  const record = (command: Command) => void engine.dispatch(command, DAEMON);
  const controls = new ControlReactor({ terminals, clock, driverOf, leases, record, faultPoint });
  const delivery = new DeliveryReactor(deliveryWorld(parts), contractFrom(own), paceFrom(own));
  const expiry = new ExpiryReactor(
    {
      clock,
      state: () => engine.state,
      record,
      withdraw: async ({ path }) => rmSync(path ?? "", { force: true }),
    },
    lifetimeFrom(own),
  );
  const screens = new LastScreenReactor({
    terminals,
    lines: (pane, count) => terminals.history(pane, count),
    keep: (agent, text) => keepCrash(engine.state, agent, text),
  });
  const limits = new LimitReactor({ clock, state: () => engine.state });
  const all = [housing, controls, limits, delivery, expiry, answers, screens, ...more];
  return new Reactors(engine, clock, all as Reactor<unknown>[]);
}

/** `logs/peerA_crash_<time>.log` in the repository of a member that crashed (P59). */
async function keepCrash({ teams }: State, { hire, crashes }: Agent, text: string): Promise<void> {
  const repo = teams[hire.team ?? ""]?.repo;
  if (!repo || !hire.seat) return;
  const folder = join(repo, ".muster", "logs");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(crashes.at(-1) ?? 0).toISOString().replace(/[-:]|\.\d+/g, "");
  const seat = hire.seat.replace(/^P/, "p");
  await writeFile(join(folder, `${seat}_crash_${stamp}.log`), text, { mode: 0o600 });
}
