import type { ConsoleSetting } from "../core/console-line.ts";
import type { Millis } from "../core/ids.ts";
import type { State, Team } from "../core/state.ts";
import type { Style } from "./cells.ts";
import { Editor } from "./editor.ts";
import { History } from "./history.ts";
import type { Page } from "./page.ts";
import { Timeline } from "./timeline.ts";

/** Who has the keys. */
export type Mode =
  | { kind: "input" }
  /** `isJumping`: one `g` was pressed. */
  | { kind: "timeline"; isJumping: boolean }
  | { kind: "find"; words: Editor }
  | { kind: "recall"; words: Editor; at?: number; line: string }
  | { kind: "page"; page: Page; back: Mode }
  /** `isFresh`: opened by a T that may turn out to be the beginning of a text. */
  | { kind: "plan"; at: number; isFresh: boolean };

export interface Hint {
  text: string;
  style: Style;
}

/** Everything that a frame shows. */
export class View {
  readonly timeline = new Timeline();
  readonly editor = new Editor();
  readonly history = new History();
  mode: Mode = { kind: "input" };
  /** What has to be said until the next key. */
  hint: Hint | null = null;
  state: State | null = null;
  /** Since when nothing is heard of the daemon; null = what is shown is true now. */
  staleSince: Millis | null = null;
  /** The last search of the timeline. */
  found = "";

  constructor(readonly name: string) {}

  get team(): Team | undefined {
    return this.state?.teams[this.name];
  }

  get setting(): ConsoleSetting {
    return { isSolo: this.team?.topology === "solo", defaultRoute: "both" };
  }
}
