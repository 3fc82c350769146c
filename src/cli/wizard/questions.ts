import type { ResidualAnswer } from "../../core/premises.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Asker } from "./asker.ts";

const RESIDUAL: Record<string, ResidualAnswer> = { r: "resume", a: "archive", d: "discard" };

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What becomes of letters that an earlier team left unread. Where nobody can be asked the settings decide at once. */
export async function askResidual(
  asker: Asker | null,
  residual: Record<string, string[]>,
  { cli_profiles: { delivery } }: Settings,
): Promise<ResidualAnswer> {
  const { inbox_startup_policy: policy, inbox_startup_prompt_timeout_seconds: seconds } = delivery;
  const found = Object.entries(residual);
  if (found.length === 0 || !asker || !delivery.inbox_startup_prompt) return policy;
  const whose = found.map(([seat, names]) => `${counted(names.length, "letter")} to ${seat}`).join(" and ");
  asker.say(`An earlier team left unread: ${whose}.`);
  for (;;) {
    const question = `r = resume, a = archive them as read, d = discard them [${policy}, in ${seconds} s]: `;
    const answer = ((await asker.ask(question, { seconds })) ?? "").trim().toLowerCase();
    if (answer === "") return policy;
    const meant = RESIDUAL[answer.slice(0, 1)];
    if (meant && (answer.length === 1 || answer === meant)) return meant;
    asker.say(`${answer} is neither r, a nor d`);
  }
}

export type BriefAnswer = "write" | "draft" | "without";

/** What to do where PROJECT.md is missing. */
export async function askBrief(asker: Asker): Promise<BriefAnswer> {
  asker.say("PROJECT.md is missing: agents get no brief of what this project is for.");
  for (;;) {
    const given = await asker.ask("w = write it yourself, p = let PeerA draft it, Enter = go on without: ");
    const answer = (given ?? "").trim().toLowerCase();
    if (answer === "") return "without";
    if (answer === "w") return "write";
    if (answer === "p") return "draft";
    asker.say(`${answer} is neither w nor p`);
  }
}

/** Values of variables that drivers need and this shell lacks; asked for without showing them, and never stored in settings. */
export async function askVariables(asker: Asker | null, names: string[]): Promise<Record<string, string>> {
  if (names.length === 0) return {};
  const hint = "set them in this shell; agents.yaml env_require asks for them";
  if (!asker) throw new Refusal("failed", `these variables are missing: ${names.join(", ")}`, hint);
  const given: Record<string, string> = {};
  for (const name of names) {
    const value = (await asker.ask(`${name}: `, { isHidden: true })) ?? "";
    if (value === "") throw new Refusal("failed", `${name} is missing`, hint);
    given[name] = value;
  }
  return given;
}
