import { PROTOCOL, SCAFFOLD, VERSION } from "../version.ts";
import type { CommandSpec } from "./command.ts";

export const command: CommandSpec = {
  name: "version",
  usage: "version",
  summary: "The versions of the product, of what init makes, of the protocol, and of the runtime.",
  examples: ["muster version --json"],
  flags: {},
  async run({ isJson, print }) {
    const all = { muster: VERSION, scaffold: SCAFFOLD, protocol: PROTOCOL, bun: Bun.version };
    const words = `muster ${VERSION} (scaffold ${SCAFFOLD}, protocol ${PROTOCOL}, Bun ${Bun.version})`;
    print(isJson ? JSON.stringify(all) : words);
    return 0;
  },
};
