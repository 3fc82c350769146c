import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../core/environment.ts";
import { PATCH_POLICY, type PatchPolicy } from "../core/patch-policy.ts";
import { Refusal } from "../core/refusal.ts";
import { list, Misshapen, number, object, optional, text } from "../core/shape.ts";

const seconds = number(0.001, 3600);
const POLICIES = object(
  {
    patch_queue: optional(
      object(
        {
          max_diff_lines: optional(number(1, 100_000, true)),
          allowed_paths: optional(list(text())),
          lint: optional(text()),
          test: optional(text()),
          test_timeout_s: optional(seconds),
        },
        true,
      ),
    ),
    evidence: optional(object({ rerun_allow: optional(list(text())) }, true)),
  },
  true,
);

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

function policiesIn(settings: unknown, path: string) {
  try {
    return POLICIES.read(settings, "");
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    throw new Refusal("failed", `${path} ${error.message}`, "mend the file");
  }
}

/** What a repository allows patches to do: its settings file, then LINT_CMD and TEST_CMD of the person. */
export async function policyOf(repo: string, env: Environment): Promise<PatchPolicy> {
  const path = join(repo, ".muster", "settings", "policies.yaml");
  const { patch_queue: queue = {}, evidence = {} } = policiesIn((await read(path)) ?? {}, path);
  return {
    maxLines: queue.max_diff_lines ?? PATCH_POLICY.maxLines,
    allowedPaths: queue.allowed_paths ?? PATCH_POLICY.allowedPaths,
    lint: env.LINT_CMD ?? queue.lint,
    test: env.TEST_CMD ?? queue.test,
    limitMs: queue.test_timeout_s ? queue.test_timeout_s * 1000 : PATCH_POLICY.limitMs,
    rerunAllow: evidence.rerun_allow ?? PATCH_POLICY.rerunAllow,
  };
}
