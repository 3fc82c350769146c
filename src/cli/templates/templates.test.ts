import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeDaemon, ran } from "../../../test/fakes/call.ts";
import { command as start } from "../start.ts";
import { command } from "../template.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "muster-templates-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const ORDER = {
  ...{ id: "a1b2c3d4", prompt: "Review src/auth.ts, all of src/auth.ts.", agent: "claude", sandbox: "read-only" },
  ...{ model: "opus", reasoning: "high", timeout: 20, budget: "2.5usd", worktree: false, plain: true },
};
const daemon = fakeDaemon({ "/api/jobs/a1b2/order": ORDER, "/api/actions/jobs": { agent: "b1", job: "b1", mid: "m" } });
const template = (...words: string[]) => ran(command, { words, home, client: daemon.client });
const save = (flags: object = {}, name = "review") =>
  ran(command, { words: ["save", "a1b2", name], home, client: daemon.client, flags: { ...flags } });
/** What `start` would have asked the daemon for. */
async function started(words: string[], flags: object): Promise<Record<string, unknown>> {
  daemon.posted.length = 0;
  const { err } = await ran(start, { words, home, cwd: home, client: daemon.client, flags: { ...flags } });
  return daemon.posted[0] ? (daemon.posted[0][1] as Record<string, unknown>) : { err };
}
const write = (name: string, text: string) => {
  mkdirSync(join(home, "templates"), { recursive: true });
  writeFileSync(join(home, "templates", name), text);
};

test("A111 a job is saved with its flags, and its texts become placeholders; the file is the person's alone", async () => {
  expect((await save({ as: ["file=src/auth.ts"] })).out).toBe(
    `template review: ${home}/templates/review.yaml\n  muster start --template review --set file=TEXT`,
  );
  const path = join(home, "templates", "review.yaml");
  expect(readFileSync(path, "utf8")).toContain("prompt: Review {{file}}, all of {{file}}.\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(home, "templates"))).toEqual(["review.yaml"]);
});

test("A8 A111 start --template takes its prompt and flags; what is typed wins", async () => {
  await save({ as: ["file=src/auth.ts"] });
  expect(await started([], { template: "review", set: ["file=src/pay.ts"], model: "haiku" })).toMatchObject({
    ...{ prompt: "Review src/pay.ts, all of src/pay.ts.", agent: "claude", sandbox: "read-only", model: "haiku" },
    ...{ reasoning: "high", timeout: 20, budget: "2.5usd", plain: true, cwd: home },
  });
  const more = await started(["Be short."], { template: "review", set: ["file=a {{file}} b"] });
  expect(more.prompt).toBe("Review a {{file}} b, all of a {{file}} b.\n\nBe short.");
});

test("A111 {{prompt}} is what is typed beside it", async () => {
  write("ask.yaml", "prompt: 'First read AGENTS.md. {{prompt}} Then stop.'\n");
  expect((await started(["Do it.", ""].slice(0, 1), { template: "ask" })).prompt).toBe(
    "First read AGENTS.md. Do it. Then stop.",
  );
  expect((await started([], { template: "ask" })).err).toStartWith("the template wants {{prompt}}");
});

test("A8 A111 what does not fit is refused: placeholders without a text, texts without a placeholder, --set alone", async () => {
  await save({ as: ["file=src/auth.ts"] });
  const cases: [flags: object, says: string][] = [
    [{ template: "review" }, "the template wants {{file}}; --set file=TEXT"],
    [{ template: "review", set: ["file=a", "who=b"] }, "the template has no {{who}}; file"],
    [{ template: "review", set: ["file=a", "file=b"] }, "--set file is given twice; give it once"],
    [{ template: "review", set: ["=a"] }, "--set =a names nothing; --set name=TEXT"],
    [{ template: "other" }, "no template other; there are review"],
    [{ template: "../x" }, "../x is no name of a template"],
    [{ set: ["a=b"] }, "--set without --template"],
    [{}, "the prompt is empty"],
  ];
  for (const [flags, says] of cases) expect((await started([], flags)).err).toStartWith(says);
});

test("A111 one of that name is replaced only with --force; a text that the prompt lacks is named", async () => {
  await save();
  expect(await save()).toMatchObject({ code: 73, err: "template review exists; another name, or --force replaces it" });
  expect((await save({ force: true })).code).toBe(0);
  expect((await save({ as: ["x=nothing of it"] }, "other")).err).toStartWith("the prompt holds no nothing of it");
  expect((await save({}, "Bad Name")).code).toBe(64);
});

test("A111 list tells what each wants, and what is wrong with a file; show and delete take one of them", async () => {
  expect((await template()).out).toStartWith("No templates.");
  await save({ as: ["file=src/auth.ts"] });
  write("broken.yaml", "prompt: [\n");
  write("full.yaml", "prompt: x\nflags:\n  trust: true\n");
  const tenfold = (name: string) => `[${Array(10).fill(`*${name}`).join(", ")}]`;
  write("bomb.yaml", `a: &a [x]\nb: &b ${tenfold("a")}\nc: &c ${tenfold("b")}\nprompt: ${tenfold("c")}\n`);
  write("notes.txt", "not mine\n");
  const { out } = await template("list");
  expect(out).toMatch(/review +file +Review \{\{file\}\}/);
  expect(out).toMatch(/broken +template broken: /);
  expect(out).toMatch(/bomb +template bomb: Excessive alias count/);
  expect(out).toMatch(/full +template full: unknown key flags\.trust/);
  expect(out).not.toContain("notes");
  expect((await template("show", "review")).out).toContain("--agent claude --sandbox read-only");
  expect(await template("show", "nothing")).toMatchObject({ code: 66 });
  expect((await template("delete", "review")).out).toBe("template review is deleted");
  expect(await template("delete", "review")).toMatchObject({ code: 66 });
  for (const words of [["frobnicate"], ["list", "x"], ["show"], ["show", "a", "b"], ["save"]])
    expect([words, (await template(...words)).code]).toEqual([words, 64]);
});
