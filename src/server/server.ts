import type { Server, WebSocketHandler } from "bun";
import { observe } from "../core/commands.ts";
import { configOf } from "../core/config/state.ts";
import { DAEMON, isLead } from "../core/ids.ts";
import { agentNamed } from "../engine/agent-named.ts";
import { Denied, failure, secured } from "./answer.ts";
import { BOARD_ROUTES } from "./board-routes.ts";
import { readBody } from "./body.ts";
import { BRIDGE_ROUTES } from "./bridge-routes.ts";
import { ECOSYSTEM_ROUTES } from "./ecosystem-routes.ts";
import { ERRAND_ROUTES } from "./errand-routes.ts";
import { bothSockets, FactSocket } from "./event-socket.ts";
import { EventStreams } from "./events.ts";
import { CLOSE } from "./frames.ts";
import { type Door, front, requireToken } from "./guard.ts";
import { HISTORY_ROUTES } from "./history-routes.ts";
import { JOB_ROUTES } from "./job-routes.ts";
import { LEAD_ROUTES } from "./lead-routes.ts";
import { PACKED, takesPacked } from "./packed.ts";
import type { ServerParts } from "./parts.ts";
import { PREMISES_ROUTES } from "./premises-routes.ts";
import { PUSH_ROUTES } from "./push-routes.ts";
import { QUEUE_ROUTES } from "./queue-routes.ts";
import { READ_ROUTES } from "./read-routes.ts";
import { type Call, get, matcher, numberOf, type Route } from "./route.ts";
import { STATS_ROUTES } from "./stats-routes.ts";
import { TerminalSockets, type Viewing } from "./terminal-socket.ts";
import type { Grant } from "./tokens.ts";
import { TRIGGER_ROUTES } from "./trigger-routes.ts";
import { WRITE_ROUTES } from "./write-routes.ts";

/** A daemon's API and page, for any number of Bun servers. */
export interface WebServer {
  fetch(request: Request, server: Server<Viewing>, door: Door): Promise<Response | undefined>;
  /** For what fails before `fetch`: Bun's own answer would be a developer's page. */
  error(thrown: unknown): Response;
  websocket: WebSocketHandler<Viewing>;
  routes: readonly Route[];
  /** Ends all streams and sockets. */
  stop(): void;
}

/** One refusal of an agent is told once a minute. */
const AUDIT_MS = 60_000;
const OPEN: Grant = { by: { kind: "person" }, until: 0 };

/** What an agent may not do stands in the ledger, where a person sees it. */
function auditor({ engine, clock }: ServerParts): (agent: string, route: Route) => void {
  const told = new Map<string, number>();
  return (agent, { method, path }) => {
    const key = `${agent} ${method} ${path}`;
    const now = clock.monotonic();
    if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < AUDIT_MS) return;
    told.set(key, now);
    const text = `agent ${agent} was refused ${method} ${path}`;
    engine.dispatch(observe({ type: "notice.raised", level: "warning", text, about: agent }), DAEMON);
  };
}

function pathOf(request: Request): string {
  try {
    return new URL(request.url).pathname;
  } catch {
    throw new Denied(400, "url", "not an address");
  }
}

/** May this principal call this route? Handlers of `agent` routes look closer. */
function isAllowed(route: Route, call: Call): boolean {
  if (route.right === "open" || route.right === "agent" || call.by.kind === "person") return true;
  if (call.by.kind !== "agent" || (route.right !== "own" && route.right !== "lead")) return false;
  // It reads every terminal, and types into none.
  if (isLead(call.by.agent) && route.method !== "WS") return true;
  if (route.right !== "own") return false;
  return agentNamed(call.parts.engine.state, call.params.id ?? "").hire.agent === call.by.agent;
}

async function pageAnswer({ parts }: Call): Promise<Response> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString("base64");
  const page = await parts.page();
  return secured(new Response(page.shell(nonce), { headers: { "content-type": "text/html; charset=utf-8" } }), nonce);
}

async function fileAnswer({ parts, request }: Call, name = ""): Promise<Response> {
  const page = await parts.page();
  const asset = page.asset(name);
  if (!asset) throw new Denied(404, "missing", "no such file");
  const packed = takesPacked(request) ? page.asset(`${name}.gz`) : undefined;
  if (!packed) return new Response(asset);
  return new Response(packed, { headers: { ...PACKED, "content-type": asset.type } });
}

/** Where a reader of facts goes on; undefined = with a snapshot. */
function afterOf({ request, query }: Call): number | undefined {
  const last = request.headers.get("last-event-id");
  if (last !== null) query.set("after", last);
  return query.has("after") ? numberOf(query, "after", 0, Number.MAX_SAFE_INTEGER) : undefined;
}

const events = (streams: EventStreams): Route =>
  get("/api/events", "person", (call) => {
    const { request, server, grant } = call;
    const after = afterOf(call);
    server.timeout(request, 0);
    return streams.open(after, grant.until, request.signal);
  });

/** The same facts for pages. */
const eventSocket = (streams: EventStreams): Route => ({
  method: "WS",
  path: "/api/events",
  right: "person",
  run: (call) => {
    const { by, grant } = call;
    const facts = new FactSocket(streams, afterOf(call), grant.until);
    return upgraded(call, { agent: null, by, until: grant.until, facts });
  },
});

function upgraded({ request, server }: Call, data: Viewing): undefined {
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  const headers = offered.split(/,\s*/).includes("muster.v1") ? { "sec-websocket-protocol": "muster.v1" } : undefined;
  if ((server as Server<Viewing>).upgrade(request, { data, headers })) return undefined;
  throw new Denied(400, "upgrade", "not a WebSocket");
}

const terminal: Route = {
  method: "WS",
  path: "/api/terminal/:id",
  right: "own",
  run: (call) => {
    const { parts, by, grant, params, query } = call;
    const from = query.has("from") ? numberOf(query, "from", 0, Number.MAX_SAFE_INTEGER) : undefined;
    let agent: string | null = null;
    try {
      agent = agentNamed(parts.engine.state, params.id ?? "").hire.agent;
    } catch {
      // Said by close code 4404: browsers do not show the status of a failed upgrade.
    }
    return upgraded(call, { agent, by, until: grant.until, from });
  },
};

function methodOf(request: Request): string {
  if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return "WS";
  return request.method === "HEAD" ? "GET" : request.method;
}

/** Everything that is asked and answered once. */
const ASKED: Route[] = [
  ...READ_ROUTES,
  ...WRITE_ROUTES,
  ...PREMISES_ROUTES,
  ...BOARD_ROUTES,
  ...ERRAND_ROUTES,
  ...ECOSYSTEM_ROUTES,
  ...BRIDGE_ROUTES,
  ...PUSH_ROUTES,
  ...STATS_ROUTES,
  ...LEAD_ROUTES,
  ...QUEUE_ROUTES,
  ...TRIGGER_ROUTES,
  ...JOB_ROUTES,
  ...HISTORY_ROUTES,
];

/** Puts the routes behind the guard. */
export function createServer(parts: ServerParts): WebServer {
  const streams = new EventStreams(parts);
  const sockets = new TerminalSockets(parts);
  const audit = auditor(parts);
  const page = [
    get("/", "open", pageAnswer),
    get("/assets/:name", "open", (call) => fileAnswer(call, call.params.name)),
    // At the top, or it would not be for the whole page.
    get("/worker.js", "open", (call) => fileAnswer(call, "worker.js")),
  ];
  const routes = [...page, ...ASKED, events(streams), terminal, eventSocket(streams)];
  const match = matcher(routes);
  const closeAll = (code: number) => {
    streams.closeAll(code);
    sockets.closeAll(code);
  };
  parts.tokens.whenRotated(() => closeAll(CLOSE.token));

  /** Guard, route, token, right: in this order, and nothing of the request is used before. */
  function admitted(request: Request, server: Server<unknown>, door: Door): { route: Route; call: Call } {
    front(request, door, server.port ?? 0, configOf(parts.engine.state).hosts);
    const path = pathOf(request);
    const found = match(methodOf(request), path);
    if (!found && !path.startsWith("/api/")) throw new Denied(404, "missing", "no such thing");
    // Without a token nobody learns what the API has.
    const grant = found?.route.right === "open" ? OPEN : requireToken(request, door, parts.tokens);
    if (!found) throw new Denied(404, "missing", "no such thing");
    const { route, params } = found;
    const query = new URL(request.url).searchParams;
    const call: Call = { parts, by: grant.by, grant, door, request, server, params, query };
    if (isAllowed(route, call)) return { route, call };
    throw new Denied(403, "right", "this needs a person");
  }

  async function answer(request: Request, server: Server<unknown>, door: Door): Promise<Response | undefined> {
    const { route, call } = admitted(request, server, door);
    const body = route.body ? await readBody(request, route.body, door) : undefined;
    const given = await route.run(call, body);
    if (given instanceof Response || given === undefined) return given;
    return Response.json(given, { status: route.status ?? 200 });
  }

  /** A 403 of an agent is told in the ledger. */
  function noteRefusal(request: Request, door: Door): void {
    const found = match(methodOf(request), pathOf(request));
    const { by } = requireToken(request, door, parts.tokens);
    if (found && by.kind === "agent") audit(by.agent, found.route);
  }

  return {
    routes,
    websocket: bothSockets(sockets.handler),
    error: (thrown) => secured(failure(thrown)),
    async fetch(request, server, door) {
      try {
        const given = await answer(request, server, door);
        return given?.headers.has("content-security-policy") ? given : given && secured(given);
      } catch (thrown) {
        if (thrown instanceof Denied && thrown.code === "right") noteRefusal(request, door);
        return secured(failure(thrown));
      }
    },
    stop: () => closeAll(1001),
  };
}
