import { expect, test } from "bun:test";
import { isHost, pageAddress } from "./hosts.ts";

test("a host is a name as browsers send it, and nothing that stands for several", () => {
  for (const host of ["my-tunnel.example", "a.b.c.example:8443", "192.168.1.5:3131", "x1.ts.net"])
    expect([host, isHost(host)]).toEqual([host, true]);
  const none = ["", "*", "*.example", "Example.com", "https://a.example", "a.example/", "a.example.", "a.example:"];
  const more = [
    "a.example:0",
    "-a.example",
    "a..example",
    "a b.example",
    "user@a.example",
    "[::1]",
    "a.example:123456",
  ];
  for (const host of [...none, ...more, `${"a".repeat(64)}.example`, `a.example\n`])
    expect([host, isHost(host)]).toEqual([host, false]);
});

test("the address of a page is a host alone, by https or http", () => {
  expect(pageAddress("https://My-Tunnel.example").origin).toBe("https://my-tunnel.example");
  expect(pageAddress("http://192.168.1.5:3131/").host).toBe("192.168.1.5:3131");
  const wrong: [given: string, why: string][] = [
    ["my-tunnel.example", "is no address"],
    [`https://${"a".repeat(300)}.example`, "is no address"],
    ["javascript:alert(1)", "is neither https nor http"],
    ["ftp://a.example", "is neither https nor http"],
    ["https://me:word@a.example", "holds a login"],
    ["https://me@a.example", "holds a login"],
    ["https://a.example/?x=1", "holds a query or a fragment"],
    ["https://a.example/#code=x", "holds a query or a fragment"],
    ["https://a.example?", "holds a query or a fragment"],
    ["https://a.example/muster", "holds a path"],
  ];
  for (const [given, why] of wrong) {
    let said = "";
    try {
      pageAddress(given);
    } catch (error) {
      said = `${(error as { code: string }).code}: ${(error as Error).message}`;
    }
    expect(said).toStartWith("usage: ");
    expect(said).toContain(why);
  }
});
