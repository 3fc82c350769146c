import { Withheld } from "../core/cli-home.ts";
import { Refusal } from "../core/refusal.ts";
import { Denied } from "./answer.ts";
import { type Call, get, numberOf, type Route } from "./route.ts";

const LONGEST = 4096;

/** A text of the query, at most so long. */
function textOf({ query }: Call, key: string): string {
  const text = query.get(key) ?? "";
  if (text.length > LONGEST) throw new Refusal("usage", `${key} has ${text.length} characters; at most ${LONGEST}`);
  return text;
}

/** What is withheld is said to be, without a word of what is in it. */
const served =
  <T>(look: (call: Call) => T | Promise<T>) =>
  async (call: Call): Promise<T> => {
    try {
      return await look(call);
    } catch (error) {
      if (error instanceof Withheld) throw new Denied(403, "withheld", error.message, "it is never shown by Muster");
      throw error;
    }
  };

function search(call: Call): ReturnType<Call["parts"]["cliHome"]["search"]> {
  const words = textOf(call, "q").trim();
  if (words.length < 2) throw new Refusal("usage", "q: at least two characters are needed");
  return call.parts.cliHome.search(words);
}

/** The folder of the CLI in the person's home: only to be read, and only by a person. */
export const ECOSYSTEM_ROUTES: Route[] = [
  get(
    "/api/ecosystem/overview",
    "person",
    served(({ parts }) => parts.cliHome.overview()),
  ),
  get(
    "/api/ecosystem/tree",
    "person",
    served((call) => call.parts.cliHome.list(textOf(call, "path"))),
  ),
  get(
    "/api/ecosystem/file",
    "person",
    served((call) =>
      call.parts.cliHome.read(textOf(call, "path"), numberOf(call.query, "from", 0, Number.MAX_SAFE_INTEGER)),
    ),
  ),
  get("/api/ecosystem/search", "person", served(search)),
];
