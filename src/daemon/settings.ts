import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../core/environment.ts";
import { PATCH_POLICY, type PatchPolicy } from "../core/patch-policy.ts";
import { Refusal } from "../core/refusal.ts";

/** Loaded on the first use: the daemon starts without them. */
async function schema() {
  const { z } = await import("zod");
  const seconds = z.number().positive().max(3600);
  return z.looseObject({
    patch_queue: z
      .looseObject({
        max_diff_lines: z.number().int().positive().max(100_000).optional(),
        allowed_paths: z.array(z.string()).optional(),
        lint: z.string().optional(),
        test: z.string().optional(),
        test_timeout_s: seconds.optional(),
      })
      .optional(),
    evidence: z.looseObject({ rerun_allow: z.array(z.string()).optional() }).optional(),
  });
}

async function read(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text.trim() === "") return {};
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, maxAliasCount: 20 } as object);
  const [error] = document.errors;
  if (!error) return document.toJS();
  const { line, col } = lines.linePos(error.pos[0]);
  throw new Refusal("failed", `${path}:${line}:${col}: ${error.message.split("\n")[0]}`, "mend the file");
}

/** What a repository allows patches to do: its settings file, then LINT_CMD and TEST_CMD of the person. */
export async function policyOf(repo: string, env: Environment): Promise<PatchPolicy> {
  const path = join(repo, ".muster", "settings", "policies.yaml");
  const found = (await schema()).safeParse((await read(path)) ?? {});
  if (!found.success) {
    const [issue] = found.error.issues;
    throw new Refusal("failed", `${path} ${issue?.path.join(".")}: ${issue?.message}`, "mend the file");
  }
  const { patch_queue: queue = {}, evidence = {} } = found.data;
  return {
    maxLines: queue.max_diff_lines ?? PATCH_POLICY.maxLines,
    allowedPaths: queue.allowed_paths ?? PATCH_POLICY.allowedPaths,
    lint: env.LINT_CMD ?? queue.lint,
    test: env.TEST_CMD ?? queue.test,
    limitMs: queue.test_timeout_s ? queue.test_timeout_s * 1000 : PATCH_POLICY.limitMs,
    rerunAllow: evidence.rerun_allow ?? PATCH_POLICY.rerunAllow,
  };
}
