import type { Bodies } from "./bodies.ts";
import { type Call, get, post, type Route, remove } from "./route.ts";

/** Whom a push service may ask about us is the page itself; an address of this machine tells it nothing. */
function contactOf({ request }: Call): string | undefined {
  const origin = request.headers.get("origin");
  return origin?.startsWith("https://") ? origin : undefined;
}

function add(call: Call, { endpoint, p256dh, auth, label = "" }: Bodies["device"]): unknown {
  return call.parts.push.add({ endpoint, p256dh, auth, contact: contactOf(call) }, label, call.by);
}

/** The browsers that are told what needs a person. Where and by which keys never leaves the daemon again. */
export const PUSH_ROUTES: Route[] = [
  get("/api/devices", "person", ({ parts }) => parts.push.rows()),
  get("/api/devices/key", "person", async ({ parts }) => ({ key: await parts.push.key() })),
  post("/api/devices", "person", "device", add, 201),
  post("/api/devices/test", "person", "called", ({ parts, request }, { device }) =>
    parts.push.test(device, request.signal),
  ),
  remove("/api/devices/:id", "person", ({ parts, params, by }) => parts.push.remove(params.id ?? "", by)),
];
