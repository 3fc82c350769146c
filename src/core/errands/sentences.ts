import { nameOf, plain, quiet, type Sayings } from "../saying.ts";
import { addressName } from "../state.ts";
import { rcOf } from "./errands-state.ts";
import type { ErrandFact, ErrandRole } from "./facts.ts";

const ROLES: Record<ErrandRole, string> = { aux: "Aux", foreman: "Foreman" };

const warn = (text: string) => ({ tone: "warn" as const, text });

export const ERRAND_SAYINGS: Sayings<ErrandFact["type"]> = {
  "errand.asked": ({ role, asker, preview }, state) => ({
    ...plain(`asked by ${nameOf(state, asker)}: ${preview}`),
    who: ROLES[role],
  }),
  "errand.started": ({ errand, folder }, { errands }) => ({
    ...quiet(`works in ${folder}`),
    who: ROLES[errands.all[errand]?.role ?? "aux"],
  }),
  "errand.ended": ({ errand, code, reason, preview }, { errands }) => {
    const said = preview ? `: ${preview}` : "";
    const why = reason === "" || reason === rcOf(code, reason) ? "" : `, ${reason}`;
    const text = `ended rc=${rcOf(code, reason)}${why}${said}`;
    return {
      tone: code === 0 && reason === "" ? "plain" : "bad",
      who: ROLES[errands.all[errand]?.role ?? "aux"],
      text,
    };
  },
  "errand.refused": ({ role, asker, reason }, state) => ({
    ...warn(`refused to ${nameOf(state, asker)}: ${reason}`),
    who: ROLES[role],
  }),
  "foreman.skipped": ({ reason }) => ({ ...warn(`run skipped: ${reason}`), who: "Foreman" }),
  "foreman.spoke": ({ to, preview }, state) => ({
    ...plain(`→ ${to.map((one) => addressName(state, one)).join(" and ")}: ${preview}`),
    who: "Foreman",
  }),
  "foreman.misspoke": ({ reason }) => ({ ...warn(`what it wrote is no message: ${reason}`), who: "Foreman" }),
  "evidence.validated": ({ title, isPassed, checks, log }) => {
    const failed = checks.filter(({ code, isAllowed }) => code !== 0 && !isAllowed).map(({ name }) => name);
    const result = isPassed ? `passed, ${checks.length} checks` : `failed: ${failed.join(", ")}`;
    return { tone: isPassed ? "good" : "bad", who: "evidence", text: `${title}: ${result} (${log})` };
  },
};
