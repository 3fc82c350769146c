import type { Client } from "../../client/client.ts";
import { Refusal } from "../../core/refusal.ts";
import { settingsFrom } from "../../core/settings/settings.ts";
import { type Call, isSet, text, type Values } from "../command.ts";
import { handOver } from "../hand-over.ts";
import { premisesOf, requireSound } from "../premises.ts";
import type { Asker } from "../wizard/asker.ts";
import { askBrief, askResidual, askVariables } from "../wizard/questions.ts";
import { DRAFT, writeBrief } from "./brief.ts";
import { choose, keep, wantsWizard } from "./choose.ts";
import { missingVariables, teamOrder } from "./order.ts";

/** A team that was started, and what whoever runs it should know. */
export interface Formed {
  team: string;
  agents: string[];
  notes: string[];
}

const LAYOUTS = ["standard", "solo", "quad"];

/** The shape of the window that was asked for; refuses one that is not known. */
export function layoutOf(flags: Values): string | undefined {
  const layout = text(flags, "layout");
  if (layout === undefined || LAYOUTS.includes(layout)) return layout;
  throw new Refusal("usage", `${layout} is no layout`, LAYOUTS.join(", "));
}

interface FormOrder {
  client: Client;
  /** Its top folder. */
  repo: string;
  task: string | undefined;
  /** null = nobody can be asked. */
  asker: Asker | null;
}

const NO_BRIEF = "PROJECT.md is missing: agents get no brief; muster init makes one to fill in";

/** What becomes of a missing PROJECT.md (P24). */
async function briefFor(repo: string, asker: Asker | null): Promise<{ isDrafted: boolean; notes: string[] }> {
  const answer = asker ? await askBrief(asker) : "without";
  const notes = answer === "write" ? writeBrief(repo) : answer === "draft" ? ["PeerA drafts PROJECT.md"] : [NO_BRIEF];
  return { isDrafted: answer === "draft", notes };
}

/** Settings checked, then whatever must be asked, then what was chosen is kept, then the team starts. */
export async function formTeam(call: Call, { client, repo, task, asker }: FormOrder): Promise<Formed> {
  const { flags, env } = call;
  const premises = await premisesOf(client, repo);
  requireSound(premises);
  const settings = settingsFrom(premises.settings.changes);
  const { kept, notes: said, ...chosen } = await choose(call, { premises, settings, asker });
  const mayAsk = wantsWizard(call, settings) ? asker : null;
  const residual = await askResidual(mayAsk, premises.residual, settings);
  const brief = premises.hasBrief ? { isDrafted: false, notes: [] } : await briefFor(repo, mayAsk);
  const { bindings } = chosen;
  const secrets = await askVariables(asker, missingVariables({ bindings, settings, env }));
  const commands = { peerA: text(flags, "command-a"), peerB: text(flags, "command-b") };
  const order = teamOrder(
    { ...chosen, premises, settings, commands, residual, secrets, env },
    { name: text(flags, "session") ?? (env.MUSTER_SESSION || undefined), task, trust: isSet(flags, "trust") },
  );
  await keep(client, repo, kept, layoutOf(flags));
  const formed = await client.post<Omit<Formed, "notes">>("/api/teams", order);
  const [peerA] = formed.agents;
  if (brief.isDrafted && peerA) await handOver(call.daemon, `/api/actions/jobs/${peerA}/send`, { message: DRAFT });
  const warnings = premises.settings.problems.map(({ text: problem }) => problem);
  return { ...formed, notes: [...warnings, ...said, ...brief.notes] };
}
