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
