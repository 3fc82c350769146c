/** What the Foreman wrote for peers, in the user's voice. */
export interface ForemanMessage {
  /** Seats it is for; empty = everybody. */
  to: string[];
  isCc: boolean;
  text: string;
}

const HEADER = /^(to|owner|cc):[ \t]*(.*)$/i;
const BODY = /^<TO_PEER>[ \t]*\n?([\s\S]*?)\n?[ \t]*<\/TO_PEER>$/;
const SEATS = new Map([
  ["both", []],
  ["peera", ["PeerA"]],
  ["peerb", ["PeerB"]],
] as [string, string[]][]);

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
  const lines = trimmed.slice(0, at).split("\n");
  for (const line of lines.map((one) => one.trim()).filter(Boolean)) {
    const [, key = "", value = ""] = HEADER.exec(line) ?? [];
    const word = value.toLowerCase();
    const seats = SEATS.get(word);
    if (key.toLowerCase() === "cc" && word === "user") message.isCc = true;
    else if (key.toLowerCase() !== "cc" && seats) message.to = seats;
    else
      return {
        problem: `${JSON.stringify(line.slice(0, 60))} is no header line; To: Both|PeerA|PeerB, CC: user`,
      };
  }
  return message;
}
