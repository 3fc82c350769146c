import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hire } from "../../src/core/facts.ts";
import type { Place } from "../../src/core/ports.ts";
import { withTrust } from "../../src/drivers/claude-trust.ts";

/** No key of anybody: the scripted model takes every key. */
const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";

const SEED = {
  hasCompletedOnboarding: true,
  hasSeenAutoDefaultNotice: true,
  customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
};

/** What Claude Code needs to speak to a scripted model. */
export const environmentFor = (url: string): Record<string, string> => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: KEY,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  // Root may use bypass mode only with this.
  IS_SANDBOX: "1",
  COLORTERM: "truecolor",
});

/** What a person has answered before, trust in the folder included. */
export function seedHome({ home }: Place, { cwd }: Hire): void {
  writeFileSync(join(home, ".claude.json"), withTrust(JSON.stringify(SEED), cwd));
}
