import type { Marker } from "./markers.ts";
import type { Plan, Step, StepStatus, TaskStatus } from "./plan.ts";

/** A status field that the daemon writes: of a step, or of the task itself. */
export type StatusChange = { step: string; status: StepStatus } | { status: TaskStatus };

/** What a marker does to a plan. Applying it again changes nothing: the daemon may end between file and fact. */
export interface Move {
  plan: Plan;
  changes: StatusChange[];
}

/** The plan with these statuses. */
export function changed(plan: Plan, changes: StatusChange[]): Plan {
  const ofTask = changes.findLast((change) => !("step" in change));
  const steps = plan.steps.map((step) => {
    const change = changes.findLast((one) => "step" in one && one.step === step.id);
    return change ? { ...step, status: change.status as StepStatus } : step;
  });
  return { ...plan, status: (ofTask?.status as TaskStatus | undefined) ?? plan.status, steps };
}

/** Status fields in which two views of one plan differ: what leads from the first to the second. */
export function changesBetween(from: Plan, to: Plan): StatusChange[] {
  const steps = to.steps.flatMap(({ id, status }): StatusChange[] =>
    from.steps.some((step) => step.id === id && step.status !== status) ? [{ step: id, status }] : [],
  );
  return from.status === to.status ? steps : [...steps, { status: to.status }];
}

const isOpen = ({ status }: Step): boolean => status !== "complete";
const setTask = (plan: Plan, status: TaskStatus): Plan => ({ ...plan, status });

const setStep = (plan: Plan, id: string, status: StepStatus): Plan => ({
  ...plan,
  steps: plan.steps.map((step) => (step.id === id ? { ...step, status } : step)),
});

/** One step is worked on, if one is left: the next behind `after`, else the first. */
function goOn(plan: Plan, after: number): Plan {
  if (plan.steps.some(({ status }) => status === "in_progress")) return plan;
  const next = plan.steps.find((step, at) => at > after && isOpen(step)) ?? plan.steps.find(isOpen);
  return next ? setStep(plan, next.id, "in_progress") : plan;
}

const closed = (plan: Plan): Plan => ({
  ...setTask(plan, "complete"),
  steps: plan.steps.map((step) => ({ ...step, status: "complete" as const })),
});

function stepDone(plan: Plan, at: number, id: string, isAutomatic: boolean): Plan {
  if (plan.steps[at]?.status === "complete") return plan;
  const done = goOn(setStep(plan, id, "complete"), at);
  if (done.steps.some(isOpen)) return setTask(done, "active");
  return setTask(done, isAutomatic ? "complete" : "active");
}

function target(plan: Plan, { step, action }: Marker, isAutomatic: boolean): Plan {
  if (step === undefined) {
    if (action === "done") return closed(plan);
    if (action === "start" && plan.status === "planned") return goOn(setTask(plan, "active"), -1);
    return plan;
  }
  const at = plan.steps.findIndex(({ id }) => id === step);
  if (action === "done") return stepDone(plan, at, step, isAutomatic);
  if (action === "in_progress") return setTask(setStep(plan, step, "in_progress"), "active");
  return plan;
}

/** What a marker makes of a plan that has its step. `isAutomatic`: the last step completes the task. */
export function move(plan: Plan, marker: Marker, isAutomatic: boolean): Move {
  const after = target(plan, marker, isAutomatic);
  return { plan: after, changes: changesBetween(plan, after) };
}
