import type { ModeSpec, TriggerSpec } from "./facts.ts";

const inject = (
  name: string,
  condition: string,
  prompt: string,
  autonomy: "auto" | "confirm",
  cooldown: number,
): TriggerSpec => ({
  ...{ name, type: condition.includes("*") ? "cron" : "threshold", condition, autonomy, cooldown, isOn: true },
  action: { do: "inject_prompt", prompt },
});

/** Modes that come with Muster: they can be copied, not deleted (A76). */
export const PRESETS: readonly ModeSpec[] = [
  {
    name: "dev",
    description: "The lead looks after the queue while you work.",
    triggers: [
      inject("dev-queue-check", "*/15 * * * *", "Look at the queue and work on whatever is waiting.", "auto", 60),
      inject(
        "dev-health-report",
        "*/30 * * * *",
        "Report in brief: active agents, queue depth, context use.",
        "auto",
        60,
      ),
    ],
  },
  {
    name: "maintenance",
    description: "Housekeeping by night, each time with your consent.",
    triggers: [
      inject(
        ...(["maint-nightly-cleanup", "0 2 * * *"] as const),
        "Nightly maintenance: remove old jobs, check disk use, verify health.",
        ...(["confirm", 3600] as const),
      ),
      inject(
        ...(["maint-weekly-audit", "0 8 * * 1"] as const),
        "Weekly audit: go through finished jobs, sum up costs, name patterns.",
        ...(["confirm", 3600] as const),
      ),
    ],
  },
  {
    name: "sprint",
    description: "The queue is worked off as fast as agents allow.",
    triggers: [
      inject(
        ...(["sprint-queue-check", "*/5 * * * *"] as const),
        "Look at the queue now; work through everything pending, highest priority first.",
        ...(["auto", 30] as const),
      ),
      inject(
        ...(["sprint-low-capacity", "active_agents < 2"] as const),
        "Few agents are running. Check the queue; if there is work, start more agents.",
        ...(["auto", 120] as const),
      ),
      {
        ...{
          name: "sprint-high-queue",
          type: "threshold",
          condition: "queue_depth >= 5",
          autonomy: "auto",
          cooldown: 300,
        },
        ...{
          isOn: true,
          action: { do: "notify", message: "5 or more tasks are waiting. Scale up or set priorities." },
        },
      },
    ],
  },
];

export const presetNamed = (name: string): ModeSpec | undefined => PRESETS.find((mode) => mode.name === name);
