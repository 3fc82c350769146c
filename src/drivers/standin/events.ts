import { type Hook, isMatch, type Outcome, runHook, type Settings } from "./hooks.ts";
import type { Session } from "./session.ts";

/** Seconds for the status line's command. */
const STATUS_TIMEOUT = 5;

/** In which events Claude Code 2.1.328 tells mode and effort beside session, transcript and folder (test/real/same-json.test.ts). */
const OF_TURN = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionRequest", "Stop"];
const TELLS_MODE = new Set(["UserPromptSubmit", ...OF_TURN]);
const TELLS_EFFORT = new Set(["StopFailure", ...OF_TURN]);

/** Tells the hooks of the settings file what happens, in Claude Code's words. */
export class Events {
  /** Names the current prompt in every payload. */
  promptId: string | undefined;
  readonly #started = new Set<Promise<unknown>>();

  constructor(
    readonly settings: Settings,
    readonly session: Session,
  ) {}

  async fire(event: string, more: Record<string, unknown>, subject = "", signal?: AbortSignal): Promise<Outcome[]> {
    const hooks = (this.settings.hooks[event] ?? []).filter((hook) => isMatch(hook, subject));
    const payload = {
      session_id: this.session.id,
      transcript_path: this.session.transcript,
      cwd: this.session.options.cwd,
      ...(this.promptId ? { prompt_id: this.promptId } : {}),
      ...(TELLS_MODE.has(event) ? { permission_mode: "default" } : {}),
      ...(TELLS_EFFORT.has(event) ? { effort: { level: this.session.options.effort } } : {}),
      hook_event_name: event,
      ...more,
    };
    const awaited: Promise<Outcome>[] = [];
    for (const hook of hooks) {
      const run = this.#run(hook, payload, signal);
      if (!hook.isAsync) awaited.push(run);
    }
    return await Promise.all(awaited);
  }

  /** Claude Code runs it after each answer and after clear and compact, never while idle. */
  status(): void {
    const command = this.settings.statusLine;
    if (!command) return;
    const { session } = this;
    const { cwd, model, context } = session.options;
    const used = Math.round((session.tokens / context) * 100);
    const payload = {
      session_id: session.id,
      transcript_path: session.transcript,
      cwd,
      model: { id: model, display_name: model },
      workspace: { current_dir: cwd, project_dir: cwd, added_dirs: [] },
      version: "standin",
      cost: { total_cost_usd: session.cost },
      context_window: {
        total_input_tokens: session.tokens,
        total_output_tokens: 0,
        context_window_size: context,
        used_percentage: used,
        remaining_percentage: 100 - used,
      },
    };
    void this.#run({ command, timeout: STATUS_TIMEOUT }, payload);
  }

  /** Ends when all hooks that were started have ended, or after `millis`. */
  async settled(millis: number): Promise<void> {
    await Promise.race([Promise.allSettled(this.#started), Bun.sleep(millis)]);
  }

  async #run(hook: Pick<Hook, "command" | "timeout">, payload: object, signal?: AbortSignal): Promise<Outcome> {
    const run = runHook(hook, payload, this.session.options.cwd, signal).catch((error) => ({
      code: null,
      stdout: "",
      stderr: String(error),
    }));
    this.#started.add(run);
    const outcome = await run;
    this.#started.delete(run);
    return outcome;
  }
}
