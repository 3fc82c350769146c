import type { Blueprint } from "../../core/boards/blueprint.ts";
import type { Boards } from "../../core/boards/boards-state.ts";
import type { BoardFact, LoggedMarker, PlanSeen } from "../../core/boards/facts.ts";
import { nearestIds, taskId, taskNumber } from "../../core/boards/ids.ts";
import { changed, changesBetween, move, type StatusChange } from "../../core/boards/moves.ts";
import { NotAPlan, type Plan, readPlan } from "../../core/boards/plan.ts";
import type { BoardLook, BrokenFile } from "../../core/boards/port.ts";
import type { TeamName } from "../../core/ids.ts";

/** Status fields that are due in a plan's file, and the facts that are true once they are written. */
export interface PlanWrite {
  path: string;
  changes: StatusChange[];
  facts: BoardFact[];
}

/** What a look at the plans means. */
export interface PlansFound {
  plans: PlanSeen[];
  writes: PlanWrite[];
  facts: BoardFact[];
  broken: BrokenFile[];
}

interface Ground {
  team: TeamName;
  boards: Boards;
  look: BoardLook;
  blueprint: Blueprint;
}

type PlanFile = BoardLook["plans"][number];

/** `path:line:column: why`; too many steps have no place of their own. */
function brokenBy({ path, document }: PlanFile, { place, message }: NotAPlan): BrokenFile {
  if (place === "steps") return { path, error: `${path}: ${message}` };
  return { path, error: `${path}:${document.place(place)}: ${place === "" ? "" : `${place}: `}${message}` };
}

function read({ look, blueprint }: Ground): { plans: PlanSeen[]; broken: BrokenFile[] } {
  const plans: PlanSeen[] = [];
  const broken: BrokenFile[] = [];
  for (const file of look.plans) {
    const twin = plans.find(({ id }) => id === taskId(file.number));
    if (twin) {
      broken.push({ path: file.path, error: `${file.path}: ${twin.id} has a plan already in ${twin.path}` });
      continue;
    }
    try {
      plans.push({ ...readPlan(file.document.value, file.number, blueprint.max_steps), path: file.path });
    } catch (error) {
      if (!(error instanceof NotAPlan)) throw error;
      broken.push(brokenBy(file, error));
    }
  }
  return { plans, broken };
}

/** Does it begin a task that was not meant when work began, where the settings ask for that? */
function isOutOfScope({ task, action }: LoggedMarker, { boards, blueprint }: Ground): boolean {
  if (!blueprint.require_scope || action !== "start") return false;
  const isBegun = Object.values(boards.tasks).some(({ status }) => status !== "planned");
  return isBegun && boards.scope?.original.includes(task) === false;
}

/** Why a marker cannot be applied; null = it can. */
function refusal(marker: LoggedMarker, plan: Plan | undefined, ground: Ground, broken: BrokenFile[]): string | null {
  const known = ground.boards.tasks[marker.task];
  const error = known && broken.find(({ path }) => path === known.path)?.error;
  if (error) return `${error}; mend the file, then send the marker again`;
  if (!plan) {
    const near = nearestIds(taskNumber(marker.task), Object.keys(ground.boards.tasks));
    return near.length > 0
      ? `no task ${marker.task}; nearest: ${near.join(", ")}`
      : `no task ${marker.task}; there is no plan`;
  }
  if (isOutOfScope(marker, ground))
    return `${plan.id} came after the scope was set, and policies.blueprint.require_scope is on; ask the user`;
  if (marker.step === undefined || plan.steps.some(({ id }) => id === marker.step)) return null;
  return `${plan.id} has no step ${marker.step}; steps: ${plan.steps.map(({ id }) => id).join(", ")}`;
}

const movedFact = (team: TeamName, marker: LoggedMarker, before: Plan, after: Plan): BoardFact => {
  const { author, letter, n, step, action, reason } = marker;
  const became = before.status === after.status ? undefined : after.status;
  return { type: "task.moved", team, author, letter, n, id: after.id, step, action, reason, became };
};

/** One plan's file against what is known of it: statuses are the daemon's, everything else is the file's. */
function settle(
  ground: Ground,
  file: PlanSeen,
  markers: LoggedMarker[],
): { plan: PlanSeen; facts: BoardFact[]; changes: StatusChange[] } {
  const { team, boards, blueprint } = ground;
  const known = boards.tasks[file.id];
  const own = known ? changed(file, changesBetween(file, known)) : file;
  let plan: Plan = own;
  const facts: BoardFact[] = [];
  for (const marker of markers) {
    const { plan: after } = move(plan, marker, blueprint.auto_complete);
    facts.push(movedFact(team, marker, plan, after));
    plan = after;
  }
  const changes = changesBetween(file, plan);
  // What differs from both is somebody's edit; equal to the second it is our own write before a crash.
  const isEdited = changes.length > 0 && changesBetween(file, own).length > 0;
  if (isEdited) facts.push({ type: "task.restored", team, id: file.id, path: file.path });
  return { plan: { ...plan, path: file.path }, facts, changes };
}

/** Tasks whose file is really gone; of a broken one the last good view stays. */
const goneFrom = ({ team, boards }: Ground, plans: PlanSeen[], broken: BrokenFile[]): BoardFact[] =>
  Object.values(boards.tasks)
    .filter(({ id, path }) => !plans.some((plan) => plan.id === id) && !broken.some((file) => file.path === path))
    .map(({ id }) => ({ type: "task.gone", team, id }));

/** The markers that a look can decide; those of files that change just now wait, and everything behind them. */
function dueMarkers({ boards, look }: Ground, plans: PlanSeen[]): LoggedMarker[] {
  const isUnsettled = (marker: LoggedMarker): boolean => {
    const plan = plans.find(({ id }) => id === marker.task);
    return plan ? look.unsettled.includes(plan.path) : look.unsettled.length > 0;
  };
  const first = boards.markers.findIndex(isUnsettled);
  return first < 0 ? boards.markers : boards.markers.slice(0, first);
}

/** What the plans' files and the waiting markers come to. Pure. */
export function examinePlans(ground: Ground): PlansFound {
  const { team, boards, look } = ground;
  const { plans, broken } = read(ground);
  const all = [...look.broken, ...broken];
  const due = dueMarkers(ground, plans);
  const refusals = due.map((marker) => ({
    marker,
    reason: refusal(
      marker,
      plans.find(({ id }) => id === marker.task),
      ground,
      all,
    ),
  }));
  const facts: BoardFact[] = refusals.flatMap(({ marker, reason }) =>
    reason === null
      ? []
      : [
          {
            type: "task.refused",
            team,
            author: marker.author,
            letter: marker.letter,
            n: marker.n,
            text: marker.text,
            reason,
          },
        ],
  );
  const taken = refusals.filter(({ reason }) => reason === null).map(({ marker }) => marker);
  const settled = plans.map((file) => {
    const markers = taken.filter(({ task }) => task === file.id);
    return { file, ...settle(ground, file, markers) };
  });
  const writes = settled.map(({ file, plan, facts: moved, changes }): PlanWrite => {
    const isNew = boards.isKnown && boards.tasks[plan.id] === undefined ? true : undefined;
    return { path: file.path, changes, facts: [...moved, { type: "task.seen", team, task: plan, isNew }] };
  });
  return {
    plans: settled.map(({ plan }) => plan),
    writes,
    facts: [...facts, ...goneFrom(ground, plans, all)],
    broken,
  };
}
