import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";
import { paint, table } from "./style.ts";

interface Pulse {
  running: boolean;
  every_ms: number;
  queue_depth: number;
  triggers: number;
  approvals: number;
}

export const command: CommandSpec = {
  name: "pulse",
  usage: "pulse [status] | start | stop",
  summary:
    "The beat, every ten seconds, by which triggers look at the clock and at measures. It beats by itself while there is something to do; start and stop stay, also over restarts.",
  examples: ["muster pulse", "muster pulse stop"],
  flags: {},
  takes: [0, 1],
  async run({ words, daemon, isJson, print }) {
    const [act = "status"] = words;
    if (!["status", "start", "stop"].includes(act))
      throw new Refusal("usage", `pulse ${act} is nothing`, "status, start, stop");
    const client = await daemon();
    if (act !== "status") await client.post(`/api/pulse/${act}`, {});
    const pulse = await client.get<Pulse>("/api/pulse/status");
    const rows = [
      [
        "Pulse",
        pulse.running ? paint("green", `beats every ${pulse.every_ms / 1000} s`) : paint("dim", "stands still"),
      ],
      ["Triggers", String(pulse.triggers)],
      ["Queue", `${pulse.queue_depth} waiting`],
      ["Approvals", pulse.approvals === 0 ? "none open" : paint("yellow", `${pulse.approvals} open: muster approvals`)],
    ];
    print(isJson ? JSON.stringify(pulse) : table(rows.map(([name = "", value = ""]) => [paint("dim", name), value])));
    return 0;
  },
};
