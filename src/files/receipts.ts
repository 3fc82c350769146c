import { access, mkdir, readdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentId, Mid } from "../core/ids.ts";

/** Receipts that prompt hooks leave: `<agents>/<agent>/receipts/<incarnation>/<mid>`, created exclusively by the hook. */
export class Receipts {
  constructor(private readonly agents: string) {}

  folder(agent: AgentId, incarnation: number): string {
    return join(this.agents, agent, "receipts", String(incarnation));
  }

  seenFolder(agent: AgentId): string {
    return join(this.agents, agent, "seen");
  }

  /** The newest incarnation that left a receipt for this message; null = none did. */
  async find(agent: AgentId, mid: Mid, newest: number): Promise<number | null> {
    for (let incarnation = newest; incarnation > 0; incarnation -= 1) {
      const path = join(this.folder(agent, incarnation), mid);
      if (await exists(path)) return incarnation;
    }
    return null;
  }

  /** Takes back the receipts of ended incarnations: the prompt was taken, but the model never got it. */
  async revoke(agent: AgentId, mid: Mid): Promise<void> {
    const incarnations = await readdir(join(this.agents, agent, "receipts")).catch(() => []);
    for (const name of incarnations) await unlink(join(this.agents, agent, "receipts", name, mid)).catch(() => {});
  }

  /** Tells the hooks of later incarnations that the model has this message. */
  async confirm(agent: AgentId, mid: Mid): Promise<void> {
    const folder = this.seenFolder(agent);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, mid), "", { mode: 0o600 });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
