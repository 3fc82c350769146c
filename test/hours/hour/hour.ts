import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Health } from "../../../src/core/api.ts";
import { isOpen, type State, type Team } from "../../../src/core/state.ts";
import { until, World } from "../../journeys/world.ts";
import { AUX, FILES, FOREMAN, SCENARIO } from "./play.ts";

const SETTINGS: Record<string, string> = {
  policies: `patch_queue:
  test: node tests/check.js
evidence:
  rerun_allow: [node tests/check.js]
`,
  cli_profiles: `delivery:
  self_check_every_handoffs: 3
  auto_compact:
    min_interval_seconds: 2400
`,
};

/**
 * Seconds of a step. The rules' times (15, 60, 120, 300, 600, 930, 2400 s) all end 15 or 30 s after a step's begin, and at least
 * as far from the ends of two steps: what is due then comes with the same step, though this machine needed ten seconds for
 * a restart.
 */
const STEP = 45;

/** So many looks, 10 ms apart: what a program writes without being asked (its hooks, its letters) has been seen by then. */
const QUIET_LOOKS = 4;

/** A pair of stand-ins in a real repository, with a daemon whose clock is moved by hand. */
export class Hour {
  readonly world = new World();
  readonly repo = join(this.world.folder, "repo");
  private readonly clock = join(this.world.folder, "clock");
  /** Milliseconds that the clock was moved. */
  moved = 0;
  /** When it began, by this process's own clock (ms). */
  private readonly began = performance.now();

  /** Beside the journey's own: what the daemon and so its CLIs get of an environment. */
  constructor(private readonly more: Record<string, string> = {}) {}

  async begin({ isSolo = false, scenario = SCENARIO as unknown, isForeman = true, seat = null as object | null } = {}) {
    const { world, repo } = this;
    for (const [path, text] of Object.entries(FILES)) this.write(path, text);
    for (const [name, text] of Object.entries(SETTINGS)) this.write(`.muster/settings/${name}.yaml`, text);
    for (const [name, play] of Object.entries({ peers: scenario, foreman: FOREMAN, aux: AUX }))
      writeFileSync(join(world.folder, `${name}.json`), JSON.stringify(play));
    const mock = (name: string) => `mock:${join(world.folder, `${name}.json`)}`;
    if (isForeman)
      this.write(".muster/settings/foreman.yaml", `enabled: true\nagent: ${mock("foreman")}\ninterval_seconds: 930\n`);
    this.write(
      ".muster/settings/cli_profiles.yaml",
      `${SETTINGS.cli_profiles}roles:\n  aux:\n    actor: ${mock("aux")}\n`,
    );
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("config", "user.name", "Ada");
    this.git("config", "user.email", "ada@example.com");
    this.git("add", ".");
    this.git("commit", "--quiet", "--message=first");
    writeFileSync(this.clock, "0");
    await this.boot();
    const order = seat ?? { driver: mock("peers") };
    const peers = { peerA: order, ...(isSolo ? {} : { peerB: order }) };
    await world.client.post("/api/teams", {
      repo,
      name: "pair",
      ...peers,
      environment: { ...world.env(), ...this.more },
    });
  }

  boot(): Promise<void> {
    return this.world.boot({ ...this.more, MUSTER_CLOCK: this.clock });
  }

  private write(path: string, text: string): void {
    const target = join(this.repo, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  git(...args: string[]): string {
    const env = { PATH: process.env.PATH ?? "", HOME: this.world.folder, GIT_CONFIG_NOSYSTEM: "1" };
    const ran = Bun.spawnSync(["git", ...args], { cwd: this.repo, env });
    if (ran.exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${ran.stderr}`);
    return ran.stdout.toString();
  }

  state = (): Promise<State> => this.world.state();

  async agent(seat: string): Promise<string> {
    const { teams } = await this.state();
    return teams.pair?.seats.find((one) => one.seat === seat)?.agent ?? "";
  }

  /** A line of the console. */
  async say(line: string): Promise<string[]> {
    const path = "/api/teams/pair/console";
    return (await this.world.client.post<{ lines: string[] }>(path, { line })).lines;
  }

  /**
   * Everything that would happen without the clock has happened: the daemon does nothing, nothing is going on, and no fact came
   * for some looks.
   */
  async rest(): Promise<State> {
    let quiet = 0;
    let state = await this.state();
    let doing: string[] = [];
    const look = async () => {
      const { seq } = state;
      doing = (await this.world.client.get<Health>("/api/health")).doing;
      state = await this.state();
      const isQuiet = doing.length === 0 && unrest(state, this.repo).length === 0 && state.seq === seq;
      quiet = isQuiet ? quiet + 1 : 0;
      return quiet >= QUIET_LOOKS && state;
    };
    return until("the team rests", look).catch((error) => {
      throw new Error(`${error.message}: ${[...unrest(state, this.repo), ...doing].join("; ")}`);
    });
  }

  /**
   * Time passes, a step at a time; each step ends at rest, and begins where it would if nothing had taken any time.
   */
  async pass(seconds: number, step = 2 * STEP): Promise<void> {
    for (let left = seconds; left > 0; left -= step) {
      this.moved += Math.min(step, left) * 1000;
      writeFileSync(this.clock, String(Math.max(0, Math.round(this.moved - (performance.now() - this.began)))));
      await this.rest();
    }
  }

  /** Time passes until something is so. */
  async passUntil(what: string, isSo: (state: State, team: Team) => boolean, limit = 1200): Promise<void> {
    for (let passed = 0; ; passed += STEP) {
      const state = await this.rest();
      if (state.teams.pair && isSo(state, state.teams.pair)) return;
      if (passed > limit) throw new Error(`never happened: ${what}`);
      await this.pass(STEP, STEP);
    }
  }

  /** A member's program dies where it stands. */
  async crash(seat: string): Promise<void> {
    const agent = await this.agent(seat);
    const { pid, incarnation } = (await this.rest()).agents[agent] ?? {};
    process.kill(pid ?? 0, "SIGKILL");
    await until("it is started again", async () => {
      const now = (await this.state()).agents[agent];
      return (now?.incarnation ?? 0) > (incarnation ?? 0) && now?.activity === "idle";
    });
  }

  /** The team's own ledger file without what no two runs share: times, ids, hashes of commits. */
  ledger(): string[] {
    const text = readFileSync(join(this.repo, ".muster/state/ledger.jsonl"), "utf8");
    const VOLATILE = ["id", "ts", "mid", "hash", "answer", "errand", "folder"];
    return text
      .trimEnd()
      .split("\n")
      .map((line) => {
        const entries = Object.entries(JSON.parse(line)).filter(([key]) => !VOLATILE.includes(key));
        return JSON.stringify(Object.fromEntries(entries))
          .replace(/\b(?=[0-9a-f]*[0-9])[0-9a-f]{10,40}\b/g, "<id>")
          .replace(/(?:muster|foreman)-\d+-[0-9a-f]{6}/g, "<mid>")
          .replace(/\d+(\.\d+)? (m?s|bytes)\b/g, "<n> $2");
      });
  }

  /** Marks in the transcripts of a member: each is a prompt that its model got. */
  async marks(seat: string): Promise<string[]> {
    const { transcript } = (await this.state()).agents[await this.agent(seat)] ?? {};
    const folder = dirname(transcript ?? "");
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    return texts.flatMap((text) => [...text.matchAll(/⟦m:([A-Za-z0-9-]+)⟧/g)].map(([, mid]) => mid ?? ""));
  }
}

/** What is still going on: somebody works, something is on its way or waits in a mailbox. */
function unrest(state: State, repo: string): string[] {
  const team = state.teams.pair;
  if (!team) return ["no team"];
  const members = team.seats.map(({ agent }) => state.agents[agent]);
  const open = Object.values(state.messages).filter((message) => isOpen(message) && !message.held);
  const boxes = team.seats.map(({ seat }) => join(repo, ".muster/mailbox", seat.replace("P", "p")));
  const written = boxes.flatMap((box) => ["to_peer.md", "to_user.md", "patch.diff"].map((name) => join(box, name)));
  return [
    ...members.flatMap((agent) =>
      agent?.activity === "idle"
        ? []
        : [`${agent?.hire.seat} is ${agent?.activity} ${agent?.question?.input ?? agent?.detail}`],
    ),
    ...members.flatMap((agent) => (agent?.controls ?? []).map(({ action }) => `${action} waits`)),
    ...open.map(({ preview, reason }) => `${preview} (${reason})`),
    ...Object.values(state.patches).flatMap(({ id, state: is }) => (is === "queued" ? [id] : [])),
    ...Object.values(state.evidence).flatMap(({ ref, verdict }) => (verdict === undefined ? [ref] : [])),
    ...Object.values(state.errands.all).flatMap(({ id, endedAt }) => (endedAt === undefined ? [id] : [])),
    ...boxes.flatMap((box) => readdirSync(join(box, "out"))),
    ...written.filter((path) => Bun.file(path).size > 0),
  ];
}
