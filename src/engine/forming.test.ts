import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { PERSON, type Principal } from "../core/ids.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Review } from "../core/review.ts";
import { sentence } from "../core/sentence.ts";
import { Operations, type OperationsWorld, type TeamOrder } from "./operations.ts";

let it: House;
let kept: unknown[][];
let asked: unknown[][];
let left: Record<string, string[]>;
let count = 0;

function operations(more: Partial<OperationsWorld> = {}): Operations {
  return new Operations({
    engine: it.engine,
    clock: it.clock,
    random: { hex: (digits) => (count++).toString(16).padStart(digits, "0") },
    driver: (name) => ({ driver: name }),
    budgetUnits: (driver) => (driver === "raw" ? [] : ["usd"]),
    login: () => undefined,
    requireProgram: () => {},
    folder: async (path) => path.replace("/out", "/../elsewhere").replace(/\/[^/]+\/\.\./, ""),
    review: async () => ({ hash: "", files: [] }),
    brief: async () => "",
    openMailbox: async () => {},
    settings: async () => ({ hash: "0", changes: {}, problems: [] }),
    writeRules: async () => {},
    residual: async (...given) => {
      asked.push(given);
      return left;
    },
    openWorktree: async (repo, agent) => ({ repo, path: `${repo}/w`, branch: agent, base: "0" }),
    keepEnvironment: (...given) => void kept.push(given),
    ...more,
  });
}

const refusal = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => "granted",
    (error: Refusal) => `${error.code}: ${error.message}; ${error.hint}`,
  );

const PAIR: TeamOrder = { repo: "/r", peerA: { driver: "standin" }, peerB: { driver: "standin" } };
const BOLD = { driver: "standin", permission: "danger-full-access" } as const;

beforeEach(() => {
  it = new House();
  [kept, asked, left] = [[], [], {}];
});
afterEach(() => it.end());

test("P66 what Aux and Foreman may do, and what the repository brings for them, is agreed to with the team", async () => {
  const settings = (changes: object) => ({ settings: async () => ({ hash: "0", changes, problems: [] }) });
  const review = async (): Promise<Review> => ({
    hash: "h",
    files: [{ file: ".mcp.json", size: 1, head: "x", digest: "d" }],
  });
  const aux = (actor: string, permissions = "workspace-write") => ({
    cli_profiles: { roles: { aux: { actor, permissions } } },
  });
  const form = (changes: object) => refusal(operations({ review, ...settings(changes) }).form(PAIR, PERSON));
  expect(await form(aux("claude"))).toStartWith("state: /r configures agents by .mcp.json");
  expect(await form({ foreman: { enabled: true, agent: "claude" } })).toStartWith(
    "state: /r configures agents by .mcp.json",
  );
  expect(await form(aux("mock:x.yaml", "danger-full-access"))).toStartWith("state: Aux would get full access, ");
  expect(await form({ ...aux("mock:x.yaml"), foreman: { enabled: false, agent: "claude" } })).toBe("granted");
});

test("P18 full access is refused until a person allows it in words, once in a repository", async () => {
  const order = { ...PAIR, peerB: BOLD };
  const said =
    'state: PeerB would get full access, which nobody has allowed in /r yet; muster run --accept "full access" allows it, once';
  expect(await refusal(operations().form(order, PERSON))).toBe(said);
  expect(await refusal(operations().form({ ...order, accept: "yes" }, PERSON))).toBe(said);
  expect(await refusal(operations().form({ ...PAIR, peerA: BOLD, peerB: BOLD }, PERSON))).toStartWith(
    "state: PeerA and PeerB would get full access, ",
  );
  expect([it.state.teams, it.state.repositories]).toEqual([{}, {}] as never);
  expect(await refusal(operations().form({ ...order, accept: "full access" }, PERSON))).toBe("granted");
  expect(it.facts("repository.permitted")).toMatchObject([{ repo: "/r" }]);
  it.dispatch({ do: "stop", team: "r", reason: "x" });
  expect(await refusal(operations().form(order, PERSON))).toBe("granted");
  expect(it.facts("repository.permitted")).toHaveLength(1);
  const elsewhere = operations().form({ ...order, repo: "/other" }, PERSON);
  expect(await refusal(elsewhere)).toContain("nobody has allowed in /other yet");
});

test("P18 nobody but a person allows full access, and the words are not needed for other levels", async () => {
  const agent: Principal = { kind: "agent", agent: ANN };
  const order = { ...PAIR, peerA: BOLD, accept: "full access" };
  expect(await refusal(operations().form(order, agent))).toStartWith("state: PeerA would get full access");
  expect(() => it.dispatch({ do: "permit", repo: "/r" }, agent)).toThrow("may not permit");
  expect(it.facts("repository.permitted")).toEqual([]);
  expect(await refusal(operations().form({ ...PAIR, accept: "full access" }, PERSON))).toBe("granted");
  expect(it.facts("repository.permitted")).toEqual([]);
  const [event] = it.dispatch({ do: "permit", repo: "/r" });
  expect(event && sentence(event, it.state)).toEqual({
    tone: "bad",
    who: "/r",
    text: "full access is allowed here from now on",
  });
  expect(it.dispatch({ do: "permit", repo: "/r" })).toEqual([]);
});

test("P5 unread letters of an earlier team: each member is told of its own, after SYSTEM and before the task", async () => {
  left = { PeerB: ["000003.a.txt", "000004.b.txt"] };
  await operations().form({ ...PAIR, task: "the task" }, PERSON);
  expect(asked).toEqual([["/r", ["PeerA", "PeerB"], "resume"]]);
  const [peerA, peerB] = it.state.teams.r?.seats.map(({ agent }) => agent) ?? [];
  const letters = Object.values(it.state.messages).map(({ to, kind, seq }) => [to, kind, it.log.body(seq) ?? ""]);
  expect(letters.map(([to, kind]) => [to, kind])).toEqual([
    [peerA, "system"],
    [peerB, "system"],
    [peerB, "system"],
    [peerA, "letter"],
    [peerB, "letter"],
  ]);
  expect(letters[2]?.[2]).toBe(
    "An earlier team left 2 unread in /r/.muster/mailbox/peerB/inbox/: 000003.a.txt, 000004.b.txt. Read them, oldest first, and move each to /r/.muster/mailbox/peerB/processed/. The SYSTEM text you have is the newer one.",
  );
});

test("P5 of many unread letters ten are named and the others counted; none means no word", async () => {
  left = { PeerA: Array.from({ length: 12 }, (_, n) => `n${n}`) };
  await operations().form({ ...PAIR, residual: "archive" }, PERSON);
  expect(asked.at(-1)?.[2]).toBe("archive");
  const texts = Object.values(it.state.messages).map(({ seq }) => it.log.body(seq) ?? "");
  expect(texts).toHaveLength(3);
  expect(texts[2]).toContain(
    "left 12 unread in /r/.muster/mailbox/peerA/inbox/: n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 2 more. Read",
  );
  left = { PeerA: Array.from({ length: 10 }, (_, n) => `n${n}`) };
  await operations().form({ ...PAIR, repo: "/ten" }, PERSON);
  expect(it.log.body(Object.values(it.state.messages).at(-1)?.seq ?? 0)).toContain("n9. Read them");
});

test("P22 what a driver needs of the environment is kept beside the caller's, for its own agent alone", async () => {
  const peerA = { driver: "standin", env: { A_KEY: "secret" } };
  await operations().form({ ...PAIR, peerA, environment: { PATH: "/bin" } }, PERSON);
  const [first, second] = it.state.teams.r?.seats.map(({ agent }) => agent) ?? [];
  expect(kept).toEqual([
    [first, { PATH: "/bin" }, { A_KEY: "secret" }],
    [second, { PATH: "/bin" }, undefined],
  ]);
  expect(JSON.stringify(it.log.read(0))).not.toContain("secret");
});

test("P4 a peer works in the folder of its settings, and never outside of the repository", async () => {
  await operations().form(
    { ...PAIR, peerA: { driver: "standin", cwd: "sub" }, peerB: { driver: "standin", cwd: "." } },
    PERSON,
  );
  expect(Object.values(it.state.agents).map(({ hire }) => hire.cwd)).toEqual(["/r/sub", "/r"]);
  const out = operations().form({ ...PAIR, repo: "/q", peerA: { driver: "standin", cwd: "out" } }, PERSON);
  expect(await refusal(out)).toBe("usage: cwd out leads out of /q; name a folder in the repository");
});

test("P4 what a peer's own folder brings is shown as well as what the repository brings", async () => {
  const reviewed: string[] = [];
  const review = async (repo: string): Promise<Review> => {
    reviewed.push(repo);
    return { hash: "", files: [] };
  };
  const peerA = { driver: "claude", cwd: "sub" };
  await operations({ review }).form({ ...PAIR, peerA }, PERSON);
  expect(reviewed).toEqual(["/r", "/r/sub"]);
});
