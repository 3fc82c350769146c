import { expect, test } from "bun:test";
import { labelOf } from "./label.ts";
import { isLink, shownOf } from "./shown.ts";

test("a device is called by its browser and its system", () => {
  const android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile";
  const apple = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4";
  expect([
    labelOf(`${android} Safari/537.36`),
    labelOf(`${android} Safari/537.36 EdgA/150.0`),
    labelOf(`Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) ${apple} Mobile/15E148 Safari/604.1`),
    labelOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    labelOf(`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple} Safari/605.1.15`),
    labelOf("curl"),
  ]).toEqual([
    ...[
      "Chrome on Android",
      "Edge on Android",
      "Safari on iPhone",
      "Firefox on Windows",
      "Safari on macOS",
      "A browser",
    ],
  ]);
});

test("a notification shows what came, and something whatever came; it leads to a place of the page alone", () => {
  const told = {
    title: "PeerA of pair needs you",
    body: "look at its terminal",
    link: "#/agents/a1b2c3d4",
    tag: "p-1",
  };
  expect(shownOf(JSON.stringify(told))).toEqual({
    title: told.title,
    options: { body: told.body, tag: "p-1", icon: "/assets/icon-192.png", data: { link: told.link } },
  });
  for (const text of ["", "{", "null", "3", "[]", '{"title":3,"body":{},"tag":null}'])
    expect(shownOf(text)).toMatchObject({ title: "Something needs you", options: { body: "", data: { link: "#/" } } });
  for (const link of ["https://evil.example", "//evil.example", "#code=x", "javascript:alert(1)", "", 3, null, "#/a b"])
    expect([link, isLink(link), shownOf(JSON.stringify({ link })).options.data.link]).toEqual([link, false, "#/"]);
  expect(["#/", "#/agents/a1b2c3d4", "#/teams/pair-1", "#/orchestrator"].every(isLink)).toBe(true);
});
