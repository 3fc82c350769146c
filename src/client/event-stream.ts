/** One event of a text/event-stream. */
export interface StreamEvent {
  event: string;
  data: string;
}

function eventOf(block: string): StreamEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field = "", value = ""] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return data.length > 0 ? { event, data: data.join("\n") } : null;
}

/** Reads a stream's events until it ends. EventSource itself cannot send a token. */
export async function* readEvents(answer: Response): AsyncIterable<StreamEvent> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream() as never).getReader() as
    | ReadableStreamDefaultReader<string>
    | undefined;
  if (!reader) return;
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      waiting += value;
      // Only what is complete is split off: a long snapshot is not searched again with each piece.
      if (!value.includes("\n") && !waiting.endsWith("\n\n")) continue;
      const blocks = waiting.split("\n\n");
      waiting = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = eventOf(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
