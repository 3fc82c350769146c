import { type Signal, useSignal } from "@preact/signals";
import type { Terminal } from "@xterm/xterm";
import { useEffect, useRef } from "preact/hooks";
import { keptToken } from "../kept-token.ts";
import { isWide, logOut, say } from "../store.ts";
import { Connection } from "./connection.ts";
import { fitsInto, fontFor, SMALLEST, sizeFor } from "./fitting.ts";
import { silence, typed } from "./silence.ts";
import { allowStyles } from "./styles.ts";
import { turns } from "./turns.ts";

allowStyles();

/** Draws the pane as large as it fits; false = it is too large for that, and is scrolled. */
function fit({ cols, rows, options }: Terminal, box: HTMLElement, smallest: number): boolean {
  const [width, height] = [box.clientWidth - 24, box.clientHeight - 16];
  options.fontSize = fontFor(cols, rows, width, height, smallest);
  return fitsInto(cols, rows, width, height, smallest);
}

/** What happens, happens at the end: a pane that is too high shows that. */
function keepAtEnd(inside: HTMLElement, frame: HTMLElement): ResizeObserver {
  const watcher = new ResizeObserver(() => {
    frame.scrollTop = frame.scrollHeight;
  });
  watcher.observe(inside);
  return watcher;
}

const widen = () => {
  isWide.value = !isWide.value;
};

interface StripProps {
  isEnded: boolean;
  /** `140 × 50`; empty until it is known. */
  size: string;
  isWhole: boolean;
  isBeside: boolean;
  resize(): void;
}

/** What one can do with the terminal above. */
function Strip({ isEnded, size, isWhole, isBeside, resize }: StripProps) {
  return (
    <div class="strip">
      {isEnded ? <span>The program has ended.</span> : <span class="hint">Click into it to type.</span>}
      <span class="grow" />
      {size && <span>{isWhole ? size : `${size}, larger than this view`}</span>}
      {!isBeside && (
        <button type="button" class="quiet wide" aria-pressed={isWide.value} onClick={widen}>
          {isWide.value ? "Show ledger" : "Hide ledger"}
        </button>
      )}
      {!isEnded && (
        <button
          type="button"
          class={isWhole ? "quiet" : "quiet urged"}
          title="Makes the agent's terminal as large as this view"
          onClick={resize}
        >
          Fit to view
        </button>
      )}
    </div>
  );
}

interface Shown {
  isEmpty: Signal<boolean>;
  ended: Signal<string>;
  size: Signal<string>;
  isWhole: Signal<boolean>;
  isBeside: boolean;
}

/** Writes what a program prints: at once where somebody types, in turns where several terminals stand side by side. */
function drawer(terminal: Terminal, inside: HTMLElement, isBeside: boolean) {
  let waiting: [Uint8Array, () => void][] = [];
  const flush = () => {
    const now = waiting;
    waiting = [];
    for (const [bytes, done] of now) terminal.write(bytes, done);
  };
  return {
    bytes(bytes: Uint8Array, done: () => void) {
      waiting.push([bytes, done]);
      if (!isBeside || inside.contains(document.activeElement)) flush();
      else turns.ask(terminal, flush);
    },
    /** What waits is never shown. */
    forget() {
      waiting = [];
      turns.leave(terminal);
    },
  };
}

interface Opened {
  connection: Connection;
  close(): void;
}

/** Draws an agent's terminal into the frame and connects it. */
function open(
  terminal: Terminal,
  agent: string,
  frame: HTMLElement,
  inside: HTMLElement,
  { isEmpty, ended, size, isWhole, isBeside }: Shown,
): Opened {
  const smallest = isBeside ? SMALLEST.beside : SMALLEST.alone;
  silence(terminal);
  terminal.open(inside);
  const draw = drawer(terminal, inside, isBeside);
  const connection = new Connection(agent, keptToken() ?? "", {
    bytes: (bytes, done) => {
      isEmpty.value = false;
      draw.bytes(bytes, done);
    },
    size: (cols, rows) => {
      ended.value = "";
      terminal.resize(cols, rows);
      size.value = `${cols} × ${rows}`;
      isWhole.value = fit(terminal, frame, smallest);
    },
    ended: (status) => {
      ended.value = status;
    },
    skipped: () => {
      draw.forget();
      terminal.reset();
    },
    refused: say,
    loggedOut: () => logOut("the login has ended"),
  });
  terminal.onData((keys) => {
    const wanted = typed(keys);
    if (wanted) connection.keys(wanted);
  });
  const watcher = new ResizeObserver(() => {
    isWhole.value = fit(terminal, frame, smallest);
  });
  watcher.observe(frame);
  const end = keepAtEnd(inside, frame);
  const close = () => {
    watcher.disconnect();
    end.disconnect();
    connection.close();
    draw.forget();
    terminal.dispose();
  };
  return { connection, close };
}

/** One agent's terminal: shown as it is, typed into as if one sat before it. `isBeside`: it is one of several. */
export function TerminalView({ agent, isBeside = false }: { agent: string; isBeside?: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const opened = useRef<Opened | null>(null);
  const ended = useSignal("");
  const isEmpty = useSignal(true);
  const size = useSignal("");
  const isWhole = useSignal(true);

  useEffect(() => {
    const [frame, inside] = [box.current, place.current];
    if (!frame || !inside) return;
    let isGone = false;
    const show = { isEmpty, ended, size, isWhole, isBeside };
    import("./screen.ts").then(
      ({ createScreen }) => {
        // Somebody may look elsewhere before it has come.
        if (!isGone) opened.current = open(createScreen(), agent, frame, inside, show);
      },
      () => say("the terminal could not be loaded; load the page again"),
    );
    return () => {
      isGone = true;
      opened.current?.close();
      opened.current = null;
    };
  }, [agent]);

  const resize = () => {
    if (!box.current) return;
    const { cols, rows } = sizeFor(box.current.clientWidth - 24, box.current.clientHeight - 16);
    opened.current?.connection.resize(cols, rows);
  };
  return (
    <div class="pane">
      <div class="screen" ref={box}>
        <div ref={place} />
      </div>
      {isEmpty.value && <p class="overlay">Nothing has been printed yet.</p>}
      <Strip
        isEnded={ended.value !== ""}
        size={size.value}
        isWhole={isWhole.value}
        isBeside={isBeside}
        resize={resize}
      />
    </div>
  );
}
