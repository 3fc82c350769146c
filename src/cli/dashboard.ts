import { spawn } from "node:child_process";
import { type CommandSpec, isSet, text } from "./command.ts";
import { daemonOn, portFrom } from "./dashboard/port.ts";
import { which } from "./programs.ts";
import { paint } from "./style.ts";

/** Opens an address in the person's browser; false when there is no program for it. */
function open(url: string, env: Record<string, string | undefined>): boolean {
  const opener = which(process.platform === "darwin" ? "open" : "xdg-open", env);
  if (opener === null) return false;
  spawn(opener, [url], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
  return true;
}

export const command: CommandSpec = {
  name: "dashboard",
  usage: "dashboard [--open] [--port N]",
  summary: "Prints the address of the page with a login that works once, for a minute.",
  examples: ["muster dashboard", "muster dashboard --open"],
  flags: {
    open: { type: "boolean", help: "open it in the browser" },
    port: {
      type: "string",
      value: "N",
      help: "where the page is to be, from 1 to 65535 (3131, else the next free one)",
    },
  },
  async run(call) {
    const { daemon, env, flags, isJson, isTty, print } = call;
    const port = text(flags, "port");
    const client = port === undefined ? await daemon() : await daemonOn(portFrom(port), call);
    const { url } = await client.post<{ url: string }>("/api/login", {});
    print(isJson ? JSON.stringify({ url }) : url);
    const isWanted = isSet(flags, "open");
    if (isWanted && !open(url, env))
      console.error("muster: dashboard: no program opens a browser here; open the address by hand");
    else if (isTty && !isJson && !isWanted)
      print(paint("dim", "It works once, within a minute; the login ends with its tab."));
    return 0;
  },
};
