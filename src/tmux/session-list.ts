import { checkPane, KEEPER } from "./names.ts";
import type { Server } from "./server.ts";

/** The sessions of our tmux server, whoever made them. */
export class SessionList {
  constructor(private readonly server: Pick<Server, "run" | "isUp">) {}

  /** All names but the keeper's. */
  async names(): Promise<string[]> {
    if (!(await this.server.isUp())) return [];
    const [names] = await this.server.run([["list-sessions", "-F", "#{session_name}"]]);
    return (names ?? []).filter((name) => name !== KEEPER);
  }

  /** Working folder of a pane's program. */
  async folderOf(pane: string): Promise<string> {
    const [lines] = await this.server.run([["display-message", "-p", "-t", checkPane(pane), "#{pane_current_path}"]]);
    return lines?.[0] ?? "/";
  }

  /** Ends a session by its exact name; harmless when it is gone. */
  async end(name: string): Promise<void> {
    if (name !== KEEPER) await this.server.run([["kill-session", "-t", `=${name}`]]).catch(() => {});
  }
}
