import { expect, spyOn, test } from "bun:test";
import { encode } from "uqr";
import { fakeDaemon, ran } from "../../test/fakes/call.ts";
import { onBlack, qrLines } from "./dashboard/qr.ts";
import { command } from "./dashboard.ts";

const CODE = "c".repeat(43);
const AT = "https://my-tunnel.example";
const daemonAt = (place: string) => fakeDaemon({ "/api/login": { url: `${place}/#code=${CODE}` } });

/** Which squares of a printed code are dark. */
function dark(lines: string[]): boolean[][] {
  const light: Record<string, [boolean, boolean]> = { "█": [true, true], "▀": [true, false], "▄": [false, true] };
  const halves = lines.map((line) => [...line].map((sign) => light[sign] ?? [false, false]));
  return halves.flatMap((line) => [line.map(([upper]) => !upper), line.map(([, lower]) => !lower)]);
}

test("dashboard --qr prints the login as a code of exactly these squares, and the address below", async () => {
  const { client, posted } = daemonAt(AT);
  const { out, err, code } = await ran(command, { flags: { qr: true, url: AT }, client });
  expect([err, code, posted]).toEqual(["", 0, [["/api/login", { at: AT }]]]);
  const lines = out.split("\n");
  expect(lines.at(-1)).toBe(`${AT}/#code=${CODE}`);
  const { data } = encode(`${AT}/#code=${CODE}`, { border: 2 });
  const printed = dark(lines.slice(0, -1));
  expect(printed.slice(0, data.length)).toEqual(data);
  // It fits a terminal of 80 columns and 24 lines.
  expect([data.length < 60, lines.length < 24]).toEqual([true, true]);
  expect(new Set(lines.slice(0, -1).map((line) => line.length)).size).toBe(1);
});

test("on a terminal a code is light on black in either theme", () => {
  const [line = ""] = qrLines("x");
  expect(onBlack(line)).toBe(`\u001b[97;40m${line}\u001b[0m`);
});

test("dashboard --url is refused when it is no bare address of http or https, before anything is asked", async () => {
  for (const url of [
    "my-tunnel.example",
    "ftp://a.example",
    `${AT}/x`,
    `${AT}?x=1`,
    `${AT}#x`,
    "https://me:w@a.example",
  ]) {
    const { client, posted } = daemonAt(AT);
    const { err, code } = await ran(command, { flags: { url }, client });
    expect([url, code, posted]).toEqual([url, 64, []]);
    expect(err).toContain("such as https://my-tunnel.example");
  }
});

test("dashboard warns of an address without encryption, and of a code that no phone can reach", async () => {
  const said = spyOn(console, "error").mockImplementation(() => {});
  const warnings = async (place: string, flags: Record<string, string | boolean>): Promise<string> => {
    said.mockClear();
    await ran(command, { flags, client: daemonAt(place).client });
    return said.mock.calls.join("\n");
  };
  try {
    const [open, local] = ["http://my-tunnel.example", "http://127.0.0.1:3131"];
    expect(await warnings(open, { url: open })).toContain("http is not encrypted");
    expect(await warnings(local, { qr: true })).toContain("only this machine reaches this address");
    expect([await warnings(local, {}), await warnings(local, { url: local }), await warnings(AT, { url: AT })]).toEqual(
      [...["", "", ""]],
    );
  } finally {
    said.mockRestore();
  }
});

test("dashboard --qr --json prints the address alone", async () => {
  const { out } = await ran(command, { flags: { qr: true, url: AT }, client: daemonAt(AT).client, isJson: true });
  expect(JSON.parse(out)).toEqual({ url: `${AT}/#code=${CODE}` });
});

const rotated = (...agents: string[]) => fakeDaemon({ "/api/token/rotate": { rotated: true, agents } });

test("dashboard --end-logins says what has ended, and of agents that run what they can and cannot do", async () => {
  const nobody = rotated();
  const { out, code } = await ran(command, { flags: { "end-logins": true }, client: nobody.client });
  expect([code, nobody.posted]).toEqual([0, [["/api/token/rotate", {}]]]);
  expect(out).toStartWith("ended  Every page asks for a new login now");
  expect(out).not.toContain("agent");
  const one = await ran(command, { flags: { "end-logins": true }, client: rotated("a1b2c3d4").client });
  expect(one.out).toContain("1 agent works on, and letters as files still arrive: a1b2c3d4.");
  expect(one.out).toContain("Its own commands to Muster are refused");
  const ids = Array.from({ length: 10 }, (_, n) => `a000000${n}`);
  const many = await ran(command, { flags: { "end-logins": true }, client: rotated(...ids).client });
  expect(many.out).toContain("10 agents work on");
  expect(many.out).toContain("a0000007 and 2 more.");
  const json = await ran(command, { flags: { "end-logins": true }, client: rotated("a1b2c3d4").client, isJson: true });
  expect(JSON.parse(json.out)).toEqual({ ended: true, agents: ["a1b2c3d4"] });
});

test("dashboard --end-logins with what makes a login is refused before anything ends", async () => {
  const others = [{ open: true }, { qr: true }, { port: "3131" }, { url: AT }];
  for (const more of [...others, { devices: true }, { test: true }, { forget: "" }]) {
    const { client, posted } = rotated();
    const { err, code } = await ran(command, { flags: { "end-logins": true, ...more }, client });
    expect([code, posted]).toEqual([64, []]);
    expect(err).toContain(`--${Object.keys(more)[0]} is for another call`);
  }
});
