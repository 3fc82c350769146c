import { stat } from "node:fs/promises";
import { observe } from "../core/commands.ts";
import { DAEMON } from "../core/ids.ts";
import { readHomeSettings } from "../files/home-settings.ts";
import type { Parts } from "./parts.ts";

/** How often the file is looked at: a person who saves it sees what it does soon enough. */
const LOOK_MS = 2000;

/** When the file was saved last, and its size; empty = it is not there. */
const stampOf = (path: string): Promise<string> =>
  stat(path).then(
    ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
    () => "",
  );

/** Takes over what `config.yaml` says, now and whenever it is saved; what is wrong in it is told once. */
export async function followConfig({ home, engine, clock, ending }: Parts): Promise<void> {
  let told = "";
  const take = async (): Promise<void> => {
    const { changes, problems } = await readHomeSettings(home.config);
    if (changes) engine.dispatch(observe({ type: "config.loaded", changes }), DAEMON);
    const text = problems.join("; ");
    if (text !== "" && text !== told)
      engine.dispatch(observe({ type: "notice.raised", level: "warning", text }), DAEMON);
    told = text;
  };
  let seen = await stampOf(home.config);
  await take();
  const follow = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(LOOK_MS, ending);
      const now = await stampOf(home.config);
      if (now === seen || ending.aborted) continue;
      // What could not be taken over, as on a full disk, is tried again at the next look.
      await take().then(
        () => {
          seen = now;
        },
        (error) => console.error(`${home.config}:`, error),
      );
    }
  };
  // It ends with the daemon, whose signal ends its sleep.
  void follow().catch((error) => {
    if (!ending.aborted) throw error;
  });
}
