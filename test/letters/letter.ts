/** A letter that shows by itself whether it is whole. */
export function letter(writer: string, n: number, size: number): string {
  const body = `${writer}/${n} begins\n${"words of a letter\n".repeat(Math.ceil(size / 18))}${writer}/${n} ends`;
  return `<TO_PEER>\n${body}\n</TO_PEER>\n\`\`\`insight\nwho: PeerA\nkind: note\nnext: go on\nrefs: []\n\`\`\`\n`;
}

/** `WRITER/N` of a whole letter; null for anything else. */
export const nameOf = (text: string): string | null =>
  /^(\S+\/\d+) begins\n(?:words of a letter\n)*\1 ends(?:\n```insight\n[\s\S]*\n```)?$/.exec(text)?.[1] ?? null;
