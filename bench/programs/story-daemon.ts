import type { Event, Fact } from "../../src/core/facts.ts";
import { fold } from "../../src/core/fold.ts";
import { emptyState, type State } from "../../src/core/state.ts";

/** A daemon that only tells a team's story: on `POST /go?messages=N` N more letters, each with what becomes of it. */
const [socket = "", team = ""] = process.argv.slice(2);
const PEERS = ["a0000001", "b0000002"];
const seats = PEERS.map((agent, index) => ({ seat: `Peer${"AB"[index]}`, agent, driver: "standin" }));
const LINES = 50;

let state: State = emptyState();
let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
let told = 0;

function tell(facts: Fact[]): void {
  let text = "";
  for (const fact of facts) {
    const event = { ...fact, seq: state.seq + 1, at: Date.now(), by: "system" } as Event;
    state = fold(state, event);
    text += `event: fact\nid: ${event.seq}\ndata: ${JSON.stringify({ ...event, body: undefined })}\n\n`;
  }
  stream?.enqueue(new TextEncoder().encode(text));
}

/** A letter from one peer to the other, delivered. */
function lettersOf(n: number): Fact[] {
  const mid = `muster-1764000000-${n.toString(16).padStart(6, "0")}`;
  const [from = "", to = ""] = n % 2 === 0 ? PEERS : PEERS.toReversed();
  const preview = `Item(bench): letter number ${n} with a line of words as peers write them. Next: the one after it.`;
  return [
    { type: "message.queued", mid, from, to, kind: "letter", number: n + 1, size: 90, preview, team, body: preview },
    { type: "message.stored", mid, path: `/r/inbox/${n}.txt` },
    { type: "message.delivered", mid, evidence: "transcript" },
    { type: "message.read", mid },
  ];
}

async function go(messages: number): Promise<void> {
  const end = told + messages;
  while (told < end) {
    for (let n = 0; n < LINES && told < end; n += 1) tell(lettersOf(told++));
    // A reader that lags would be dropped by the real one; here it is waited for.
    while ((stream?.desiredSize ?? 1) < 0) await Bun.sleep(1);
  }
}

tell([
  { type: "team.formed", team, topology: "pair", repo: "/r", seats },
  ...seats.map(({ seat, agent, driver }): Fact => {
    return { type: "agent.hired", hire: { agent, driver, cwd: "/r", permission: "workspace-write", team, seat } };
  }),
]);

/** As the daemon's own socket: a silent stream is not cut. */
const unhurried = <T extends object>(options: T): T => ({ ...options, idleTimeout: 0 });

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === "/go") {
    await go(Number(searchParams.get("messages")));
    return Response.json({ seq: state.seq });
  }
  if (pathname === "/api/state") return Response.json({ seq: state.seq, state });
  if (pathname !== "/api/events") return Response.json({ facts: [] });
  const snapshot = `event: snapshot\nid: ${state.seq}\ndata: ${JSON.stringify({ seq: state.seq, state })}\n\n`;
  return new Response(
    new ReadableStream<Uint8Array>(
      {
        start(controller) {
          stream = controller;
          controller.enqueue(new TextEncoder().encode(snapshot));
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: 1024 * 1024 }),
    ),
    { headers: { "content-type": "text/event-stream" } },
  );
}

Bun.serve(unhurried({ unix: socket, fetch: answer }));
