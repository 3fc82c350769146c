import { useSignal } from "@preact/signals";
import { Refusal } from "../../core/refusal.ts";
import type { State } from "../../core/state.ts";
import { select } from "../choice.ts";
import { api, say, state } from "../store.ts";
import { close } from "./overlays.ts";
import { Sheet } from "./sheet.tsx";

const LEVELS = ["read-only", "workspace-write", "danger-full-access"] as const;
const EFFORTS = ["", "low", "medium", "high", "xhigh"] as const;

/** What the form holds; a draft outlives the form, as one that was closed by mistake. */
interface Order {
  prompt: string;
  cwd: string;
  agent: string;
  model: string;
  reasoning: string;
  sandbox: string;
  worktree: boolean;
  queue: boolean;
  trust: boolean;
}

const EMPTY: Order = {
  ...{ prompt: "", cwd: "", agent: "", model: "", reasoning: "", sandbox: "workspace-write" },
  ...{ worktree: false, queue: false, trust: false },
};

let draft: Order = EMPTY;

const distinct = (all: (string | undefined)[]): string[] => [...new Set(all.filter((one) => one !== undefined))];

/** Folders and CLIs that were used before, the newest first. */
function known({ agents, teams, queue }: State): { folders: string[]; drivers: string[] } {
  const hires = Object.values(agents)
    .map(({ hire }) => hire)
    .toReversed();
  const tasks = Object.values(queue.tasks).toReversed();
  const folders = [...hires.map(({ cwd }) => cwd), ...Object.values(teams).map(({ repo }) => repo)];
  return {
    folders: distinct([...folders, ...tasks.map(({ order }) => order.cwd)]),
    drivers: distinct([...hires.map(({ driver }) => driver), "claude", "standin"]),
  };
}

/** What the server is asked; an empty field is not said. */
function bodyOf({ prompt, cwd, agent, model, reasoning, sandbox, worktree, queue, trust }: Order): object {
  const common = {
    ...{ prompt, cwd, sandbox, agent: agent || undefined, model: model || undefined },
    ...{ reasoning: reasoning || undefined, trust: trust || undefined },
  };
  return queue ? { ...common, direct: true } : { ...common, worktree: worktree || undefined };
}

async function send(order: Order): Promise<void> {
  if (order.queue) {
    const { task } = await api().post<{ task: number }>("/api/queue/tasks", bodyOf(order));
    say(`#${task} is in the queue`);
  } else {
    const { agent } = await api().post<{ agent: string }>("/api/actions/jobs", bodyOf(order));
    select(agent);
  }
}

interface FieldProps {
  order: Order;
  change(part: Partial<Order>): void;
}

function Choices({ order, change }: FieldProps) {
  return (
    <div class="choices">
      <label>
        Permission
        <select value={order.sandbox} onChange={(event) => change({ sandbox: event.currentTarget.value })}>
          {LEVELS.map((level) => (
            <option key={level}>{level}</option>
          ))}
        </select>
      </label>
      <label>
        Effort
        <select value={order.reasoning} onChange={(event) => change({ reasoning: event.currentTarget.value })}>
          {EFFORTS.map((effort) => (
            <option key={effort} value={effort}>
              {effort || "as usual"}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={order.worktree}
          disabled={order.queue}
          onChange={(event) => change({ worktree: event.currentTarget.checked })}
        />
        a worktree of its own
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={order.queue}
          onChange={(event) => change({ queue: event.currentTarget.checked })}
        />
        into the queue
      </label>
    </div>
  );
}

function Fields({ order, change }: FieldProps) {
  const { folders, drivers } = state.value ? known(state.value) : { folders: [], drivers: [] };
  return (
    <>
      <label>
        What to do
        <textarea
          rows={5}
          value={order.prompt}
          placeholder="One assignment: the goal, where, and how to see that it is done"
          onInput={(event) => change({ prompt: event.currentTarget.value })}
        />
      </label>
      <label>
        Folder
        <input
          list="new-folders"
          value={order.cwd}
          placeholder="/path/of/a/repository"
          onInput={(event) => change({ cwd: event.currentTarget.value })}
        />
      </label>
      <datalist id="new-folders">
        {folders.map((folder) => (
          <option key={folder} value={folder} />
        ))}
      </datalist>
      <div class="pair">
        <label>
          CLI
          <select value={order.agent} onChange={(event) => change({ agent: event.currentTarget.value })}>
            {drivers.map((driver) => (
              <option key={driver}>{driver}</option>
            ))}
          </select>
        </label>
        <label>
          Model
          <input
            value={order.model}
            placeholder="as usual"
            onInput={(event) => change({ model: event.currentTarget.value })}
          />
        </label>
      </div>
      <Choices order={order} change={change} />
    </>
  );
}

/** Starts an agent, or puts its assignment into the queue. What is refused is said in the form, and nothing of it is lost. */
export function NewAgent() {
  const first = state.value ? known(state.value) : { folders: [], drivers: ["claude"] };
  const order = useSignal<Order>({
    ...draft,
    cwd: draft.cwd || (first.folders[0] ?? ""),
    agent: draft.agent || (first.drivers[0] ?? "claude"),
  });
  const refusal = useSignal<Refusal | null>(null);
  const isBusy = useSignal(false);
  const change = (part: Partial<Order>) => {
    order.value = { ...order.value, ...part };
    draft = order.value;
  };
  const submit = async () => {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      await send(order.value);
      draft = { ...order.value, prompt: "" };
      close();
    } catch (error) {
      refusal.value = error instanceof Refusal ? error : new Refusal("failed", String(error));
    }
    isBusy.value = false;
  };
  return (
    <Sheet label="New agent" kind="new">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
        }}
      >
        <h2>New agent</h2>
        <Fields order={order.value} change={change} />
        {refusal.value && (
          <p class="refusal" role="alert">
            {refusal.value.message}
            {refusal.value.hint && <span>; {refusal.value.hint}</span>}
          </p>
        )}
        {refusal.value && /agree|trust/.test(`${refusal.value.message} ${refusal.value.hint}`) && (
          <label class="check">
            <input
              type="checkbox"
              checked={order.value.trust}
              onChange={(event) => change({ trust: event.currentTarget.checked })}
            />
            I know this repository: its agent configuration may be used
          </label>
        )}
        <p class="ways">
          <button type="submit" aria-disabled={isBusy.value}>
            {order.value.queue ? "Add to the queue" : "Start"}
          </button>
          <button type="button" class="quiet" onClick={close}>
            Cancel
          </button>
          <span class="grow" />
          <span class="faint">Ctrl Enter</span>
        </p>
      </form>
    </Sheet>
  );
}
