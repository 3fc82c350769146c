import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optionsOf } from "./options.ts";
import { readScenario } from "./scenario.ts";
import { Session } from "./session.ts";
import { Interrupted, type Stage, TurnFailure } from "./stage.ts";
import { Turn } from "./turn.ts";

const NOBODY = { isAllowed: false, reason: "nobody can be asked without a terminal" };

/** Ends at once, as it is told. */
function crash(how: number | string): void {
  if (typeof how === "number") process.exit(how);
  process.removeAllListeners("SIGTERM");
  process.kill(process.pid, (how.startsWith("SIG") ? how : `SIG${how}`) as NodeJS.Signals);
}

async function play(turn: Turn): Promise<number> {
  try {
    await turn.play();
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return 143;
    if (!(error instanceof TurnFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** One prompt from standard input, really done; what the model says is printed. Leaves nothing of its own behind. */
export async function runPrint(argv: string[]): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), "standin-"));
  const options = { ...optionsOf(argv, process.env, process.cwd()), state };
  const session = new Session(options);
  const stage: Stage = {
    ...{ options, session, rules: readScenario(options.scenario), crash },
    show: () => {},
    said: (text) => void process.stdout.write(`${text}\n`),
    charge: () => {},
    fire: async () => [],
    ask: async () => NOBODY,
  };
  const turn = new Turn(stage, await Bun.stdin.text());
  process.on("SIGTERM", () => turn.interrupt());
  let code = 1;
  try {
    code = await play(turn);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
  process.exit(code);
}
