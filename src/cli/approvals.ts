import { Refusal } from "../core/refusal.ts";
import { actionWords } from "../core/triggers/actions.ts";
import type { Approval } from "../core/triggers/state.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { duration, line, paint, table } from "./style.ts";

function shown(approvals: Approval[], now: number): string {
  const head = ["ID", "TRIGGER", "BECAUSE", "WOULD", "STANDS"].map((title) => paint("dim", title));
  const cells = approvals.map(({ id, name, why, action, until, decided }) => [
    ...[paint("bold", id), name, line(why), line(actionWords(action))],
    decided ? decided.decision : paint("yellow", `open, ${duration(Math.max(0, until - now))} left`),
  ]);
  return `${table([head, ...cells])}\n\nmuster approvals approve ID, or reject ID`;
}

async function list({ flags, daemon, isJson, print }: Call): Promise<void> {
  const all = await (await daemon()).get<Approval[]>("/api/triggers/approvals");
  const rows = isSet(flags, "all") ? all : all.filter(({ decided }) => !decided);
  if (isJson) print(JSON.stringify(rows, null, 1));
  else print(rows.length === 0 ? "Nothing waits for you." : shown(rows, Date.now()));
}

async function decide({ words, flags, daemon, isJson, print }: Call): Promise<void> {
  const [act, id] = words;
  if (!id) throw new Refusal("usage", `approvals ${act} needs an id`, "muster approvals lists them");
  const path = `/api/triggers/approvals/${encodeURIComponent(id)}/${act}`;
  const decided = await (await daemon()).post<Approval>(path, { comment: text(flags, "comment") });
  print(
    isJson
      ? JSON.stringify(decided, null, 1)
      : `${id} is ${act === "approve" ? "approved" : "rejected"}: ${actionWords(decided.action)}`,
  );
}

const ACTS: Record<string, (call: Call) => Promise<void>> = { list, approve: decide, reject: decide };

export const command: CommandSpec = {
  name: "approvals",
  usage: "approvals [list] | approve ID | reject ID [--comment TEXT]",
  summary:
    "What triggers want to do, and what agents ask by your rules, until you allow it: exactly this, once. Late is no.",
  examples: [
    "muster approvals",
    "muster approvals approve A-120",
    'muster approvals reject A-121 --comment "not today"',
  ],
  flags: {
    comment: { type: "string", value: "TEXT", help: "why" },
    all: { type: "boolean", help: "list: decided ones too" },
  },
  takes: [0, 2],
  async run(call) {
    const [act = "list"] = call.words;
    const run = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!run) throw new Refusal("usage", `approvals ${act} is nothing`, Object.keys(ACTS).join(", "));
    await run(call);
    return 0;
  },
};
