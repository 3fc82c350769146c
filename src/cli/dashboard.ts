import { spawn } from "node:child_process";
import { type CommandSpec, isSet } from "./command.ts";

export const command: CommandSpec = {
  name: "dashboard",
  usage: "dashboard [--open]",
  summary: "Prints the address of the page with a login that works once, for a minute.",
  examples: ["muster dashboard --open"],
  flags: { open: { type: "boolean", help: "open it in the browser" } },
  async run({ daemon, flags, isJson, print }) {
    const client = await daemon();
    const { url } = await client.post<{ url: string }>("/api/login", {});
    print(isJson ? JSON.stringify({ url }) : url);
    if (isSet(flags, "open")) {
      const opener = process.platform === "darwin" ? "open" : "xdg-open";
      spawn(opener, [url], { detached: true, stdio: "ignore" })
        .on("error", () => {})
        .unref();
    }
    return 0;
  },
};
