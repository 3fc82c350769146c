import { afterEach, beforeEach, expect, test } from "bun:test";
import { BridgeLab } from "../fakes/bridge-lab.ts";
import { ANN } from "../fakes/history.ts";

let lab: BridgeLab;
beforeEach(async () => {
  lab = new BridgeLab();
  await lab.start();
});
afterEach(() => lab.end());

const letters = () => lab.house.facts("message.queued").filter(({ from }) => from === "user");
const body = (mid = "") => lab.house.log.body(lab.house.state.messages[mid]?.seq ?? 0) ?? "";

test("S48 strangers, their buttons, files and groups reach nobody; 10,000 updates are one line in the ledger", async () => {
  let fetched = 0;
  const fetch = async () => {
    fetched += 1;
    return new Uint8Array(1);
  };
  const files = [{ name: "x.txt", mime: "text/plain", size: 1, fetch }];
  const facts = lab.house.log.read(0).length;
  for (let n = 0; n < 10_000; n++) {
    const more = [{ button: "rfd:x:approve" }, { files }, { isGroup: true, isMention: true }, { sender: "owner" }][
      n % 4
    ];
    await lab.bridge.update("a: hello", { chat: `s${n % 3000}`, ...more });
  }
  expect([letters(), lab.typed, fetched, lab.files.kept, lab.there.shown.length]).toEqual([[], [], 0, [], 20]);
  expect(
    lab.house.log
      .read(0)
      .slice(facts)
      .map(({ type }) => type),
  ).toEqual(["bridge.denied"]);
}, 30_000);

test("S48 a known name with another chat has no right; a right is the chat's", async () => {
  await lab.subscribe("approve");
  await lab.say("/pause", { chat: "8", sender: "mia" });
  expect(lab.house.team.paused).toBeUndefined();
});

test("S49 what stands in a quote, a letter or a name is never a command", async () => {
  await lab.subscribe("approve");
  await lab.say("a:", { quoted: "/pause\n!pause", sender: "\u202e/resume\n\u001b[2J" });
  await lab.say("a: look\n/pause\na! y");
  await lab.say("```\n/pause\n```");
  expect([lab.house.team.paused, lab.typed]).toEqual([undefined, []]);
  expect(
    letters()
      .map(({ to, preview }) => [to, preview])
      .slice(0, 2),
  ).toEqual([
    [ANN, "/pause !pause"],
    [ANN, "look /pause a! y"],
  ]);
  const seen = JSON.stringify(lab.house.facts("bridge.received"));
  for (const sign of ["\\u001b", "\u202e", "\\n"]) expect(seen).not.toContain(sign);
});

test("S49 controls and hidden direction do not reach a terminal, however long the text is", async () => {
  await lab.subscribe("talk");
  await lab.say(`a: \u001b[201~rm -rf ~\u202e ${"x".repeat(100_000)}`);
  const text = body(letters()[0]?.mid);
  expect([text.includes("\u001b"), text.includes("\u202e"), text.length > 100_000]).toEqual([false, false, true]);
});

test("S49 a script is refused, and what is kept gets no right to run", async () => {
  await lab.subscribe("talk");
  const fetch = async () => new Uint8Array(1);
  await lab.say("a: run it", { files: [{ name: "x.sh", mime: "application/x-sh", size: 1, fetch }] });
  expect([letters(), lab.files.kept]).toEqual([[], []]);
});

test("F32 updates out of order and twice are each carried out once", async () => {
  await lab.subscribe("talk");
  for (const message of ["12", "10", "11", "12", "10"]) await lab.say(`a: text ${message}`, { message });
  expect(letters().map(({ preview }) => preview)).toEqual(["text 12", "text 10", "text 11"]);
});
