import { terminalSocket, unframed } from "../../src/client/terminal.ts";
import { Stamps } from "./stamps.ts";

/** Watches the terminals of all these agents as a page does, each by a WebSocket of its own. */
const [socket = "", ...agents] = process.argv.slice(2);
const stamps = new Stamps();

async function view(agent: string): Promise<void> {
  const line = terminalSocket({ socket }, agent);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  line.onclose = ({ code }) => reject(new Error(`the terminal of ${agent} closed with ${code}`));
  line.onmessage = ({ data }) => {
    // The first message is the terminal's size: the viewer is in.
    if (typeof data === "string") resolve();
    else stamps.take(agent, unframed(data).bytes);
  };
  await promise;
}

await Promise.all(agents.map(view));
await stamps.tellAtEnd();
