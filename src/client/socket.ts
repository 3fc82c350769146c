import type { Place } from "./client.ts";

/** Opens a socket of the server; `muster.v1` is what it speaks, the token goes as second subprotocol. */
export function openSocket({ socket, url, token }: Place, path: string): WebSocket {
  const protocols = token ? ["muster.v1", `bearer.${token}`] : ["muster.v1"];
  const target = socket ? `ws+unix://${socket}:${path}` : `${(url || location.origin).replace(/^http/, "ws")}${path}`;
  const it = new WebSocket(target, protocols);
  it.binaryType = "arraybuffer";
  return it;
}
