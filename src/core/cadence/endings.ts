import { type Command, observe } from "../commands.ts";
import { type Millis, SYSTEM } from "../ids.ts";
import { isOpen, type State, type Team } from "../state.ts";

/** Something of a team that ends by itself at a time. */
interface Ending {
  at: Millis;
  command: Command;
}

const HOUR_MS = 3_600_000;

function endingsOf(state: State, team: Team): Ending[] {
  const held = Object.values(state.messages).flatMap((message): Ending[] => {
    const until = message.team === team.name && isOpen(message) ? message.held?.until : undefined;
    return until === undefined ? [] : [{ at: until, command: observe({ type: "message.released", mid: message.mid }) }];
  });
  const ttl = team.settings.policies.rfd.ttl_hours * HOUR_MS;
  const open = Object.values(state.rfds).filter((rfd) => rfd.team === team.name && !rfd.decided);
  const rfds = open.map(
    ({ id: rfd, at }): Ending => ({
      at: at + ttl,
      command: observe({ type: "rfd.decided", rfd, decision: "expired", decider: SYSTEM }),
    }),
  );
  return [...held, ...rfds];
}

/** What of a team has come to its end by now, and when the next end is; null = nothing has one. */
export function endingsBy(state: State, team: Team, now: Millis): { commands: Command[]; next: Millis | null } {
  const endings = endingsOf(state, team);
  const later = endings.filter(({ at }) => at > now).map(({ at }) => at);
  return {
    commands: endings.filter(({ at }) => at <= now).map(({ command }) => command),
    next: later.length === 0 ? null : Math.min(...later),
  };
}
