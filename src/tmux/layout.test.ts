import { expect, test } from "bun:test";
import { type LayoutOrder, openLayout } from "./layout.ts";

/** Opens a layout over a tmux that only gives pane numbers; the result is what it was asked, word by word. */
async function asked(order: Omit<LayoutOrder, "name">): Promise<string[]> {
  const said: string[] = [];
  let panes = 0;
  await openLayout(
    async (commands) => {
      for (const command of commands) said.push(command.join(" "));
      return [[`%${panes++}`]];
    },
    { name: "crew", ...order },
  );
  return said;
}

const pane = (title: string) => ({ title, script: `/launch/${title}` });
const ALL = { console: pane("console"), log: pane("log"), a: pane("a"), b: pane("b") };

/** Only how panes are made, which shape is kept, and who has the keys. */
const shapeOf = (said: string[]): string[] =>
  said
    .filter((words) => /^(new-session|split-window|select-pane|set-hook .*client-resized)/.test(words))
    .map((words) =>
      words.replace(/-P -F #\{pane_id\} \/bin\/sh \/launch\//, "=> ").replace(/^set-hook .* client-resized/, "kept"),
    );

test("P79 standard: console with half the width, eight lines of log below it, PeerA above PeerB on the right", async () => {
  expect(shapeOf(await asked({ kind: "standard", panes: ALL }))).toEqual([
    "new-session -d -s muster-crew -x 200 -y 50 => console",
    "split-window -d -h -t %0 -l 50% => a",
    "split-window -d -v -t %0 -l 8 => log",
    "split-window -d -v -t %1 -l 50% => b",
    "kept resize-pane -t %0 -x 50% ; resize-pane -t %2 -y 8",
    "select-pane -t %0",
  ]);
});

test("P79 solo: console and log with 40 % of the width, PeerA the whole right side", async () => {
  const { b: _, ...panes } = ALL;
  expect(shapeOf(await asked({ kind: "solo", panes }))).toEqual([
    "new-session -d -s muster-crew -x 200 -y 50 => console",
    "split-window -d -h -t %0 -l 60% => a",
    "split-window -d -v -t %0 -l 8 => log",
    "kept resize-pane -t %0 -x 40% ; resize-pane -t %2 -y 8",
    "select-pane -t %0",
  ]);
});

test("P79 quad: PeerA and PeerB above, the ledger and the console below, which has the keys", async () => {
  expect(shapeOf(await asked({ kind: "quad", panes: ALL }))).toEqual([
    "new-session -d -s muster-crew -x 200 -y 50 => a",
    "split-window -d -h -t %0 -l 50% => b",
    "split-window -d -v -t %0 -l 40% => log",
    "split-window -d -v -t %1 -l 40% => console",
    "kept resize-pane -t %0 -x 50% ; resize-pane -t %2 -y 40% ; resize-pane -t %3 -y 40%",
    "select-pane -t %3",
  ]);
});

test("P80 each pane has its title, the mouse works, and only options of this session are touched", async () => {
  const said = await asked({ kind: "standard", panes: ALL });
  for (const [index, title] of ["console", "a", "log", "b"].entries())
    expect(said).toContain(`set-option -p -t %${index} @muster_title ${title}`);
  expect(said).toContain("set-option -t =muster-crew: mouse on");
  for (const words of said.filter((one) => one.startsWith("set-option")))
    expect(words).toMatch(/ -t (=muster-crew:|%\d) /);
  expect(said.join("\n")).not.toContain("destroy-unattached");
  await expect(asked({ kind: "standard", panes: { console: pane("#(touch x)") } })).rejects.toThrow("not a title");
});
