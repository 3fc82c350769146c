import { bridgeKey } from "../../core/bridges/bridges-state.ts";
import type { ChatPlace } from "../../core/bridges/facts.ts";
import { type Incoming, PLATFORMS, type Platform } from "../../core/bridges/port.ts";
import { observe } from "../../core/commands.ts";
import { DAEMON, type Principal } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { backoff, Connection } from "./connection.ts";
import { type BridgeWorld, runningIn } from "./world.ts";

type Place = Pick<ChatPlace, "repo" | "platform">;

/** A bridge as a person asks for it. */
export interface BridgeRow {
  platform: Platform;
  state: "running" | "off" | "not built";
  isWanted: boolean;
  /** Tokens that nobody has set. */
  missing: string[];
  trouble: string;
  chats: { chat: string; right: string }[];
}

/** The variables that a platform's tokens come from, as its settings name them. */
export function variablesOf({ settings }: Pick<Team, "settings">, platform: Platform): string[] {
  const { telegram, slack, discord, wecom } = settings;
  const names = {
    telegram: [telegram.token_env],
    slack: [slack.app_token_env, slack.bot_token_env],
    discord: [discord.bot_token_env],
    wecom: [wecom.webhook_url_env],
  };
  return names[platform];
}

/** Keeps each bridge running that is wanted, once for each token (P85). */
export class BridgeRoster implements Reactor<Place> {
  readonly name = "bridges";
  private readonly open = new Map<string, Connection>();
  /** Being opened for a person whose wish is not written down yet. */
  private readonly opening = new Set<string>();

  constructor(
    private readonly world: BridgeWorld,
    private readonly receive: (place: Place, incoming: Incoming) => Promise<void>,
  ) {}

  /** The running bridge of a chat. */
  of(place: Place): Connection | undefined {
    return this.open.get(bridgeKey(place));
  }

  pending(state: State): Map<string, Place> {
    const all = Object.values(state.teams).flatMap(({ repo }) =>
      this.built().map((platform): [string, Place] => [bridgeKey({ repo, platform }), { repo, platform }]),
    );
    return new Map(
      all.filter(([key, place]) => !this.opening.has(key) && this.open.has(key) !== this.isWanted(state, place)),
    );
  }

  async perform(place: Place): Promise<Performed> {
    const isWanted = this.isWanted(this.world.state(), place);
    if (isWanted === (this.of(place) !== undefined)) return {};
    if (isWanted) await this.connect(place);
    else this.disconnect(place, "it is not wanted any more");
    return { opensWork: isWanted };
  }

  /** A person wants it; `already`: it runs. */
  async start(place: Place, by: Principal): Promise<"started" | "already running"> {
    if (this.of(place)) return "already running";
    if (!this.world.registry[place.platform])
      throw new Refusal("state", "live chats are not built yet", "the page, the console and this command line are");
    const key = bridgeKey(place);
    if (this.opening.has(key)) return "already running";
    this.opening.add(key);
    try {
      await this.connect(place);
      this.world.dispatch({ do: "wish", wish: { type: "bridge.wanted", ...place, isOn: true } }, by);
    } finally {
      this.opening.delete(key);
    }
    return "started";
  }

  stop(place: Place, by: Principal): "stopped" | "not running" {
    this.world.dispatch({ do: "wish", wish: { type: "bridge.wanted", ...place, isOn: false } }, by);
    return this.disconnect(place, "a person stopped it") ? "stopped" : "not running";
  }

  async rows(repo: string): Promise<BridgeRow[]> {
    return Promise.all(PLATFORMS.map((platform) => this.row({ repo, platform })));
  }

  /** The daemon ends; what is wanted stays wanted. */
  close(): void {
    for (const connection of this.open.values()) connection.close();
    this.open.clear();
  }

  private async row(place: Place): Promise<BridgeRow> {
    const { repo, platform } = place;
    const state = this.world.state();
    const connection = this.of(place);
    const team = runningIn(state, repo);
    const chats = Object.values(state.bridges.chats).filter((one) => one.repo === repo && one.platform === platform);
    const wanted = team ? variablesOf(team, platform) : [];
    const secrets = await Promise.all(wanted.map((name) => this.secret(place, name)));
    return {
      platform,
      state: connection ? "running" : this.world.registry[platform] ? "off" : "not built",
      isWanted: this.isWanted(state, place),
      missing: wanted.filter((_, n) => secrets[n] === undefined),
      trouble: connection?.trouble ?? "",
      chats: chats.map(({ chat, right }) => ({ chat, right })),
    };
  }

  private built(): Platform[] {
    return PLATFORMS.filter((platform) => this.world.registry[platform] !== undefined);
  }

  private isWanted(state: State, place: Place): boolean {
    const team = runningIn(state, place.repo);
    if (!team) return false;
    return state.bridges.wanted[bridgeKey(place)] ?? team.settings[place.platform].autostart;
  }

  private async secret({ repo, platform }: Place, variable: string): Promise<string | undefined> {
    const written = platform === "wecom" ? runningIn(this.world.state(), repo)?.settings.wecom.webhook_url : "";
    return (await this.world.secret(repo, variable)) ?? (written || undefined);
  }

  private async secretsOf(place: Place, team: Team): Promise<Record<string, string>> {
    const secrets: Record<string, string> = {};
    for (const variable of variablesOf(team, place.platform)) {
      const value = await this.secret(place, variable);
      if (value === undefined)
        throw new Refusal("failed", `${place.platform} has no token: ${variable}`, "muster token set --platform P");
      secrets[variable] = value;
    }
    return secrets;
  }

  private async connect(place: Place): Promise<void> {
    const { world } = this;
    const team = runningIn(world.state(), place.repo);
    const make = world.registry[place.platform];
    if (!team || !make) throw new Refusal("state", `no team runs in ${place.repo}`, "muster run starts one");
    const secrets = await this.secretsOf(place, team);
    const token = world.sha256(Object.values(secrets).join("\0")).slice(0, 16);
    const lock = await world.lock(place.platform, token);
    if ("pid" in lock) {
      const who = lock.pid === null ? "another process" : `process ${lock.pid}`;
      throw new Refusal("state", `${place.platform} runs already with this token: ${who}`, "stop it there first");
    }
    const ending = new AbortController();
    const bridge = make({ repo: place.repo, secrets, settings: team.settings });
    const end = () => {
      ending.abort();
      lock.release();
    };
    this.open.set(bridgeKey(place), new Connection(bridge, world.clock, end));
    world.dispatch(observe({ type: "bridge.started", ...place, token: token.slice(0, 8) }), DAEMON);
    if (bridge.abilities.isOutOnly) this.letIn(place);
    void this.listen(place, ending.signal);
  }

  /** Whoever set the address of a platform that only listens wants it to be told. */
  private letIn(place: Place): void {
    const more = {
      chat: "webhook",
      hash: "",
      right: "read",
      sender: "its address",
      after: this.world.state().seq,
    } as const;
    this.world.dispatch(observe({ type: "bridge.subscribed", ...place, ...more }), DAEMON);
  }

  private disconnect(place: Place, reason: string): boolean {
    const connection = this.of(place);
    connection?.close();
    this.open.delete(bridgeKey(place));
    this.world.dispatch(observe({ type: "bridge.stopped", ...place, reason }), DAEMON);
    return connection !== undefined;
  }

  /** Hears for as long as the bridge is open; a broken connection is made again. */
  private async listen(place: Place, signal: AbortSignal): Promise<void> {
    const { clock } = this.world;
    for (let failures = 1; !signal.aborted; failures++) {
      const began = clock.now();
      const bridge = this.of(place)?.bridge;
      await bridge?.start((incoming) => this.receive(place, incoming), signal).catch(() => {});
      if (clock.now() - began > backoff(failures)) failures = 1;
      if (!signal.aborted) await clock.sleep(backoff(failures), signal).catch(() => {});
    }
  }
}
