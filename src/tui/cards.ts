import type { Agent, State, Team } from "../core/state.ts";
import { addressName } from "../core/state.ts";
import { visible } from "../core/text.ts";
import { toolInput } from "../core/tool-input.ts";
import { fit, type Line, oneLine, rowsOf, type Span, type Style } from "./cells.ts";
import { styleOf } from "./entry.ts";

/** Rows of one question's own words; the whole stands on its page. */
const WORDS = 4;

const BAR: Span = { text: "▌ ", style: "warn" };

/** A card: what is asked, its words, and how one answers. */
function card(head: Span[], words: string, how: string, width: number): Line[] {
  const room = Math.max(1, width - 4);
  const rows = words.split("\n").flatMap((row) => rowsOf(row, room));
  const cut = rows.length > WORDS ? [...rows.slice(0, WORDS - 1), "… /why says all of it"] : rows;
  const said = cut.filter(Boolean).map((text): Line => [BAR, { text: `  ${text}` }]);
  return [[BAR, ...head], ...said, [BAR, { text: `  ${how}`, style: "accent" as Style }]].map((line) =>
    fit(line, width),
  );
}

function questionCard(agent: Agent, width: number): Line[] {
  const { question, hire } = agent;
  const name = hire.seat ?? hire.agent;
  if (!question || agent.answer) return [];
  const head: Span[] = [
    { text: name, style: styleOf(name) },
    { text: ` asks to use ${oneLine(question.tool)}`, style: "warn" },
  ];
  return card(head, visible(toolInput(question.input)), `/allow ${name}   /deny ${name} REASON`, width);
}

type Rfd = State["rfds"][string];

function rfdCard(state: State, rfd: Rfd, width: number): Line[] {
  const signed = rfd.signatures.map(({ by, decision }) => `${addressName(state, by)} ${decision}`).join(", ");
  const words = [...rfd.tasks, rfd.patch ? `patch ${rfd.patch}` : "", signed ? `signed: ${signed}` : "unsigned"];
  const head: Span[] = [
    { text: rfd.id, style: "accent" },
    { text: ` ${oneLine(rfd.title)}`, style: "warn" },
  ];
  return card(head, visible(words.filter(Boolean).join("\n")), `/rfd ${rfd.id} approve|reject|ask`, width);
}

/** Everything of a team that waits for a person, oldest first. */
export function cardsOf(state: State, { name, seats }: Team, width: number): Line[][] {
  const questions = seats.flatMap(({ agent }) => {
    const known = state.agents[agent];
    return known ? [questionCard(known, width)] : [];
  });
  const open = Object.values(state.rfds).filter((rfd) => rfd.team === name && !rfd.decided);
  return [...questions, ...open.map((rfd) => rfdCard(state, rfd, width))].filter((lines) => lines.length > 0);
}

/** As many whole cards as fit; what does not fit is counted. */
export function cardLines(cards: Line[][], width: number, most: number): Line[] {
  const shown: Line[] = [];
  for (const [index, lines] of cards.entries()) {
    const isLast = index === cards.length - 1;
    if (shown.length + lines.length > most - (isLast ? 0 : 1)) {
      const more: Line = [BAR, { text: `${cards.length - index} more to decide: /status`, style: "warn" }];
      return most > 0 ? [...shown, fit(more, width)] : shown;
    }
    shown.push(...lines);
  }
  return shown;
}
