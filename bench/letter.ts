import { mkdirSync, readFileSync, renameSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Health } from "../src/core/api.ts";
import { figuresOf, type Row } from "./figures.ts";
import { fillEvents } from "./ledger.ts";
import { LogTail } from "./log-tail.ts";
import { paste, tmux } from "./raw-tmux.ts";
import { until, World } from "./world.ts";

/** Letters per direction: a pair may write 30 a minute, or the others are held. */
const LETTERS = 25;

const unique = (): string => `bench-${crypto.randomUUID().slice(0, 13)}`;

const letterText = (words: string): string =>
  `<TO_PEER>\n${words}\n</TO_PEER>\n\`\`\`insight\nwho: bench\nkind: note\nnext: go on\nrefs: []\n\`\`\`\n`;

interface Peer {
  agent: string;
  pane: string;
  log: LogTail;
  /** Its mailbox folder. */
  box: string;
}

/** Letters that say nothing would be held, and a rhythm would type between them. */
const SETTINGS = {
  policies: "handoff_filter:\n  enabled: false\nloop_damping:\n  max_handoffs_without_evidence: 0\n",
  cli_profiles: "delivery:\n  self_check_every_handoffs: 100000\n",
};

async function peersOf(world: World): Promise<Peer[]> {
  const folder = join(world.folder, ".muster", "settings");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(SETTINGS)) writeFileSync(join(folder, `${name}.yaml`), text);
  const peer = { driver: "standin" };
  const order = { repo: world.folder, name: "bench", peerA: peer, peerB: peer };
  const { agents } = await world.client.post<{ agents: string[] }>("/api/teams", order);
  await world.quiet(agents);
  const state = await world.state();
  return agents.map((agent, index) => ({
    agent,
    pane: state.agents[agent]?.pane ?? "",
    log: new LogTail(join(world.home.jobs, `${agent}.log`)),
    box: join(world.folder, ".muster", "mailbox", index === 0 ? "peerA" : "peerB"),
  }));
}

/** A file watch and one paste, without Muster: the least that a hand-off can take. */
class Courier {
  readonly folder: string;
  private readonly watcher;

  constructor(world: World, socket: string, to: Peer) {
    this.folder = join(world.folder, `courier-${to.agent}`);
    mkdirSync(join(this.folder, "out"), { recursive: true });
    this.watcher = watch(join(this.folder, "out"), (_, name) => {
      if (!name?.endsWith(".txt")) return;
      void paste(socket, to.pane, readFileSync(join(this.folder, "out", name), "utf8"));
    });
  }

  async carry(socket: string, to: Peer): Promise<number> {
    const text = unique();
    writeFileSync(join(this.folder, text), text);
    const began = performance.now();
    renameSync(join(this.folder, text), join(this.folder, "out", `${text}.txt`));
    await to.log.shows(text);
    const took = performance.now() - began;
    await tmux(socket, ["send-keys", "-t", to.pane, "C-u"]);
    const isGone = async () => !(await tmux(socket, ["capture-pane", "-p", "-t", to.pane])).includes(text);
    await until("the composer is empty", isGone);
    return took;
  }

  close(): void {
    this.watcher.close();
  }
}

async function handOff(world: World, from: Peer, to: Peer): Promise<number> {
  const words = unique();
  const draft = join(from.box, `.${words}.tmp`);
  writeFileSync(draft, letterText(words));
  to.log.skip();
  const began = performance.now();
  renameSync(draft, join(from.box, "out", `${words}.to_peer.md`));
  // With its fence a letter is too long to be typed: what the peer is told is where to read it, with this mark.
  await to.log.shows("m:muster-");
  const took = performance.now() - began;
  await world.quiet([from.agent, to.agent]);
  return took;
}

/** Facts of a ledger that has seen some nights. */
const LONG = 100_000;

/** A letter from peer to peer: from the file's rename until its text is in the other's pane. */
export async function letter(isQuick: boolean): Promise<Row[]> {
  return [await handedOver(isQuick, 0), await handedOver(isQuick, LONG)];
}

async function handedOver(isQuick: boolean, facts: number): Promise<Row> {
  const world = new World();
  try {
    if (facts > 0) fillEvents(world.home, facts);
    await world.boot();
    const socket = world.home.tmuxSocket;
    // The history's files of a ledger that no daemon saw before are made once.
    await until(
      "nothing is caught up on",
      async () => (await world.client.get<Health>("/api/health")).doing.length === 0,
    );
    const [a, b] = await peersOf(world);
    if (!a || !b) throw new Error("a pair has two agents");
    const carried: number[] = [];
    const handed: number[] = [];
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const courier = new Courier(world, socket, to);
      for (let n = 0; n < (isQuick ? 3 : LETTERS); n++) {
        carried.push(await courier.carry(socket, to));
        handed.push(await handOff(world, from, to));
      }
      courier.close();
    }
    const ledger = facts > 0 ? `, ledger of ${facts.toLocaleString("en")} facts` : "";
    return {
      measure: `letter: file renamed into out/ → text in the peer's pane${ledger}`,
      unit: "ms",
      samples: handed.length,
      figures: figuresOf(handed),
      baseline: { name: "fs.watch + one paste by process", ...figuresOf(carried) },
      limits: { timesP95: 2 },
    };
  } finally {
    await world.end();
  }
}
