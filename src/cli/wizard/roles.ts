import type { Permission } from "../../core/facts.ts";
import { type DriverRow, FULL_ACCESS } from "../../core/premises.ts";
import { Refusal } from "../../core/refusal.ts";
import {
  type Bindings,
  bindingProblem,
  driverIn,
  labelOf,
  NONE,
  REUSE_AUX,
  ROLES,
  type Role,
} from "../../core/settings/bindings.ts";
import type { Asker } from "./asker.ts";

const LEVELS: Permission[] = ["read-only", "workspace-write", "danger-full-access"];

/** What the wizard offers. */
export interface WizardOrder {
  /** Offered as answers. */
  bindings: Bindings;
  permission: Permission;
  /** A person chose these before. */
  isSaved: boolean;
  /** Full access was allowed here before. */
  isPermitted: boolean;
  drivers: DriverRow[];
  /** How long the question for the previous bindings waits. */
  seconds: number;
}

export interface Chosen {
  bindings: Bindings;
  permission: Permission;
  /** The words by which full access was allowed. */
  accept?: string;
  /** Whether anything was asked anew. */
  isNew: boolean;
}

const shown = (bindings: Bindings): string => ROLES.map((role) => `${labelOf(role)} ${bindings[role]}`).join(", ");

/** Asks until the answer will do; nothing typed, or nobody there, means what is offered. */
async function until<T>(
  asker: Asker,
  question: string,
  read: (answer: string) => T | { no: string },
  seconds?: number,
): Promise<T> {
  for (;;) {
    const answer = await asker.ask(question, { seconds });
    const result = read((answer ?? "").trim());
    if (typeof result !== "object" || result === null || !("no" in result)) return result;
    if (answer === null) throw new Refusal("failed", result.no, "nobody answered; --no-wizard asks nothing");
    asker.say(result.no);
  }
}

const wantsPrevious = (asker: Asker, { seconds }: WizardOrder): Promise<boolean> =>
  until(
    asker,
    "Use previous bindings? Enter = yes, r = reconfigure: ",
    (answer) => {
      if (answer === "" || /^y(es)?$/i.test(answer)) return true;
      return /^r(econfigure)?$/i.test(answer) ? false : { no: `${answer} is neither Enter nor r` };
    },
    seconds,
  );

function choicesFor(role: Role, drivers: DriverRow[]): string {
  const names = drivers.map(({ name }) => name);
  if (role === "foreman") names.push(REUSE_AUX);
  if (role !== "peerA") names.push(role === "peerB" ? "none = PeerA works alone" : NONE);
  return names.join(", ");
}

function chooseDriver(asker: Asker, role: Role, offered: string, drivers: DriverRow[]): Promise<string> {
  return until(asker, `${labelOf(role)} [${offered}] (${choicesFor(role, drivers)}): `, (answer) => {
    const word = answer || offered;
    const problem = bindingProblem(role, word, drivers);
    return problem === null ? word : { no: problem };
  });
}

/** P99: what a choice means, where it leaves a gap. */
function hint(asker: Asker, role: Role, bindings: Bindings): void {
  if (role === "peerB" && bindings.peerB === NONE) asker.say("Only PeerA will run; a Foreman is recommended.");
  if (role === "foreman" && bindings.peerB === NONE && bindings.foreman === NONE)
    asker.say("Without a Foreman PeerA waits for you when it is done; choose one for autonomous operation.");
}

function levelProblem(level: string, { peerA, peerB }: Bindings, drivers: DriverRow[]): string | null {
  if (!(LEVELS as string[]).includes(level)) return `${level} is no permission level; ${LEVELS.join(", ")}`;
  const bound = drivers.filter(({ name }) => [driverIn(peerA), driverIn(peerB)].includes(name));
  const unable = bound.find(({ permissions }) => !permissions.includes(level as Permission));
  return unable ? `driver ${unable.name} cannot enforce ${level}` : null;
}

async function chooseLevel(asker: Asker, order: WizardOrder, bindings: Bindings): Promise<Permission> {
  return until(asker, `Permission level [${order.permission}] (${LEVELS.join(", ")}): `, (answer) => {
    const level = answer || order.permission;
    const problem = levelProblem(level, bindings, order.drivers);
    return problem === null ? (level as Permission) : { no: problem };
  });
}

/** Full access is chosen in words, once in each repository; whoever does not type them is asked for another level. */
async function chooseAccess(
  asker: Asker,
  order: WizardOrder,
  bindings: Bindings,
): Promise<Pick<Chosen, "permission" | "accept">> {
  for (let offered = order.permission; ; offered = "workspace-write") {
    const permission = await chooseLevel(asker, { ...order, permission: offered }, bindings);
    if (permission !== "danger-full-access" || order.isPermitted) return { permission };
    const answer = await asker.ask(`Agents could do everything that you can do. Type "${FULL_ACCESS}" to allow it: `);
    if (answer?.trim() === FULL_ACCESS) return { permission, accept: FULL_ACCESS };
    asker.say("It is not allowed.");
  }
}

/** Asks who sits where. What was chosen before is taken when nobody says otherwise. */
export async function chooseRoles(asker: Asker, order: WizardOrder): Promise<Chosen> {
  const { drivers } = order;
  const first = drivers[0]?.name ?? NONE;
  const bindings = { ...order.bindings };
  const problems = ROLES.map((role) => bindingProblem(role, bindings[role], drivers)).filter((problem) => problem);
  if (order.isSaved && problems.length === 0) {
    asker.say(`Previous: ${shown(bindings)}; ${order.permission}`);
    const isBlocked = order.permission === "danger-full-access" && !order.isPermitted;
    if ((await wantsPrevious(asker, order)) && !isBlocked)
      return { bindings, permission: order.permission, isNew: false };
  }
  for (const problem of problems) asker.say(problem ?? "");
  for (const role of ROLES) {
    if (bindingProblem(role, bindings[role], drivers)) bindings[role] = role === "peerA" ? first : NONE;
    bindings[role] = await chooseDriver(asker, role, bindings[role], drivers);
    hint(asker, role, bindings);
  }
  return { bindings, ...(await chooseAccess(asker, order, bindings)), isNew: true };
}
