import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli } from "./install.ts";
import { type Lab, startLab } from "./lab.ts";

/** Names and contents of everything below. */
function treeHash(folder: string): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    hash.update(`${path}\n`);
    if (entry.isFile()) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

describe.skipIf("missing" in cli)("real Claude Code with read-only", () => {
  let lab: Lab;
  const writes = join(tmpdir(), `muster-mcp-${process.pid}.txt`);
  beforeAll(() => {
    if ("missing" in cli) return;
    // A server of the person's own, whose tool writes.
    const args = ["--no-install", join(import.meta.dir, "../fakes/mcp-writer-main.ts"), writes];
    const writer = { type: "stdio", command: process.execPath, args };
    lab = startLab(cli.program, { permission: "read-only", seed: { mcpServers: { writer } } });
  });
  afterAll(async () => {
    await lab?.close();
    rmSync(writes, { force: true });
  });

  const ask = async (prompt: string, steps: number): Promise<string[]> => {
    await lab.idle();
    const from = lab.model.log.length;
    await lab.submit(prompt);
    await lab.until(
      "the end of the turn",
      () => lab.model.log.length > from + steps && lab.state()?.activity === "idle",
    );
    return lab.model.log.at(-1)?.turn.toolResults ?? [];
  };

  test("offers reading tools only", async () => {
    await ask("hello", 0);
    // The placeholder does nothing; it stands for tools that ToolSearch would load, and that is not there.
    const tools = lab.model.log[0]?.turn.tools.filter((tool) => tool !== "DeferredToolPlaceholder");
    expect(tools?.toSorted()).toEqual(["Glob", "Grep", "Read"]);
  });

  test("reads the folder and the letters", async () => {
    writeFileSync(join(lab.work, "a.txt"), "the content\n");
    const letter = join(lab.place.letters, "0001.md");
    writeFileSync(letter, "the letter\n");
    const results = await ask(`READ: ${lab.work}/a.txt\nREAD: ${letter}`, 2);
    expect(results[0]).toContain("the content");
    expect(results[1]).toContain("the letter");
  });

  const tries: [string, (work: string) => unknown][] = [
    ["mcp__writer__write", () => ({})],
    ["Write", (work) => ({ file_path: `${work}/new.txt`, content: "x" })],
    ["Edit", (work) => ({ file_path: `${work}/a.txt`, old_string: "content", new_string: "x" })],
    ["Bash", (work) => ({ command: `echo x > ${work}/a.txt`, description: "d" })],
    ["NotebookEdit", (work) => ({ notebook_path: `${work}/n.ipynb`, new_source: "x", cell_id: "c" })],
    ["Agent", (work) => ({ description: "d", prompt: `WRITE: ${work}/new.txt x`, subagent_type: "general-purpose" })],
    ["Skill", () => ({ skill: "init" })],
    ["Workflow", () => ({ name: "x" })],
    ["ToolSearch", () => ({ query: "select:Write,Bash", max_results: 5 })],
  ];
  for (const [tool, input] of tries)
    test(`cannot be made to write by ${tool}`, async () => {
      await lab.idle();
      writeFileSync(join(lab.work, "a.txt"), "the content\n");
      writeFileSync(join(lab.work, "n.ipynb"), '{"cells":[{"id":"c","cell_type":"code","source":["1"]}]}');
      const before = treeHash(lab.work);
      await ask(`READ: ${lab.work}/a.txt\nCALL: ${tool} ${JSON.stringify(input(lab.work))}`, 2);
      expect(treeHash(lab.work)).toBe(before);
      expect(lab.model.log.at(-1)?.turn.toolResults[1]).toContain(tool);
      expect(lab.glance().isDialog).toBe(false);
    });

  test("no server of the person's own configuration was even started", () => {
    expect(existsSync(writes)).toBe(false);
  });
});
