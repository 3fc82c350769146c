import { z } from "zod";
import { Refusal } from "../core/refusal.ts";

/** Keys that every object has: as ids they would find functions. */
const id = z
  .string()
  .regex(/^[A-Za-z0-9#._-]{1,64}$/, "letters, digits and # . _ -")
  .refine((text) => !(text in Object.prototype), "not an id");
const text = z.string().min(1);
const line = z.string().min(1).max(4096);
const permission = z.enum(["read-only", "workspace-write", "danger-full-access"]);
const effort = z.enum(["low", "medium", "high", "xhigh"]);
const mid = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "letters, digits and -");
const seat = z.strictObject({
  driver: line,
  command: line.optional(),
  permission: permission.optional(),
  model: line.optional(),
});
const environment = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().max(65_536));
const nothing = z.strictObject({});

const SCHEMAS = {
  nothing,
  start: z.strictObject({
    prompt: text,
    cwd: line,
    agent: line.optional(),
    permission: permission.optional(),
    model: line.optional(),
    effort: effort.optional(),
    command: line.optional(),
    parent: id.optional(),
    environment: environment.optional(),
    trust: z.boolean().optional(),
  }),
  send: z.strictObject({ message: text, mid: mid.optional(), urgent: z.boolean().optional() }),
  kill: z.strictObject({ completed: z.boolean().optional() }),
  answer: z.strictObject({
    question: line,
    choice: z.enum(["allow", "deny"]),
    reason: z.string().max(4096).optional(),
  }),
  form: z.strictObject({
    repo: line,
    name: id.optional(),
    task: text.optional(),
    peerA: seat,
    peerB: seat.optional(),
    environment: environment.optional(),
    trust: z.boolean().optional(),
  }),
  keys: z.strictObject({ keys: z.string().min(1).max(4096) }),
  shutdown: z.strictObject({ agents: z.boolean().optional() }),
  stop: z.strictObject({ reason: line.optional() }),
  letter: z.strictObject({ to: id, text, from: id.optional(), mid: mid.optional(), urgent: z.boolean().optional() }),
  exchange: z.strictObject({ code: z.string().min(1).max(128) }),
};

/** What each kind of body holds, once it was read. */
export type Bodies = { [K in keyof typeof SCHEMAS]: z.infer<(typeof SCHEMAS)[K]> };

function said(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
  if (keys.length > 0) return `unknown key ${keys.map((key) => (path ? `${path}.${key}` : key)).join(", ")}`;
  return path ? `${path}: ${issue.message}` : issue.message;
}

/** Checks a body by its kind; a Refusal names the key that is wrong. */
export function readAs<K extends keyof Bodies>(kind: K, body: unknown): Bodies[K] {
  const read = SCHEMAS[kind].safeParse(body);
  if (read.success) return read.data as Bodies[K];
  const known = Object.keys(SCHEMAS[kind].shape).join(", ");
  throw new Refusal("usage", read.error.issues.map(said).join("; "), known ? `known: ${known}` : "send {}");
}
