import { afterEach, expect, test } from "bun:test";
import { ErrandLab, WITH_AUX, WITH_FOREMAN } from "../../../test/fakes/errand-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PERSON, type Principal } from "../../core/ids.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";

let lab: ErrandLab;
afterEach(() => lab.house.end());

const open = (changes: SettingsChanges = {}): void => {
  lab = new ErrandLab(changes);
};
const refusal = (asked: Promise<unknown>): Promise<unknown[]> =>
  asked.then(
    () => [],
    ({ code, message, hint }) => [code, message, hint],
  );
const foreman = (word: "on" | "off" | "status" | "now") => lab.desk.foreman(lab.house.team, word);
const by = (agent: string): Principal => ({ kind: "agent", agent });

test("P64 without a Foreman nothing but off and status is granted", async () => {
  open();
  const none = ["state", "Foreman was not enabled at start", "choose an agent with muster run"];
  expect([await refusal(foreman("on")), await refusal(foreman("now"))]).toEqual([none, none]);
  expect(await foreman("status")).toEqual(["Foreman off"]);
  expect(await foreman("off")).toEqual(["Foreman is off", "Foreman off"]);
});

test("P64 its timer is turned by a person's word, and says how it stands", async () => {
  open(WITH_FOREMAN);
  const [said, status] = await foreman("off");
  expect([said, status]).toEqual(["Foreman is off", expect.stringContaining("claude off")]);
  expect(lab.house.facts("team.tuned")).toMatchObject([{ switch: "foreman", isOn: false, by: "user" }]);
  expect(await foreman("on")).toEqual(["Foreman is on", expect.stringContaining("claude on")]);
});

test("P64 a run now is refused in a pause and without its brief, with what is to be done", async () => {
  open(WITH_FOREMAN);
  delete lab.files["/r/FOREMAN_TASK.md"];
  expect(await refusal(foreman("now"))).toEqual([
    ...["missing", "there is no brief: /r/FOREMAN_TASK.md", "write into it what the Foreman looks after"],
  ]);
  lab.house.dispatch({ do: "pause", team: "pair" });
  expect(await refusal(foreman("now"))).toEqual(["state", "the team is paused", "/resume first"]);
});

test("P64 a run now says whether its timer goes on, and is not begun twice", async () => {
  open(WITH_FOREMAN);
  await foreman("off");
  expect(await foreman("now")).toEqual(["the Foreman begins now; its timer stays off"]);
  await lab.house.settle();
  expect((await foreman("now"))[0]).toBe("the Foreman is at work already");
  expect(lab.runs).toHaveLength(1);
  expect(lab.house.facts("errand.asked")).toMatchObject([{ role: "foreman", asker: "user", team: "pair" }]);
});

test("P66 an agent asks for its own team only; a person says which where it is not clear", async () => {
  open(WITH_AUX);
  const ask = (name: string | undefined, who: Principal) => lab.desk.askFor(name, "look", who);
  expect((await ask(undefined, by(ANN))).team).toBe("pair");
  expect((await ask("pair", PERSON)).team).toBe("pair");
  expect(await refusal(ask("other", by(ANN)))).toEqual(["forbidden", "other is another team", "yours is pair"]);
  lab.house.start("c0000003");
  expect(await refusal(ask(undefined, by("c0000003")))).toEqual([
    ...["state", "agent c0000003 is in no team", "Aux helps teams"],
  ]);
  expect(await refusal(ask("none", PERSON))).toEqual(["missing", "no team none", "teams: pair"]);
  lab.house.dispatch({ do: "stop", team: "pair", reason: "x" });
  expect(await refusal(ask(undefined, PERSON))).toEqual(["usage", "0 teams run", "say which: --team NAME"]);
});

test("P67 what Aux is not asked is refused with its code and the next step", async () => {
  open();
  const ask = (prompt: string) => refusal(lab.desk.aux(lab.house.team, prompt, PERSON));
  expect(await ask("x")).toEqual(["state", "no Aux driver", "choose one at next muster run"]);
  await lab.house.end();
  open(WITH_AUX);
  expect(await ask(" ")).toEqual(["usage", "the prompt is empty", "say what Aux is to do"]);
  expect(await ask("x".repeat(100_001))).toEqual([
    ...["usage", "the prompt has 100001 characters; at most 100000", "name a file instead"],
  ]);
  expect([await ask("1"), await ask("2")]).toEqual([[], []]);
  expect(await ask("3")).toEqual(["state", "Aux: 2 per minute, next in 60 s", "ask again then"]);
});

test("P68 a review shows the two newest letters of the peers, whole, and the newest ten patches", async () => {
  open();
  const { house } = lab;
  house.write(ANN, "user", "Progress: first letter, which is not shown any more, because two came after it.");
  const second = house.write(
    ANN,
    "user",
    "Progress: second letter, with words of its own that nobody said before.\n\n",
  );
  const third = house.write(BOB, "user", "Progress: third letter, again with other words than those that came before.");
  house.dispatch({ do: "send", letter: { mid: "u-1", from: "user", to: ANN, kind: "letter", text: "mine" } });
  for (let n = 1; n <= 11; n += 1)
    house.state.patches[`P-${n}`] = {
      id: `P-${n}`,
      team: n === 5 ? "other" : "pair",
      state: "queued",
      title: `T${n}`,
    } as never;
  Object.assign(house.state.patches["P-11"] ?? {}, { state: "refused", reason: "it breaks" });
  await lab.desk.review(house.team);
  const files = lab.opened.at(-1)?.files ?? {};
  expect(files["peer_message.txt"]).toBe(
    `PeerA to user [MID: ${second}]\nProgress: second letter, with words of its own that nobody said before.\n\n` +
      `PeerB to user [MID: ${third}]\nProgress: third letter, again with other words than those that came before.\n`,
  );
  const notes = (files["notes.txt"] ?? "").split("\n");
  const from = notes.indexOf("Patches, the newest last:");
  expect(notes.slice(from + 1)).toEqual([
    ...[1, 2, 3, 4, 6, 7, 8, 9, 10].map((n) => `P-${n} queued: T${n}`),
    ...["P-11 refused: T11 (it breaks)", ""],
  ]);
  expect(files["POR.md"]).toBe("There is no docs/por/POR.md yet.\n");
});
