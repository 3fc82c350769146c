import type { Client } from "../client/client.ts";
import { type Choice, DIALOG_KEYS, type Dialog, type DialogKey, isSaidByScreen, type Pressed } from "../core/dialog.ts";
import type { Event } from "../core/facts.ts";
import type { JobRow } from "../core/job-row.ts";
import { Refusal } from "../core/refusal.ts";
import { visible } from "../core/text.ts";
import { toolInput } from "../core/tool-input.ts";
import type { Call, CommandSpec } from "./command.ts";
import { text } from "./command.ts";

/** The hook that waits reads its answer within milliseconds. */
const PATIENCE_MS = 5000;

/** Sends the answer once the stream is open, and says whether the dialog took it; null = nobody told in time. */
async function isTaken(client: Client, question: string, send: () => Promise<unknown>): Promise<boolean | null> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE_MS);
  const isIts = (fact: Event) => fact.type === "permission.told" && fact.question === question;
  try {
    let sent: Promise<unknown> | undefined;
    for await (const { facts } of client.follow(ending.signal)) {
      sent ??= send();
      await sent;
      const told = facts.find(isIts);
      if (told?.type === "permission.told") return told.ok;
    }
    return null;
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

const isKey = (word: string): word is DialogKey => (DIALOG_KEYS as readonly string[]).includes(word);

/** How a question is answered whose dialog is not on the screen, or that its hook takes an answer to. */
function waysOf({ agent, question }: JobRow, dialog: Dialog | null): string[] {
  if (!isSaidByScreen(question)) return [`  muster answer ${agent} allow, or deny`];
  return dialog ? [] : [`  its choices are not on its screen now: muster attach ${agent}`];
}

/** What is asked, and the commands that answer it. */
export function shownAsked(row: JobRow, dialog: Dialog | null): string[] {
  const { agent, question } = row;
  const asked = question
    ? [`${agent} asks to use ${question.tool}: ${toolInput(question.input)}`, ...waysOf(row, dialog)]
    : [];
  if (!dialog) return asked;
  const way = ({ key, label }: Choice) => `  muster answer ${agent} ${key} --screen ${dialog.screen}   ${label}`;
  return [...asked, ...dialog.lines, "", ...dialog.choices.map(way)].map(visible);
}

/** The dialog on its screen; null where a hook's question is all there is. */
async function dialogOf(client: Client, { agent, question }: JobRow): Promise<Dialog | null> {
  try {
    return await client.get<Dialog>(`/api/jobs/${agent}/dialog`);
  } catch (error) {
    if (question && error instanceof Refusal) return null;
    throw error;
  }
}

async function answerQuestion(
  { flags, isJson, print }: Pick<Call, "flags" | "isJson" | "print">,
  client: Client,
  { agent, state, question }: JobRow,
  choice: "allow" | "deny",
): Promise<number> {
  const enter = `muster answer ${agent} shows it; muster attach ${agent} opens its terminal`;
  if (!question && state === "needs_user")
    throw new Refusal("state", `the dialog of ${agent} takes no answer by its hook any more`, enter);
  if (!question) throw new Refusal("state", `agent ${agent} asks nothing`, "muster status shows what it does");
  const body = { question: question.id, choice, reason: text(flags, "reason") };
  const taken = await isTaken(client, question.id, () => client.post(`/api/actions/jobs/${agent}/answer`, body));
  if (taken === false) throw new Refusal("state", `the dialog of ${agent} no longer waits for an answer`, enter);
  print(isJson ? JSON.stringify({ agent, choice, taken }) : `${choice}: ${agent} ${taken ? "has" : "gets"} the answer`);
  return 0;
}

export const command: CommandSpec = {
  name: "answer",
  usage: "answer ID [allow|deny [--reason TEXT] | KEY --screen SCREEN]",
  summary: "Shows what an agent asks, and answers it: by its hook, or by one key while its screen is the same.",
  examples: ["muster answer a1b2", "muster answer a1b2 allow", 'muster answer a1b2 deny --reason "not on main"'],
  flags: {
    reason: { type: "string", value: "TEXT", help: "what the agent is told" },
    screen: { type: "string", value: "SCREEN", help: "the screen that KEY is for, as shown without KEY" },
  },
  takes: [1, 2],
  async run({ words, flags, daemon, isJson, print }) {
    const [id = "", choice] = words;
    const screen = text(flags, "screen");
    if (choice !== undefined && choice !== "allow" && choice !== "deny" && !isKey(choice))
      throw new Refusal(
        "usage",
        `${choice} is neither allow nor deny nor a key`,
        `muster answer ${id} shows what is asked`,
      );
    if (choice !== undefined && isKey(choice) && screen === undefined)
      throw new Refusal("usage", "a key needs the screen it is for", `muster answer ${id} shows it, with --screen`);
    const client = await daemon();
    const row = await client.get<JobRow>(`/api/jobs/${encodeURIComponent(id)}`);
    if (choice === "allow" || choice === "deny") return answerQuestion({ flags, isJson, print }, client, row, choice);
    if (choice === undefined) {
      const dialog = await dialogOf(client, row);
      const { agent, question } = row;
      for (const line of isJson ? [JSON.stringify({ agent, question, dialog })] : shownAsked(row, dialog)) print(line);
      return 0;
    }
    const body = { screen, key: choice };
    const said = await client.post<Pressed>(`/api/actions/jobs/${row.agent}/dialog`, body);
    const how = said.isTaken ? "" : `; its screen is unchanged: muster answer ${row.agent} shows it`;
    print(isJson ? JSON.stringify(said) : `${row.agent}: ${choice} pressed (${visible(said.label)})${how}`);
    return 0;
  },
};
