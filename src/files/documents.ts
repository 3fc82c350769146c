/** A JSON string (also one that is torn at the end), or a bracket: all that decides where a document ends. */
const TOKEN = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\]]/gs;

/**
 * Splits a text into its JSON documents. Hooks append one document each, and a process id comes round again, so one file
 * may hold several. `rest` is what is not complete yet.
 */
export function splitDocuments(text: string): { documents: string[]; rest: string } {
  const documents: string[] = [];
  let start = 0;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    if (token !== "}" && token !== "]") continue;
    depth -= 1;
    if (depth > 0) continue;
    documents.push(text.slice(start, index + 1).trim());
    start = index + 1;
  }
  return { documents, rest: text.slice(start).trim() };
}
