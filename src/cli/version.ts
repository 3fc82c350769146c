import { VERSION } from "../version.ts";
import type { CommandSpec } from "./command.ts";

export const command: CommandSpec = {
  name: "version",
  usage: "version",
  summary: "The product's version and that of its runtime.",
  examples: ["muster version --json"],
  flags: {},
  async run({ isJson, print }) {
    print(isJson ? JSON.stringify({ muster: VERSION, bun: Bun.version }) : `muster ${VERSION} (Bun ${Bun.version})`);
    return 0;
  },
};
