import type { Address, AgentId, Mid, TeamName } from "../ids.ts";
import type { LetterEvent } from "../letter/parse.ts";

/** What a team's rhythm does to one of its members. */
export type Beat = "keepalive" | "self-check" | "refresh" | "board" | "nudge" | "compact" | "clear" | "idle";

export type CadenceFact =
  /** A letter between peers which the filter lets pass; alone, one from the agent to the System. */
  | { type: "handoff.counted"; team: TeamName; from: AgentId; to: Address; mid: Mid }
  /** What a letter says in its event lines, and what is needed to know it again. */
  | {
      type: "letter.parsed";
      mid: Mid;
      team: TeamName;
      author: AgentId;
      /** Digest of its whole text. */
      print: string;
      /** Its first words. */
      gist: string;
      events: LetterEvent[];
    }
  /** Somebody, or another beat, wants this one given; what is asked for twice is given once. */
  | { type: "cadence.asked"; team: TeamName; agent: AgentId; beat: Beat }
  /** A beat was given: as message `mid`, or as a control. `about`: what it answers, so that it is given once. */
  | { type: "cadence.sent"; team: TeamName; agent: AgentId; beat: Beat; mid?: Mid; about?: Mid }
  /** A beat was due and not given; said when its reason changes. */
  | { type: "cadence.skipped"; team: TeamName; agent: AgentId; beat: Beat; reason: string };
