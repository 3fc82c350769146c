import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Client } from "../../client/client.ts";
import { connect, isListening } from "../../client/connect.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Call } from "../command.ts";
import { which } from "../programs.ts";

/** Ports that are looked at for a free one. */
const TRIED = 50;
const LISTENS = "0A";

/** Does nobody listen there, on this machine's own interface? */
function isFree(port: number): boolean {
  try {
    Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}

function linksOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return "";
      }
    });
  } catch {
    // Another user's, or gone.
    return [];
  }
}

/** By /proc: the socket that listens on this port, and who has it open. */
function holderByProc(port: number): string | null {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1);
  const fields = lines.map((line) => line.trim().split(/\s+/));
  const inode = fields.find(([, local, , state]) => local?.endsWith(wanted) && state === LISTENS)?.[9];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const pid = inode && pids.find((one) => linksOf(one).includes(`socket:[${inode}]`));
  return pid ? `${readFileSync(`/proc/${pid}/comm`, "utf8").trim()}, process ${pid}` : null;
}

/** Who listens on a port: `node, process 4711`; null = nobody can say. */
function holderOf(port: number, env: Call["env"]): string | null {
  try {
    if (process.platform === "linux") return holderByProc(port);
    const lsof = which("lsof", env);
    if (lsof === null) return null;
    const said = Bun.spawnSync([lsof, "-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"]).stdout.toString();
    const [, pid, name] = /^p(\d+)\n(?:.*\n)*?c(.*)$/m.exec(said) ?? [];
    return pid ? `${name}, process ${pid}` : null;
  } catch {
    return null;
  }
}

/** A number that a port can have. */
export function portFrom(given: string): number {
  const port = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Refusal("usage", `--port ${given} is no port`, "a number from 1 to 65535, such as 3131");
}

function requireFree(port: number, env: Call["env"]): void {
  if (isFree(port)) return;
  const holder = holderOf(port, env);
  const next = Array.from({ length: TRIED }, (_, at) => port + 1 + at).find((one) => one <= 65_535 && isFree(one));
  const hint = next === undefined ? "name another one" : `--port ${next} is free`;
  throw new Refusal("failed", `port ${port} is taken${holder ? ` by ${holder}` : ""}`, hint);
}

/** The daemon with its page on this port: the one that runs there, or one that is started now. */
export async function daemonOn(
  port: number,
  { home, env, daemon }: Pick<Call, "home" | "env" | "daemon">,
): Promise<Client> {
  if (!(await isListening(home.socket))) {
    requireFree(port, env);
    return connect(home, env, ["--port", String(port)]);
  }
  const told = (await Bun.file(home.endpoint)
    .json()
    .catch(() => ({}))) as { port?: number; url?: string };
  if (told.port === port) return daemon();
  throw new Refusal(
    "state",
    `the page is at ${told.url ?? "another port"}`,
    `muster dashboard-stop, then muster dashboard --port ${port}; agents live on`,
  );
}
