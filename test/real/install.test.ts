import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = mkdtempSync(join(tmpdir(), "muster-install-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A registry that answers, and has nothing. */
const empty = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: () => Response.json({ error: "x" }, { status: 404 }),
});
afterAll(() => empty.stop(true));

/** Loads the suite's installer with an empty cache. */
async function install(registry: string, CI = "") {
  const { PATH = "" } = process.env;
  const npm = { npm_config_registry: registry, npm_config_fetch_retries: "0", npm_config_cache: join(root, "npm") };
  const ran = Bun.spawn([process.execPath, "--no-install", join(import.meta.dir, "install.ts")], {
    ...{ env: { PATH, HOME: root, MUSTER_CACHE: join(root, "cache"), CI, ...npm }, stdout: "pipe", stderr: "pipe" },
  });
  const [said, code] = await Promise.all([new Response(ran.stderr).text(), ran.exited]);
  return { said, code };
}

const reason = /test\/real is skipped: npm cannot install @anthropic-ai\/claude-code-\S+@[\d.]+: \w+/;

test.skipIf(!Bun.which("npm"))(
  "a registry that does not serve the CLI is a printed reason to skip; in CI it is a failure",
  async () => {
    const here = await install(`http://127.0.0.1:${empty.port}/`);
    expect([here.said, here.code]).toEqual([expect.stringMatching(reason), 0]);
    const inCi = await install(`http://127.0.0.1:${empty.port}/`, "1");
    expect(inCi.said).toContain("in CI the real CLI may be missing only when its registry cannot be reached");
    expect(inCi.code).not.toBe(0);
  },
  60_000,
);

test.skipIf(!Bun.which("npm"))(
  "a registry that cannot be reached is a printed reason to skip, in CI too",
  async () => {
    const gone = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const { port } = gone;
    await gone.stop(true);
    const inCi = await install(`http://127.0.0.1:${port}/`, "1");
    expect([inCi.said, inCi.code]).toEqual([expect.stringMatching(reason), 0]);
  },
  60_000,
);
