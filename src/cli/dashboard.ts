import { spawn } from "node:child_process";
import { pageAddress } from "../core/config/hosts.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { askDevices, deviceAsk } from "./dashboard/devices.ts";
import { daemonOn, portFrom } from "./dashboard/port.ts";
import { which } from "./programs.ts";
import { paint } from "./style.ts";

const isLoopback = (name: string): boolean => ["127.0.0.1", "localhost", "[::1]"].includes(name);

/** Opens an address in the person's browser; false when there is no program for it. */
function open(url: string, env: Record<string, string | undefined>): boolean {
  const opener = which(process.platform === "darwin" ? "open" : "xdg-open", env);
  if (opener === null) return false;
  spawn(opener, [url], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
  return true;
}

const warn = (text: string): void => console.error(`muster: dashboard: ${text}`);

/** The address of a tunnel, as it was given; unsafe ones are told. */
function placeFrom(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const { protocol, hostname } = pageAddress(given);
  if (protocol === "http:" && !isLoopback(hostname))
    warn("http is not encrypted: whoever is on the way reads the login; use a tunnel with https");
  return given;
}

async function printCode(url: string, { print, isTty }: Pick<Call, "print" | "isTty">): Promise<void> {
  if (isLoopback(new URL(url).hostname))
    warn("only this machine reaches this address; a phone needs a tunnel and --url");
  const { onBlack, qrLines } = await import("./dashboard/qr.ts");
  for (const line of qrLines(url)) print(isTty ? onBlack(line) : line);
}

export const command: CommandSpec = {
  name: "dashboard",
  usage: "dashboard [--open] [--port N] [--qr] [--url ADDRESS] | --devices | --test | --forget ID | --end-logins",
  summary: "Prints the address of the page with a login that works once, for a minute; or ends all logins.",
  examples: [
    "muster dashboard",
    "muster dashboard --open",
    "muster dashboard --qr --url https://my-tunnel.example",
    "muster dashboard --end-logins",
    "muster dashboard --devices --json",
  ],
  flags: {
    open: { type: "boolean", help: "open it in the browser" },
    port: {
      type: "string",
      value: "N",
      help: "where the page is to be, from 1 to 65535 (3131, else the next free one)",
    },
    qr: { type: "boolean", help: "the login as a QR code, for a phone" },
    url: {
      type: "string",
      value: "ADDRESS",
      help: "where a tunnel shows the page; config.yaml must allow its host (web.hosts)",
    },
    devices: { type: "boolean", help: "list the devices that are notified when something needs you" },
    test: { type: "boolean", help: "send each of them a test" },
    forget: { type: "string", value: "ID", help: "notify this one no more" },
    "end-logins": { type: "boolean", help: "end every page's login, every unused one, and agents' tokens" },
  },
  async run(call) {
    if (isSet(call.flags, "end-logins")) return (await import("./dashboard/end-logins.ts")).endLogins(call);
    const ask = deviceAsk(call);
    if (ask) return askDevices(ask, call);
    const { daemon, env, flags, isJson, isTty, print } = call;
    const port = text(flags, "port");
    const at = placeFrom(text(flags, "url"));
    const client = port === undefined ? await daemon() : await daemonOn(portFrom(port), call);
    const { url } = await client.post<{ url: string }>("/api/login", at === undefined ? {} : { at });
    if (isSet(flags, "qr") && !isJson) await printCode(url, call);
    print(isJson ? JSON.stringify({ url }) : url);
    const isWanted = isSet(flags, "open");
    if (isWanted && !open(url, env)) warn("no program opens a browser here; open the address by hand");
    else if (isTty && !isJson && !isWanted)
      print(paint("dim", "It works once, within a minute; the login ends with its tab."));
    return 0;
  },
};
