import type { Seq } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Place } from "./client.ts";
import { openSocket } from "./socket.ts";

/** Beats come every 30 s: a line that is silent for longer is dead, whatever the browser thinks (a laptop that slept). */
const SILENCE_MS = 75_000;
const LOGGED_OUT = 4401;

/** What a socket is sent, as a body; it ends with its line. */
function bodyOf(socket: WebSocket, signal: AbortSignal, silenceMs: number): ReadableStream<Uint8Array> {
  let late: Timer | undefined;
  return new ReadableStream({
    start(controller) {
      let isOver = false;
      const end = (work: () => void) => {
        clearTimeout(late);
        if (!isOver) work();
        isOver = true;
        socket.close();
      };
      const listen = () => {
        clearTimeout(late);
        late = setTimeout(() => end(() => controller.close()), silenceMs);
      };
      listen();
      signal.addEventListener("abort", () => end(() => controller.error(signal.reason)), { once: true });
      socket.onmessage = ({ data }) => {
        if (isOver) return;
        listen();
        controller.enqueue(new Uint8Array(data));
      };
      const ended = new Refusal("forbidden", "the login has ended", "muster dashboard makes a new one");
      socket.onclose = ({ code }) => end(() => (code === LOGGED_OUT ? controller.error(ended) : controller.close()));
    },
    cancel: () => socket.close(),
  });
}

/**
 * The stream of facts by a socket. A browser opens six connections to one server and no more: pages that each keep an answer open
 * would leave none for the seventh (F25; Chromium 156). It fails without a reason, as browsers tell none.
 */
export async function factsBySocket(
  place: Place,
  after: Seq | undefined,
  signal: AbortSignal,
  silenceMs = SILENCE_MS,
): Promise<Response> {
  const socket = openSocket(place, `/api/events${after === undefined ? "" : `?after=${after}`}`);
  const body = bodyOf(socket, signal, silenceMs);
  await new Promise<void>((open, failed) => {
    socket.addEventListener("open", () => open());
    socket.addEventListener("close", () => failed(new Error("no socket")));
  });
  return new Response(body);
}
