import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { say } from "../store.ts";

type Drawing = typeof import("./markdown.tsx").Markdown;

/** What draws markdown; it comes when a first text is shown, and stays. */
const drawing = signal<{ draw: Drawing } | null>(null);

function load(): void {
  import("./markdown.tsx").then(
    ({ Markdown }) => {
      drawing.value = { draw: Markdown };
    },
    () => say("what draws texts could not be loaded; load the page again"),
  );
}

/** A foreign text in markdown; until what draws it has come, as it is written. */
export function Prose({ text }: { text: string }) {
  useEffect(() => {
    if (!drawing.value) load();
  }, []);
  const Markdown = drawing.value?.draw;
  return Markdown ? <Markdown text={text} /> : <pre>{text}</pre>;
}
