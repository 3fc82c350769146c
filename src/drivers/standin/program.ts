import { REFUSALS, Refusal } from "../../core/refusal.ts";
import { visible } from "../../core/text.ts";
import { backspace, EMPTY, insert, move, paste, submission } from "./composer.ts";
import { Desk } from "./desk.ts";
import { Events } from "./events.ts";
import type { View } from "./frame.ts";
import { readSettings } from "./hooks.ts";
import type { Input, KeyName } from "./keys.ts";
import { optionsOf } from "./options.ts";
import { runPrint } from "./print.ts";
import { readScenario } from "./scenario.ts";
import { Session } from "./session.ts";
import { Terminal } from "./terminal.ts";

/** Milliseconds a clean exit waits for hooks it has started. */
const LAST_HOOKS = 1000;

/** The program: keys to the desk, the desk to the screen. */
class Program {
  readonly #terminal = new Terminal();
  readonly #desk: Desk;
  #hint = "";
  #ticker: Timer | undefined;
  #isLeaving = false;
  #recalled: string[] = [];

  constructor(readonly session: Session) {
    const { settings, scenario } = session.options;
    const events = new Events(readSettings(settings), session);
    this.#desk = new Desk(session, readScenario(scenario), events, () => this.#refresh(), crash);
  }

  async boot(): Promise<void> {
    const { options } = this.session;
    for (const [signal, code] of [
      ["SIGTERM", 143],
      ["SIGHUP", 129],
      ["SIGINT", 130],
    ] as const) {
      process.on(signal, () => void this.leave(code, "other"));
    }
    if (options.boot > 0) await Bun.sleep(options.boot);
    const source = options.resume ? "resume" : "startup";
    if (options.resume) this.#desk.show(`Resumed session ${this.session.id}`);
    await this.#desk.fire("SessionStart", { source, model: options.model }, source);
    this.#terminal.open(
      (input) => this.#take(input),
      () => this.#refresh(),
      () => void this.leave(129, "other"),
    );
    this.#desk.settle();
  }

  async leave(code: number, reason: string): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#desk.dialog?.abort.abort();
    this.#desk.interrupt();
    await this.#desk.fire("SessionEnd", { reason }, reason);
    await this.#desk.events.settled(LAST_HOOKS);
    this.session.leave();
    this.#terminal.close(`Resume this session with: muster standin --resume ${this.session.id}`);
    process.exit(code);
  }

  #refresh(): void {
    if (this.#isLeaving) return;
    const isBusy = this.#desk.busySince !== null;
    if (isBusy) this.#ticker ??= setInterval(() => this.#refresh(), 1000);
    else if (this.#ticker) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
    this.#terminal.refresh(
      () => this.#view(),
      () => `${this.#desk.dialog ? "!" : isBusy ? "◐" : "✳"} Stand-in`,
    );
  }

  #view(): View {
    const desk = this.#desk;
    const { options, tokens, id } = this.session;
    const seconds = desk.busySince === null ? 0 : Math.floor((Date.now() - desk.busySince) / 1000);
    const used = Math.round((tokens / options.context) * 100);
    return {
      header: visible(`Stand-in · ${options.seat} · ${options.cwd}`),
      log: desk.log,
      busy: desk.busySince === null || desk.dialog ? null : `Working… ${seconds}s`,
      queued: desk.queue.map((item) => visible(item.text)),
      composer: desk.composer,
      placeholder: desk.queue.length > 0 ? "Press up to edit queued messages" : 'Try "RUN: git status"',
      dialog: desk.dialog,
      status:
        this.#hint || `context ${used}% · ${tokens} of ${options.context} · ${options.permission} · ${id.slice(0, 8)}`,
    };
  }

  #take(input: Input): void {
    const isStop = "key" in input && input.key === "stop";
    if (isStop) this.#stop();
    else this.#hint = "";
    if (this.#desk.dialog) this.#answer(input);
    else if ("paste" in input) this.#desk.composer = paste(this.#desk.composer, input.paste);
    else if ("text" in input) this.#desk.composer = insert(this.#desk.composer, input.text);
    else this.#press(input.key);
    this.#refresh();
  }

  /** Enter takes the selected line, "Yes" at first; a paste is dropped. That is what a careless delivery runs into. */
  #answer(input: Input): void {
    const { dialog } = this.#desk;
    if (!dialog || "paste" in input) return;
    const allow = { isAllowed: true, reason: "" };
    const deny = { isAllowed: false, reason: "" };
    if ("text" in input) {
      if (input.text === "1") dialog.answer(allow);
      if (input.text === "2") dialog.answer(deny);
    } else if (input.key === "up") dialog.selected = 0;
    else if (input.key === "down") dialog.selected = 1;
    else if (input.key === "enter") dialog.answer(dialog.selected === 0 ? allow : deny);
    else if (input.key === "escape") dialog.answer(deny);
  }

  #press(key: KeyName): void {
    const desk = this.#desk;
    if (key === "enter") this.#enter();
    else if (key === "newline") desk.composer = insert(desk.composer, "\n");
    else if (key === "clear") desk.composer = EMPTY;
    else if (key === "backspace") desk.composer = backspace(desk.composer);
    else if (key === "escape") desk.interrupt();
    else if (key === "up") this.#recall();
    else if (key !== "down" && key !== "stop") desk.composer = move(desk.composer, key);
  }

  #enter(): void {
    const desk = this.#desk;
    const { composer } = desk;
    if (composer.text.slice(0, composer.cursor).endsWith("\\")) {
      desk.composer = insert(backspace(composer), "\n");
      return;
    }
    const text = submission(composer);
    if (text === "") return;
    this.#recalled = [composer.text];
    if (/^\/(exit|quit)$/.test(text)) void this.leave(0, "prompt_input_exit");
    else desk.submit(text);
  }

  #recall(): void {
    const [last] = this.#recalled;
    if (this.#desk.composer.text === "" && last) this.#desk.composer = insert(EMPTY, last);
  }

  #stop(): void {
    const desk = this.#desk;
    if (desk.composer.text !== "") desk.composer = EMPTY;
    else if (desk.busySince !== null) desk.interrupt();
    else if (this.#hint !== "") void this.leave(0, "prompt_input_exit");
    else this.#hint = "Press Ctrl-C again to exit";
  }
}

/** Ends at once, with nothing cleaned up: the record stays, the screen stays. */
function crash(how: number | string): void {
  if (typeof how === "number") process.exit(how);
  const signal = (how.startsWith("SIG") ? how : `SIG${how}`) as NodeJS.Signals;
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** `muster standin ...`: plays an AI CLI in this terminal until it is told to stop. */
export async function runStandin(argv: string[]): Promise<void> {
  try {
    if (argv.includes("--print")) return await runPrint(argv);
    if (!process.stdin.isTTY) throw new Refusal("usage", "standin needs a terminal");
    const options = optionsOf(argv, process.env, process.cwd());
    await new Program(new Session(options)).boot();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`muster: ${error.message}${error.hint ? `; ${error.hint}` : ""}\n`);
    process.exit(REFUSALS[error.code].exit);
  }
}
