import type { Client } from "../../client/client.ts";
import type { Permission } from "../../core/facts.ts";
import { FULL_ACCESS, type Premises } from "../../core/premises.ts";
import { Refusal } from "../../core/refusal.ts";
import {
  type Bindings,
  bindingsFrom,
  KEYS_TO_WRITE,
  levelOf,
  NONE,
  type Role,
  requireBindings,
} from "../../core/settings/bindings.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { type Call, isSet, text } from "../command.ts";
import { driverFrom } from "../programs.ts";
import { permissionOf } from "../start.ts";
import type { Asker } from "../wizard/asker.ts";
import { type Chosen, chooseRoles } from "../wizard/roles.ts";

/** Words of the shell that say that nobody is to be asked. */
const isOff = (value: string | undefined): boolean => value !== undefined && value !== "" && value !== "0";

/** May the wizard ask? */
export const wantsWizard = ({ flags, env }: Call, { cli_profiles: { roles_wizard } }: Settings): boolean =>
  !isSet(flags, "no-wizard") && !isSet(flags, "mock") && !isOff(env.MUSTER_NO_WIZARD) && roles_wizard.enabled;

const MOCK = "standin";

/** Drivers named on the command line; `--mock` is a stand-in for everybody who sits there. */
function flagged({ flags, cwd }: Call): Partial<Bindings> {
  const word = (name: string): string | undefined => {
    const given = text(flags, name);
    return given === undefined ? undefined : driverFrom(given, cwd);
  };
  const mock = isSet(flags, "mock") ? MOCK : undefined;
  const all = { peerA: word("peer-a") ?? mock, peerB: word("peer-b") ?? mock };
  return Object.fromEntries(Object.entries(all).filter(([, driver]) => driver !== undefined));
}

export interface Choice {
  bindings: Bindings;
  permission?: Permission;
  accept?: string;
  /** What is kept for the next time. */
  kept: Partial<Record<Role, { driver: string; sandbox?: Permission }>>;
  notes: string[];
}

function keptOf({ bindings, permission }: Chosen): Choice["kept"] {
  const { peerA, peerB, aux, foreman } = bindings;
  const kept: Choice["kept"] = {
    peerA: { driver: peerA, sandbox: permission },
    aux: { driver: aux },
    foreman: { driver: foreman },
  };
  return { ...kept, peerB: peerB === NONE ? { driver: peerB } : { driver: peerB, sandbox: permission } };
}

const isMockRun = ({ flags }: Call): boolean => isSet(flags, "mock");

/** Who sits where: by flags, else by the wizard, else as it was chosen before. */
export async function choose(
  call: Call,
  { premises, settings, asker }: { premises: Premises; settings: Settings; asker: Asker | null },
): Promise<Choice> {
  const { drivers, saved } = premises;
  const { bindings: offered, notes } = bindingsFrom(settings, saved, drivers);
  const given = flagged(call);
  const permission = permissionOf(text(call.flags, "sandbox"));
  const accept = text(call.flags, "accept");
  const isSaved = saved.includes("peerA");
  const isGiven = given.peerA !== undefined || given.peerB !== undefined;
  if (!isGiven && asker && wantsWizard(call, settings)) {
    const order = {
      ...{ bindings: offered, permission: permission ?? levelOf(settings, "peerA"), isSaved, drivers },
      ...{
        isPermitted: premises.isPermitted || accept === FULL_ACCESS,
        seconds: settings.cli_profiles.roles_wizard.timeout_seconds,
      },
    };
    const chosen = await chooseRoles(asker, order);
    const mode = chosen.isNew ? chosen.permission : permission;
    const kept = chosen.isNew ? keptOf(chosen) : {};
    return { bindings: chosen.bindings, permission: mode, accept: chosen.accept ?? accept, kept, notes: [] };
  }
  if (!isGiven && !isSaved) {
    const hint = `--peer-a and --peer-b name drivers, or write ${KEYS_TO_WRITE.join(", ")}`;
    throw new Refusal("failed", `nobody has chosen yet who sits where in ${premises.repo}`, hint);
  }
  const bindings = { ...offered, ...given };
  const kept = isMockRun(call)
    ? {}
    : Object.fromEntries(Object.entries(given).map(([role, driver]) => [role, { driver }]));
  requireBindings(bindings, drivers);
  const said = notes.filter((note) => given.peerB === undefined || !note.startsWith("PeerB"));
  return { bindings, permission, accept, kept, notes: said };
}

/** Keeps what was chosen in the settings of the repository. */
export async function keep(
  client: Client,
  repo: string,
  kept: Choice["kept"],
  layout: string | undefined,
): Promise<void> {
  if (Object.keys(kept).length === 0 && layout === undefined) return;
  await client.post("/api/premises/bind", { repo, bindings: kept, layout });
}
