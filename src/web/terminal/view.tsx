import { useSignal } from "@preact/signals";
import type { Terminal } from "@xterm/xterm";
import { useEffect, useRef } from "preact/hooks";
import { keptToken } from "../login.ts";
import { isWide, logOut, say } from "../store.ts";
import { Connection } from "./connection.ts";
import { createScreen, fontFor, sizeFor } from "./screen.ts";
import { silence, typed } from "./silence.ts";
import { allowStyles } from "./styles.ts";

allowStyles();

/** Draws the pane as large as it fits; a pane too large for that is scrolled. */
function fit(terminal: Terminal, box: HTMLElement): void {
  terminal.options.fontSize = fontFor(terminal.cols, terminal.rows, box.clientWidth - 24, box.clientHeight - 16);
}

const widen = () => {
  isWide.value = !isWide.value;
};

/** One agent's terminal: shown as it is, typed into as if one sat before it. */
export function TerminalView({ agent }: { agent: string }) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const line = useRef<Connection | null>(null);
  const ended = useSignal("");
  const isEmpty = useSignal(true);

  useEffect(() => {
    const [frame, inside] = [box.current, place.current];
    if (!frame || !inside) return;
    const terminal = createScreen();
    silence(terminal);
    terminal.open(inside);
    const connection = new Connection(agent, keptToken() ?? "", {
      bytes: (bytes, done) => {
        isEmpty.value = false;
        terminal.write(bytes, done);
      },
      size: (cols, rows) => {
        ended.value = "";
        terminal.resize(cols, rows);
        fit(terminal, frame);
      },
      ended: (status) => {
        ended.value = status;
      },
      skipped: () => terminal.reset(),
      refused: say,
      loggedOut: () => logOut("the login has ended"),
    });
    line.current = connection;
    terminal.onData((keys) => {
      const wanted = typed(keys);
      if (wanted) connection.keys(wanted);
    });
    const watcher = new ResizeObserver(() => fit(terminal, frame));
    watcher.observe(frame);
    return () => {
      watcher.disconnect();
      connection.close();
      terminal.dispose();
    };
  }, [agent]);

  const resize = () => {
    if (!box.current) return;
    const { cols, rows } = sizeFor(box.current.clientWidth - 24, box.current.clientHeight - 16);
    line.current?.resize(cols, rows);
  };
  return (
    <div class="pane">
      <div class="screen" ref={box}>
        <div ref={place} />
      </div>
      {isEmpty.value && <p class="overlay">Nothing has been printed yet.</p>}
      <div class="strip">
        {ended.value ? <span>The program has ended.</span> : <span>Click into it to type.</span>}
        <span class="grow" />
        <button type="button" class="quiet wide" aria-pressed={isWide.value} onClick={widen}>
          {isWide.value ? "Show ledger" : "Hide ledger"}
        </button>
        {!ended.value && (
          <button
            type="button"
            class="quiet"
            title="Makes the agent's terminal as large as this window"
            onClick={resize}
          >
            Fit to window
          </button>
        )}
      </div>
    </div>
  );
}
