/**
 * Every named point at which a test can kill the daemon, by what passes it. Code can only name a point that stands here, and
 * test/crashes/daemon.test.ts fails until a crash test kills at it: a new step comes with its crash.
 */
export const FAULT_POINTS = {
  terminal: ["before terminal.open", "after terminal.open"],
  message: [
    ...(["letter.stored", "before message.typing", "after message.typing", "before paste", "after paste"] as const),
    ...(["before enter", "after enter", "before message.delivered", "after message.delivered"] as const),
    ...(["before clear", "after clear", "before message.waiting", "after message.waiting"] as const),
    ...(["before message.uncertain", "after message.uncertain"] as const),
  ],
  control: ["control.written", "control.typed", "control.entered"],
  letter: ["mailbox.claimed", "letter.dispatched", "letter.logged", "letter.done"],
  patch: [
    ...(["patch.scratch", "patch.applied", "patch.tested", "patch.committed"] as const),
    ...(["patch.proven", "patch.moved", "patch.stepped"] as const),
  ],
} as const;

export type FaultPoint = (typeof FAULT_POINTS)[keyof typeof FAULT_POINTS][number];
