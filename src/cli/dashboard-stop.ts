import type { CommandSpec } from "./command.ts";
import { stopDaemon } from "./stop.ts";

export const command: CommandSpec = {
  name: "dashboard-stop",
  usage: "dashboard-stop",
  summary:
    "Ends the daemon with its page; agents live on, and the next command starts it again. Only the one that answers on this home's own socket is asked: no file with a process id is believed.",
  examples: ["muster dashboard-stop"],
  flags: {},
  run: stopDaemon,
};
