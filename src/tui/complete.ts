import { completions, type Known } from "../core/console-completion.ts";
import type { Editor } from "./editor.ts";

/** What all words begin with. */
function commonStart([first = "", ...others]: string[]): string {
  let end = first.length;
  for (const word of others) while (!word.startsWith(first.slice(0, end))) end -= 1;
  return first.slice(0, end);
}

/** Tab after Tab: what all candidates share first, then one after the other. */
export class Completer {
  private turn: { length: number; words: string[]; at: number } | null = null;

  /** Another key was pressed: the next Tab begins anew. */
  forget(): void {
    this.turn = null;
  }

  /** Puts the next word into the editor; the candidates, for showing. */
  press(editor: Editor, by: 1 | -1, known: () => Known): string[] {
    if (!this.turn) return this.begin(editor, by, known());
    const { words, length, at } = this.turn;
    const from = at < 0 && by === -1 ? 0 : at;
    this.turn.at = (from + by + words.length) % words.length;
    this.put(editor, length, words[this.turn.at] ?? "");
    return words;
  }

  private begin(editor: Editor, by: 1 | -1, known: Known): string[] {
    const { length, words } = completions(editor.before, known);
    const shared = commonStart(words);
    if (words.length === 0) return [];
    const isDecided = words.length === 1 || shared.length > length;
    const at = isDecided ? -1 : by === 1 ? 0 : words.length - 1;
    this.turn = words.length === 1 ? null : { length, words, at };
    this.put(editor, length, isDecided ? shared : (words[at] ?? ""));
    return words;
  }

  private put(editor: Editor, length: number, word: string): void {
    editor.replaceBefore(length, word);
    if (this.turn) this.turn.length = word.length;
  }
}
