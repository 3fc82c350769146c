/** What the Foreman wrote for peers, in the user's voice. */
export interface ForemanMessage {
  /** Seats it is for; empty = everybody. */
  to: string[];
  isCc: boolean;
  text: string;
}

const HEADER = /^(to|owner|cc):[ \t]*(.*)$/i;
const BODY = /^<TO_PEER>[ \t]*\n?([\s\S]*?)\n?[ \t]*<\/TO_PEER>$/;
const SEATS: Record<string, string[]> = { both: [], peera: ["PeerA"], peerb: ["PeerB"] };

/** The message in a text of exactly this form: header lines, then one tagged body. Else why it is none. */
export function foremanMessage(text: string): ForemanMessage | { problem: string } {
  const trimmed = text
    .replace(/^\ufeff/, "")
    .replaceAll("\r\n", "\n")
    .trim();
  const at = trimmed.indexOf("<TO_PEER>");
  if (at < 0) return { problem: "it has no <TO_PEER> ... </TO_PEER>" };
  const [, body = ""] = BODY.exec(trimmed.slice(at)) ?? [];
  if (body.trim() === "" || body.includes("<TO_PEER>") || body.includes("</TO_PEER>"))
    return { problem: "it is not exactly one <TO_PEER> ... </TO_PEER> with a text, and nothing behind it" };
  const message: ForemanMessage = { to: [], isCc: false, text: body.trim() };
  for (const line of trimmed
    .slice(0, at)
    .split("\n")
    .filter((one) => one.trim() !== "")) {
    const [, key = "", value = ""] = HEADER.exec(line.trim()) ?? [];
    const word = value.trim().toLowerCase();
    if (key.toLowerCase() === "cc" && word === "user") message.isCc = true;
    else if (/^(to|owner)$/i.test(key) && Object.hasOwn(SEATS, word)) message.to = SEATS[word] ?? [];
    else
      return {
        problem: `${JSON.stringify(line.trim().slice(0, 60))} is no header line; To: Both|PeerA|PeerB, CC: user`,
      };
  }
  return message;
}
