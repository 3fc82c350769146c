import type { ApiError, Snapshot } from "../core/api.ts";
import type { Event } from "../core/facts.ts";
import type { Mid, Seq } from "../core/ids.ts";
import type { Offset } from "../core/ports.ts";
import { REFUSALS, Refusal, type RefusalCode } from "../core/refusal.ts";
import { isOpen, type Message } from "../core/state.ts";
import { readEvents } from "./event-stream.ts";
import type { News } from "./follow.ts";

/** Where a daemon is: its socket (Bun only), or its address with a token. */
export interface Place {
  socket?: string;
  /** `http://127.0.0.1:3131`; in a page empty, which means its own origin. */
  url?: string;
  token?: string;
  /** Another way to the stream of facts than an answer that does not end; why it failed, a request tells. */
  stream?(after: Seq | undefined, signal: AbortSignal): Promise<Response>;
}

/** The one way to speak to a daemon. */
export interface Client {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  delete<T>(path: string): Promise<T>;
  /** All bytes of a terminal's record from the offset in the path on. */
  bytes(path: string): AsyncIterable<Uint8Array>;
  /** The stream once, from `after` on or from a snapshot; ends with its connection. */
  events(after: Seq | undefined, signal: AbortSignal, opened?: () => void): AsyncIterable<Snapshot | Event>;
  /** The state and each fact, for ever: connects again by itself. `told` hears of the line. */
  follow(signal: AbortSignal, told?: (isConnected: boolean) => void): AsyncIterable<News>;
  /** What a terminal prints from now on, or from an offset. */
  terminal(agent: string, signal: AbortSignal, from?: Offset): AsyncIterable<{ offset: Offset; bytes: Uint8Array }>;
  /** Resolves when a message is delivered, uncertain or dead; `told` hears where it is until then. */
  settled(mid: Mid, told?: (message: Message) => void): Promise<Message>;
}

const OF_STATUS: Record<number, RefusalCode> = {
  ...{ 401: "forbidden", 403: "forbidden", 404: "missing", 409: "state", 429: "state", 503: "unreachable" },
};

const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(REFUSALS, code);

/** The refusal that an error answer tells. */
async function refusalOf(answer: Response): Promise<Refusal> {
  const body = (await answer.json().catch(() => null)) as Partial<ApiError> | null;
  const { code = "", message = `the daemon answered ${answer.status}`, hint = "", details = [] } = body?.error ?? {};
  const fallback = OF_STATUS[answer.status] ?? (answer.status < 500 ? "usage" : "failed");
  return new Refusal(isRefusalCode(code) ? code : fallback, message, hint, details);
}

class HttpClient implements Client {
  constructor(private readonly place: Place) {}

  async get<T>(path: string): Promise<T> {
    return (await this.ask(path)).json() as Promise<T>;
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    const headers = { "content-type": "application/json" };
    return (await this.ask(path, { method: "POST", body: JSON.stringify(body), headers })).json() as Promise<T>;
  }

  async delete<T>(path: string): Promise<T> {
    const headers = { "content-type": "application/json" };
    return (await this.ask(path, { method: "DELETE", headers })).json() as Promise<T>;
  }

  async *bytes(path: string): AsyncIterable<Uint8Array> {
    const [route = "", query] = path.split("?");
    for (let from = Number(new URLSearchParams(query).get("from") ?? 0); ; ) {
      const answer = await this.ask(`${route}?from=${from}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (bytes.length > 0) yield bytes;
      from += bytes.length;
      if (bytes.length === 0 || from >= Number(answer.headers.get("x-muster-size"))) return;
    }
  }

  async *events(after: Seq | undefined, signal: AbortSignal, opened?: () => void): AsyncIterable<Snapshot | Event> {
    const answer = await this.stream(after, signal);
    opened?.();
    for await (const { event, data } of readEvents(answer)) {
      if (event === "snapshot" || event === "fact") yield JSON.parse(data);
    }
  }

  async *follow(signal: AbortSignal, told: (isConnected: boolean) => void = () => {}): AsyncIterable<News> {
    const { follow } = await import("./follow.ts");
    yield* follow(
      (after) => this.events(after, signal, () => told(true)),
      signal,
      () => told(false),
    );
  }

  async *terminal(
    agent: string,
    signal: AbortSignal,
    from?: Offset,
  ): AsyncIterable<{ offset: Offset; bytes: Uint8Array }> {
    const { openTerminal } = await import("./terminal.ts");
    yield* openTerminal(this.place, agent, signal, from);
  }

  async settled(mid: Mid, told: (message: Message) => void = () => {}): Promise<Message> {
    const ending = new AbortController();
    try {
      for await (const { state } of this.follow(ending.signal)) {
        const message = state.messages[mid];
        if (!message) throw new Refusal("missing", `no message ${mid}`);
        if (!isOpen(message)) return message;
        told(message);
      }
    } finally {
      ending.abort();
    }
    throw new Refusal("unreachable", "the daemon ended");
  }

  private async stream(after: Seq | undefined, signal: AbortSignal): Promise<Response> {
    const { stream } = this.place;
    const headers: HeadersInit = after === undefined ? {} : { "last-event-id": String(after) };
    if (!stream) return this.ask("/api/events", { headers, signal });
    try {
      return await stream(after, signal);
    } catch {
      await this.get("/api/health");
      throw new Refusal("unreachable", "the daemon does not answer");
    }
  }

  private async ask(path: string, more: RequestInit = {}): Promise<Response> {
    const { socket, url, token } = this.place;
    const headers = new Headers(more.headers);
    if (token) headers.set("authorization", `Bearer ${token}`);
    let answer: Response;
    try {
      const target = `${socket ? "http://muster" : (url ?? "")}${path}`;
      answer = await fetch(target, { ...more, headers, ...(socket ? { unix: socket } : {}) } as RequestInit);
    } catch (error) {
      if ((error as Error | null)?.name === "AbortError") throw error;
      throw new Refusal(
        "unreachable",
        "the daemon does not answer",
        "any command starts it; muster doctor looks at the set-up",
      );
    }
    if (answer.ok) return answer;
    throw await refusalOf(answer);
  }
}

/** A client of the daemon at this place; nothing is asked before its first call. */
export const openClient = (place: Place): Client => new HttpClient(place);
