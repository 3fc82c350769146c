import { useSignal } from "@preact/signals";
import { Refusal } from "../../core/refusal.ts";
import type { State } from "../../core/state.ts";
import { ACTIONS } from "../../core/triggers/actions.ts";
import { EVENTS, METRICS, TRIGGER_TYPES } from "../../core/triggers/condition.ts";
import { type TriggerRow, triggerRows } from "../../core/triggers/view.ts";
import { act, api, now, say } from "../store.ts";
import { clock, duration } from "../words.ts";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const path = (name: string, more = ""): string => `/api/triggers/${encodeURIComponent(name)}${more}`;

/** What a dry run says (server/trigger-routes.ts). */
interface Tested extends TriggerRow {
  holds: boolean | null;
  value?: number | null;
  hindered: string | null;
  would: string;
}

function verdict({ holds, value, hindered, would, autonomy, waits }: Tested): string {
  const measure = value === undefined ? "" : `, now ${value ?? "unknown"}`;
  const condition = holds === null ? "" : holds ? `the condition holds${measure}; ` : `it does not hold${measure}; `;
  const asked = autonomy === "confirm" ? ", after you agree" : "";
  return `${condition}it would ${would}${asked}. Now: ${hindered ?? waits}`;
}

async function remove(name: string): Promise<void> {
  try {
    await api().delete(path(name));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

/** How often it fired, and when it is due. */
function told({ fired, firedAt, next, waits }: TriggerRow): string {
  const past = fired === 0 ? "never fired" : `fired ${fired}×, last ${clock(firedAt ?? 0)}`;
  return next ? `${past}; next in ${duration(next - now.value)}` : `${past}; ${waits}`;
}

function Row({ row }: { row: TriggerRow }) {
  const tested = useSignal("");
  const isSure = useSignal(false);
  const test = async () => {
    try {
      tested.value = verdict(await api().post<Tested>(path(row.name, "/test"), {}));
    } catch (error) {
      tested.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <li class={row.isOn ? "trigger" : "trigger off"} data-step tabIndex={-1} aria-label={`Trigger ${row.name}`}>
      <label class="check">
        <input
          type="checkbox"
          aria-label={`${row.name} is on`}
          checked={row.isOn}
          onChange={() => void act(path(row.name, "/toggle"), {})}
        />
        <b>{row.name}</b>
      </label>
      <span>
        {row.type} <code>{row.condition}</code>
      </span>
      <span class="grow">{row.action}</span>
      <span class={row.autonomy === "auto" ? "auto" : "faint"}>
        {row.autonomy}, {row.cooldown} s
      </span>
      <button type="button" class="quiet small" onClick={() => void test()}>
        Test
      </button>
      <button
        type="button"
        class={isSure.value ? "danger small" : "quiet small"}
        onBlur={() => (isSure.value = false)}
        onClick={() => {
          if (isSure.value) void remove(row.name);
          isSure.value = !isSure.value;
        }}
      >
        {isSure.value ? "Remove it?" : "Remove"}
      </button>
      <span class="told faint">{tested.value || told(row)}</span>
    </li>
  );
}

const PAYLOADS: Record<string, string> = { inject_prompt: "prompt", queue_task: "prompt", notify: "message" };

const HINTS: Record<string, string> = {
  cron: "*/15 9-18 * * mon-fri",
  threshold: `queue_depth >= 3 (${METRICS.join(", ")})`,
  event: `job_completed (${EVENTS.join(", ")})`,
};

const EMPTY = { name: "", type: "event", condition: "", action: "queue_task", text: "", autonomy: "confirm", cwd: "" };

function Add({ of }: { of: State }) {
  const form = useSignal(EMPTY);
  const refusal = useSignal("");
  const set = (part: Partial<typeof EMPTY>) => (form.value = { ...form.value, ...part });
  const { name, type, condition, action, text, autonomy } = form.value;
  const key = PAYLOADS[action];
  const add = async () => {
    const cwd = Object.values(of.agents).at(-1)?.hire.cwd ?? Object.values(of.queue.tasks).at(-1)?.order.cwd ?? "/";
    const payload = key ? { [key]: text } : {};
    try {
      await api().post("/api/triggers", { name, type, condition, action, payload, autonomy, cwd });
      [form.value, refusal.value] = [EMPTY, ""];
    } catch (error) {
      refusal.value = error instanceof Refusal ? [error.message, error.hint].filter(Boolean).join("; ") : String(error);
    }
  };
  return (
    <details class="add">
      <summary>Add a trigger</summary>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <label>
          Name
          <input value={name} size={12} onInput={(event) => set({ name: event.currentTarget.value })} />
        </label>
        <label>
          When
          <select value={type} onChange={(event) => set({ type: event.currentTarget.value })}>
            {TRIGGER_TYPES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label class="grow">
          Condition
          <input
            value={condition}
            placeholder={HINTS[type]}
            onInput={(event) => set({ condition: event.currentTarget.value })}
          />
        </label>
        <label>
          Then
          <select value={action} onChange={(event) => set({ action: event.currentTarget.value })}>
            {ACTIONS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        {key && (
          <label class="grow">
            {key === "message" ? "Message" : "Prompt"}
            <input
              value={text}
              placeholder="Review {{job.id}}"
              onInput={(event) => set({ text: event.currentTarget.value })}
            />
          </label>
        )}
        <label>
          Autonomy
          <select value={autonomy} onChange={(event) => set({ autonomy: event.currentTarget.value })}>
            <option>confirm</option>
            <option>auto</option>
          </select>
        </label>
        <button type="submit">Add</button>
        {refusal.value && (
          <p class="refusal" role="alert">
            {refusal.value}
          </p>
        )}
      </form>
    </details>
  );
}

/** The rules of the user. */
export function TriggersPanel({ of }: { of: State }) {
  const rows = triggerRows(of, { now: now.value, zone: ZONE });
  return (
    <section class="panel triggers" aria-label="Triggers">
      <h2>
        Triggers <span class="faint">{rows.length}</span>
      </h2>
      {rows.length === 0 && (
        <p class="empty">
          No triggers. A mode brings a set of them; or add one: when something is so, then something is done.
        </p>
      )}
      <ol class="rows">
        {rows.map((row) => (
          <Row key={row.name} row={row} />
        ))}
      </ol>
      <Add of={of} />
    </section>
  );
}
