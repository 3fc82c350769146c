import { list, Misshapen, object, oneOf, optional, text as texts } from "../shape.ts";
import { preview } from "../text.ts";
import { type TaskNumber, taskId, taskNumber } from "./ids.ts";

export type TaskStatus = "planned" | "active" | "complete";
export type StepStatus = "pending" | "in_progress" | "complete";

export interface Step {
  /** `S1`, `S1.1`. */
  id: string;
  name: string;
  /** What is there when it is done. */
  done: string;
  status: StepStatus;
  outputs: { path: string; note: string }[];
}

/** One task of a plan, as its file says. Progress and the present step are computed, never stored. */
export interface Plan {
  /** `T007`, whatever width the file writes. */
  id: string;
  name: string;
  goal: string;
  status: TaskStatus;
  steps: Step[];
}

/** Why a file is no plan: where in it (`steps.2.status`, empty = the whole) and what. */
export class NotAPlan extends Error {
  constructor(
    readonly place: string,
    message: string,
  ) {
    super(message);
  }
}

/** Fewest steps of a plan; the most is a setting. */
const LEAST_STEPS = 2;
const STEP_ID = /^S\d{1,3}(?:\.\d{1,3})?$/;
const OUTPUTS_KEPT = 5;

const word = texts({ min: 1, max: 10_000 });

const PLAN = object(
  {
    id: texts({ pattern: { test: (id) => taskNumber(id) !== null }, words: "an id such as T007 or T000007 is needed" }),
    name: word,
    goal: optional(texts()),
    status: optional(oneOf("planned", "active", "complete")),
    steps: list(
      object(
        {
          id: texts({ pattern: STEP_ID, words: "an id such as S1 or S1.1 is needed" }),
          name: word,
          done: optional(texts()),
          status: optional(oneOf("pending", "in_progress", "complete")),
          outputs: optional(list(object({ path: word, note: optional(texts()) }, true))),
        },
        true,
      ),
    ),
  },
  true,
);

type Written = ReturnType<typeof PLAN.read>;

function shaped(value: unknown): Written {
  try {
    return PLAN.read(value, "");
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    const [, place = "", why] = /^([A-Za-z0-9_.]+): (.*)/s.exec(error.message) ?? [];
    throw new NotAPlan(place, why ?? error.message);
  }
}

const stepOf = ({ id, name, done = "", status = "pending", outputs = [] }: Written["steps"][number]): Step => ({
  id,
  name: preview(name, 80),
  done: preview(done, 120),
  status,
  outputs: outputs
    .slice(0, OUTPUTS_KEPT)
    .map(({ path, note = "" }) => ({ path: preview(path, 120), note: preview(note, 80) })),
});

/** The plan that a document of the folder with this number holds. Throws NotAPlan, with the place. */
export function readPlan(value: unknown, number: TaskNumber, mostSteps: number): Plan {
  const { id, name, goal = "", status = "planned", steps } = shaped(value);
  if (taskNumber(id) !== number) throw new NotAPlan("id", `${id} stands in the folder of ${taskId(number)}`);
  if (steps.length > mostSteps) throw new NotAPlan("steps", `steps ${steps.length} > ${mostSteps}`);
  if (steps.length < LEAST_STEPS) throw new NotAPlan("steps", `steps ${steps.length} < ${LEAST_STEPS}`);
  const twice = steps.findIndex((step, at) => steps.findIndex((other) => other.id === step.id) !== at);
  if (twice >= 0) throw new NotAPlan(`steps.${twice}.id`, `${steps[twice]?.id} is there twice`);
  return { id: taskId(number), name: preview(name, 80), goal: preview(goal, 200), status, steps: steps.map(stepOf) };
}

/** How many steps of a task are complete. */
export const progressOf = ({ steps }: Pick<Plan, "steps">): { done: number; of: number } => ({
  done: steps.filter(({ status }) => status === "complete").length,
  of: steps.length,
});

/** The step that is worked on: the first in progress, else the first that is not complete; none once all are. */
export const currentStep = ({ steps }: Pick<Plan, "steps">): Step | undefined =>
  steps.find(({ status }) => status === "in_progress") ?? steps.find(({ status }) => status === "pending");
