import { answer, errorBody, events, newId, parse } from "./anthropic.ts";
import { makeScript, type Reply, type Rule, type Turn } from "./script.ts";

/** One model request, and how it was answered. */
export interface Request {
  turn: Turn;
  reply: Reply;
  by: string;
  end: "open" | "done" | "aborted" | "dropped" | "hung" | "error";
}

export interface ModelServer {
  url: string;
  /** Model requests, oldest first; grows while the server runs. */
  log: Request[];
  /** Replaces the rules. */
  load(rules: Rule[]): void;
  stop(): Promise<void>;
}

/** Starts a scripted model on 127.0.0.1 which speaks the Anthropic Messages API. */
export function startModelServer(options: { rules?: Rule[]; port?: number } = {}): ModelServer {
  const script = makeScript(options.rules);
  const log: Request[] = [];
  const messages = async (request: globalThis.Request): Promise<Response> => {
    const turn = parse(await request.text());
    const entry: Request = { turn, ...script.decide(turn), end: "open" };
    log.push(entry);
    return respond(entry, request.signal);
  };
  const fetch = async (request: globalThis.Request): Promise<Response> => {
    const path = new URL(request.url).pathname;
    if (path === "/__log") return Response.json(log);
    if (request.method === "HEAD" || path === "/") return new Response(null);
    if (request.method !== "POST") return Response.json(errorBody(404, `no such path ${path}`), { status: 404 });
    if (path === "/__rules") {
      script.load((await request.json()) as Rule[]);
      return new Response(null, { status: 204 });
    }
    if (path.endsWith("/count_tokens"))
      return Response.json({ input_tokens: Math.ceil((await request.text()).length / 4) });
    if (path.endsWith("/messages")) return messages(request);
    return Response.json(errorBody(404, `no such path ${path}`), { status: 404 });
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    idleTimeout: 0,
    fetch,
    error: () => GONE(),
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    log,
    load: (rules) => script.load(rules),
    stop: () => server.stop(true),
  };
}

const GONE = () => new Response(null, { status: 499 });

async function respond(entry: Request, signal: AbortSignal): Promise<Response> {
  const { reply, turn } = entry;
  const gone = new Promise<"gone">((done) => signal.addEventListener("abort", () => done("gone"), { once: true }));
  if (reply.hang) {
    entry.end = "hung";
    await gone;
    return GONE();
  }
  if (reply.delay && (await Promise.race([Bun.sleep(reply.delay), gone])) === "gone") {
    entry.end = "aborted";
    return GONE();
  }
  if (reply.error) {
    const { status, message = `scripted error ${status}`, retryAfter } = reply.error;
    entry.end = "error";
    const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
    return Response.json(errorBody(status, message), { status, headers });
  }
  if (turn.isStream) return stream(entry);
  entry.end = "done";
  return Response.json(answer(reply, turn));
}

function stream(entry: Request): Response {
  const { reply, turn } = entry;
  const list = events(reply, turn);
  const shown = reply.drop ? list.slice(0, Math.ceil(list.length / 2)) : list;
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    async start(controller) {
      for (const event of shown) {
        if (reply.pace) await Bun.sleep(reply.pace);
        if (entry.end === "aborted") return;
        controller.enqueue(encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
      }
      entry.end = reply.drop ? "dropped" : "done";
      if (reply.drop) controller.error();
      else controller.close();
    },
    cancel() {
      entry.end = "aborted";
    },
  });
  const headers = { "content-type": "text/event-stream", "cache-control": "no-cache", "request-id": newId("req") };
  return new Response(body, { headers });
}
