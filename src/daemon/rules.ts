import { boardRules } from "../engine/boards/rules.ts";
import { cadenceRules } from "../engine/cadence/rules.ts";
import { hookRule } from "../engine/delivery/hook-watch.ts";
import { returnRule } from "../engine/delivery/returns.ts";
import type { Rule } from "../engine/engine.ts";
import { errandRules } from "../engine/errands/rules.ts";
import { patchRules } from "../engine/evidence/rules.ts";
import { treeRules } from "../engine/evidence/tree.ts";
import { handoffRules } from "../engine/handoff/rules.ts";
import { reuseRule } from "../engine/jobs/rules.ts";
import { ackRules } from "../engine/letters/acks.ts";
import { letterRules } from "../engine/letters/rules.ts";
import { limitRule } from "../engine/limits/rules.ts";
import { questionRule } from "../engine/questions.ts";
import { queueRules } from "../engine/queue/rules.ts";
import { rfdRules } from "../engine/rfd/rules.ts";
import { jobRule } from "../engine/rules.ts";
import { permissionRules } from "../engine/triggers/permissions.ts";
import { triggerRules } from "../engine/triggers/rules.ts";

/** Everything that answers a fact in its own transaction, in the order in which it is asked. */
export const RULES: Rule[] = [
  jobRule,
  questionRule,
  reuseRule,
  returnRule,
  hookRule,
  limitRule,
  ...queueRules,
  ...triggerRules,
  ...permissionRules,
  ...letterRules,
  ...ackRules,
  ...handoffRules,
  ...cadenceRules,
  ...rfdRules,
  ...patchRules,
  ...treeRules,
  ...boardRules,
  ...errandRules,
];
