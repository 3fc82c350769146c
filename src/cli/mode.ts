import { Refusal } from "../core/refusal.ts";
import type { ModeRow } from "../core/triggers/view.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { line, paint, table } from "./style.ts";

function nameIn({ words }: Call): string {
  const [act, name] = words;
  if (name) return name;
  throw new Refusal("usage", `mode ${act} needs a name`, `muster mode ${act} NAME; muster mode lists them`);
}

async function list({ daemon, isJson, print }: Call): Promise<void> {
  const rows = await (await daemon()).get<ModeRow[]>("/api/modes");
  if (isJson) return print(JSON.stringify(rows, null, 1));
  const head = ["MODE", "", "TRIGGERS", "WHAT FOR"].map((title) => paint("dim", title));
  const cells = rows.map(({ name, isActive, isPreset, triggers, description }) => [
    isActive ? paint("green", name) : name,
    isActive ? "active" : isPreset ? "preset" : "yours",
    ...[line(triggers.join(", ") || "none"), line(description)],
  ]);
  print(table([head, ...cells]));
}

async function show(call: Call): Promise<void> {
  const name = nameIn(call);
  const rows = await (await call.daemon()).get<ModeRow[]>("/api/modes");
  const found = rows.find((row) => row.name === name);
  if (!found) throw new Refusal("missing", `no mode ${name}`, rows.map((row) => row.name).join(", "));
  call.print(
    call.isJson ? JSON.stringify(found, null, 1) : `${name}: ${found.description}\n${found.triggers.join("\n")}`,
  );
}

async function activate(call: Call): Promise<void> {
  const name = nameIn(call);
  const done = await (await call.daemon()).post(`/api/modes/${encodeURIComponent(name)}/activate`, {});
  call.print(
    call.isJson ? JSON.stringify(done) : `${name} is active; muster mode deactivate brings your own triggers back`,
  );
}

async function deactivate({ daemon, isJson, print }: Call): Promise<void> {
  const done = await (await daemon()).post("/api/modes/deactivate", {});
  print(isJson ? JSON.stringify(done) : "no mode is active; your own triggers are back");
}

async function create(call: Call): Promise<void> {
  const { flags, daemon, isJson, print } = call;
  if (isSet(flags, "from-current") === isSet(flags, "empty"))
    throw new Refusal("usage", "say what is in it", "--from-current or --empty");
  const body = { name: nameIn(call), description: text(flags, "description"), empty: isSet(flags, "empty") };
  const made = await (await daemon()).post<{ name: string; triggers: unknown[] }>("/api/modes", body);
  print(isJson ? JSON.stringify(made, null, 1) : `mode ${made.name} with ${made.triggers.length} triggers`);
}

async function remove(call: Call): Promise<void> {
  const done = await (await call.daemon()).delete(`/api/modes/${encodeURIComponent(nameIn(call))}`);
  call.print(call.isJson ? JSON.stringify(done) : `${nameIn(call)} is deleted`);
}

const ACTS: Record<string, (call: Call) => Promise<void>> = {
  list,
  show,
  activate,
  deactivate,
  create,
  delete: remove,
};

export const command: CommandSpec = {
  name: "mode",
  usage: "mode [list] | show|activate|create|delete NAME | deactivate",
  summary:
    "Sets of triggers under one name. Activating one puts its triggers in the place of yours, which are kept; deactivating brings them back as they were.",
  examples: ["muster mode activate sprint", "muster mode create nights --from-current", "muster mode deactivate"],
  flags: {
    "from-current": { type: "boolean", help: "create: with the triggers there are now" },
    empty: { type: "boolean", help: "create: without any" },
    description: { type: "string", value: "TEXT", help: "create: what it is for" },
  },
  takes: [0, 2],
  async run(call) {
    const [act = "list"] = call.words;
    const run = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!run) throw new Refusal("usage", `mode ${act} is nothing`, Object.keys(ACTS).join(", "));
    await run(call);
    return 0;
  },
};
