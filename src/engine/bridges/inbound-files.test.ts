import { afterEach, beforeEach, expect, test } from "bun:test";
import { BridgeLab } from "../../../test/fakes/bridge-lab.ts";

let lab: BridgeLab;
beforeEach(async () => {
  lab = new BridgeLab();
  await lab.start();
});
afterEach(() => lab.end());

const last = (): string => lab.there.texts().at(-1) ?? "";
const letters = () => lab.house.facts("message.queued").filter(({ from }) => from === "user");

test("P91 a file is kept, and the letter says where, how large, and of which kind", async () => {
  await lab.subscribe("talk");
  const fetch = async () => new TextEncoder().encode("hello");
  await lab.say("a: look", { message: "5", files: [{ name: "x.txt", mime: "text/plain", size: 5, fetch }] });
  const [queued] = lab.house.facts("message.queued").filter(({ from }) => from === "user");
  const body = lab.house.log.body(lab.house.state.messages[queued?.mid ?? ""]?.seq ?? 0);
  const digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  expect(body).toBe(
    `look\nFile: .muster/work/upload/inbound/telegram/7/20231114/${queued?.mid}__x.txt\nSHA256: ${digest} Size: 5 MIME: text/plain`,
  );
  expect(lab.house.facts("bridge.filed")).toMatchObject([{ message: queued?.mid, sha256: digest, size: 5 }]);
});

test("P91 a file that is too large, of a kind that is not allowed, or without right is refused in the chat", async () => {
  await lab.subscribe("talk");
  const fetch = async () => new Uint8Array(16 * 1024 * 1024 + 1);
  const file = { name: "x.png", mime: "image/png", size: 16 * 1024 * 1024 + 1, fetch };
  await lab.say("a: look", { files: [file] });
  expect(last()).toBe("x.png has 16.0 MB; at most 16; nothing was sent");
  await lab.say("a: look", { files: [{ ...file, size: 3 }] });
  expect(last()).toStartWith("x.png has 16.0 MB");
  await lab.say("a: look", { files: [{ ...file, size: 3, mime: "application/x-sh" }] });
  expect(last()).toStartWith("x.png is application/x-sh; allowed: text/*, image/png");
  await lab.subscribe("read");
  await lab.say("a: look", { files: [{ ...file, size: 3, mime: "text/html" }] });
  expect(last()).toBe("needs right talk");
  expect([lab.files.kept, letters()]).toEqual([[], []]);
});
