import { plain, quiet, type Sayings } from "../saying.ts";
import type { BridgeFact, ChatPlace } from "./facts.ts";

const warn = (text: string) => ({ tone: "warn" as const, text });
const at = ({ platform, chat }: ChatPlace): { who: string } => ({ who: `${platform} ${chat}` });

export const BRIDGE_SAYINGS: Sayings<BridgeFact["type"]> = {
  "bridge.coded": ({ right, platform }) => ({
    ...plain(`a pairing code for right ${right} was made`),
    who: platform ?? "bridges",
  }),
  "bridge.wanted": ({ platform, isOn }) => ({ ...plain(isOn ? "is to run" : "is to stop"), who: platform }),
  "bridge.started": ({ platform }) => ({ ...plain("started"), who: platform }),
  "bridge.stopped": ({ platform, reason }) => ({ ...plain(`stopped: ${reason}`), who: platform }),
  "bridge.subscribed": (event) => ({
    ...warn(`${event.sender} subscribed it, with right ${event.right}`),
    ...at(event),
  }),
  "bridge.unsubscribed": (event) => ({ ...plain(`unsubscribed: ${event.reason}`), ...at(event) }),
  "bridge.denied": (event) => ({ ...warn(`${event.sender} was denied: ${event.reason}`), ...at(event) }),
  "bridge.received": (event) => ({ ...plain(`${event.sender}: ${event.preview}`), ...at(event) }),
  "bridge.replied": (event) => ({ ...quiet(`${event.message} was answered`), ...at(event) }),
  "bridge.filed": (event) => ({ ...plain(`file ${event.file}, ${event.size} bytes`), ...at(event) }),
  "bridge.sent": (event) => ({
    ...quiet(`told what ${event.item} says${event.parts > 1 ? `, part ${event.part + 1} of ${event.parts}` : ""}`),
    ...at(event),
  }),
  "bridge.unsent": (event) => ({ ...warn(`not told what ${event.item} says: ${event.reason}`), ...at(event) }),
  "bridge.uploaded": (event) => ({ ...plain(`file ${event.file} was sent`), ...at(event) }),
  "bridge.unuploaded": ({ file, reason }) => ({ ...warn(`${file} was not sent: ${reason}`), who: "bridges" }),
};
