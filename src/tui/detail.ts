import type { Client } from "../client/client.ts";
import type { WholeMessage } from "../core/api.ts";
import type { Event } from "../core/facts.ts";
import { sentence } from "../core/sentence.ts";
import type { State } from "../core/state.ts";
import { visible } from "../core/text.ts";
import { clockTime, type Entry } from "./entry.ts";

/** Facts about one thing that its page shows. */
const FACTS = 100;

const dayTime = (at: number): string => `${new Date(at).toDateString()} ${clockTime(at)}`;

async function letterLines(client: Client, state: State, ref: string): Promise<string[]> {
  if (!state.messages[ref]) return [];
  const { body, path, state: where, evidence } = await client.get<WholeMessage>(`/api/messages/${ref}`);
  const receipt = evidence ? ` (${evidence})` : "";
  return [
    `State     ${where}${receipt}`,
    ...(path ? [`File      ${visible(path)}`] : []),
    "",
    ...visible(body).split("\n"),
    "",
  ];
}

function patchLines(state: State, ref: string): string[] {
  const patch = state.patches[ref];
  if (!patch) return [];
  const { title, commit, paths, reason } = patch;
  return [
    `Title     ${visible(title)}`,
    ...(commit ? [`Commit    ${commit}`] : []),
    ...paths.map((path) => `File      ${visible(path)}`),
    ...(reason ? [`Refused   ${visible(reason)}`] : []),
    "",
  ];
}

/** Everything about the thing that an entry is about: the whole letter or patch, its file and commit, and what happened to it. */
export async function detailLines(client: Client, state: State, entry: Entry): Promise<string[]> {
  const head = [`When      ${dayTime(entry.at)}`];
  if (entry.ref === "") return [...head, "", entry.text];
  const about = await client.get<{ facts: Event[] }>(
    `/api/ledger?about=${encodeURIComponent(entry.ref)}&limit=${FACTS}`,
  );
  const facts = about.facts.map((fact) => {
    const { who, text } = sentence(fact, state);
    return `${clockTime(fact.at)}  ${who}  ${text}`;
  });
  const letter = await letterLines(client, state, entry.ref);
  return [...head, `Id        ${entry.ref}`, ...patchLines(state, entry.ref), ...letter, "What happened", ...facts];
}
