import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { midBecause, SYSTEM } from "../../core/ids.ts";
import { leaderOf } from "../../core/lead/state.ts";
import { isAlive, type State } from "../../core/state.ts";
import type { TriggerAction } from "../../core/triggers/actions.ts";
import { isMeant, parseEvent } from "../../core/triggers/condition.ts";
import { chainOf, heardIn } from "../../core/triggers/events.ts";
import { fire } from "../../core/triggers/firing.ts";
import type { Rule } from "../engine.ts";

/** The number of an approval, by the fact that asks for it: the same fact gives the same. */
const approvalId = (seq: number, n: number): string => `A-${seq}${n > 0 ? `-${n}` : ""}`;

/** Fires triggers on what happens, in the same transaction. */
const eventRule: Rule = (state, event) => {
  const triggers = Object.values(state.triggers.all).filter(({ type, isOn }) => type === "event" && isOn);
  if (triggers.length === 0) return [];
  const heard = heardIn(event, state);
  if (heard.length === 0) return [];
  const chain = chainOf(state, event);
  return heard.flatMap(({ event: name, data }) =>
    triggers
      .filter((trigger) => {
        const condition = parseEvent(trigger.condition);
        return condition.event === name && isMeant(condition, data);
      })
      .flatMap((trigger, n) =>
        fire(state, trigger, { why: trigger.condition, data, chain }, event.at, approvalId(event.seq, n)),
      ),
  );
};

interface Act {
  name: string;
  chain: string[];
  action: TriggerAction;
  seq: number;
  at: number;
}

const skipped = ({ name }: Act, reason: string): Command[] => [observe({ type: "trigger.skipped", name, reason })];

const task = ({ chain, seq }: Act, wish: Omit<Extract<TriggerAction, { do: "queue_task" }>, "do">): Command[] => {
  const { prompt, priority, cwd, direct: isDirect, agent: driver } = wish;
  const order = { prompt, priority, cwd, isDirect, driver, after: [], retries: 0 };
  return [{ do: "enqueue", order, origin: `trigger:${chain.join(">")}#${seq}` }];
};

/** Does what a trigger wants; whoever is not there is said. */
function act(state: State, wish: Act): Command[] {
  const { action, name, at, seq } = wish;
  const leader = leaderOf(state);
  const lead = state.agents[leader];
  const isThere = lead !== undefined && !lead.dismissed;
  switch (action.do) {
    case "notify":
      return [observe({ type: "notice.raised", level: "info", text: action.message, about: name })];
    case "queue_task":
      return task(wish, action);
    case "start_orchestrator":
      return isThere ? skipped(wish, "the lead is there already") : [{ do: "summon" }];
    case "clear_context":
      if (!lead || !isThere || !isAlive(lead)) return skipped(wish, "the lead is not running");
      return [{ do: "control", agent: leader, id: `t-${seq}`, action: "clear" }];
    case "inject_prompt": {
      if (isThere) {
        const letter = {
          mid: midBecause(at, seq, 0),
          from: SYSTEM,
          to: leader,
          kind: "system",
          text: action.prompt,
        } as const;
        return [{ do: "send", letter }];
      }
      if (state.triggers.all[name]?.ifDown !== "queue") return skipped(wish, "the lead is not there");
      return task(wish, { prompt: action.prompt, priority: 0, cwd: lead?.hire.cwd ?? "/", direct: false });
    }
  }
}

const actRule: Rule = (state, event) => {
  if (event.type === "trigger.fired") return act(state, event);
  if (event.type !== "approval.decided" || event.decision !== "approve") return [];
  const approval = state.triggers.approvals[event.approval];
  // An agent's question is answered by permissions.ts, also when nobody decides.
  if (!approval || approval.action.do === "answer_permission") return [];
  return act(state, { ...approval, action: approval.action, at: event.at, seq: event.seq });
};

/** Whoever is asked hears of it. */
const askRule: Rule = (_, event: Event) => {
  if (event.type !== "approval.asked") return [];
  const text = `${event.approval} waits for you: muster approvals`;
  return [observe({ type: "notice.raised", level: "warning", text, about: event.name })];
};

export const triggerRules: Rule[] = [eventRule, actRule, askRule];
