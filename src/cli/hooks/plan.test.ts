import { expect, test } from "bun:test";
import { takeOut } from "./edit.ts";
import { entriesFor, markOf, statusLineFor } from "./entries.ts";
import { lookAt, Unfit, type Wanted, withHooks, withoutHooks } from "./plan.ts";
import { meaningOf, NotJson, scan } from "./scan.ts";

const FOLDER = "/h/it's mine/hooks";
const wanted: Wanted = {
  entries: entriesFor(`${FOLDER}/relay-event.sh`),
  statusLine: statusLineFor(`${FOLDER}/statusline.sh`),
  mark: markOf(FOLDER),
};

const plain = (text: string) => JSON.parse(JSON.stringify(meaningOf(scan(text))));

const FILES: [what: string, text: string][] = [
  ["an empty file", ""],
  ["a blank file", " \n"],
  ["an empty object", "{}"],
  ["an empty object on two lines", "{\n}\n"],
  ["an empty object with a blank in it", "{ }"],
  ["nothing but a remark", "{ // mine\n}\n"],
  ["nothing but a remark on one line", "{ /* mine */ }\n"],
  ["one line", '{"model":"opus"}'],
  ["one line with blanks", '{ "model": "opus", "hooks": { "Stop": [ { "hooks": [] } ] } }\n'],
  ["tabs", '{\n\t"model": "opus",\n\t"env": {\n\t\t"A": "1"\n\t}\n}\n'],
  ["four blanks and CRLF", '{\r\n    "model": "opus",\r\n    "hooks": {}\r\n}\r\n'],
  ["a byte order mark", '\uFEFF{\n  "model": "opus"\n}\n'],
  ["remarks", '// top\n{\n  // of the model\n  "model": "opus" // the best\n  /* end */\n}\n// bottom\n'],
  ["a trailing comma", '{\n  "model": "opus", // yes\n}\n'],
  ["a trailing comma on one line", '{ "model": "opus", }'],
  ["no newline before the brace", '{\n  "model": "opus" }'],
  ["a remark before a comma", '{\n  "a": 1 /* one */ ,\n  "b": 2 /* two */\n}\n'],
  [
    "hooks of the person's own",
    '{\n  "hooks": {\n    "Stop": [\n      { "hooks": [{ "type": "command", "command": "say done" }] } // loud\n    ]\n  },\n  "x": 1\n}\n',
  ],
  ["empty lists", '{\n  "hooks": { "Stop": [], "PreToolUse": [\n  ] }\n}\n'],
  ["a status line of the person's own", '{\n  "statusLine": {"type": "command", "command": "date"}\n}\n'],
  ["letters of all kinds", '{\n  "näme\\u00e9": "⟦ \\" // no remark",\n  "__proto__": {"a": 1}\n}\n'],
];

for (const [what, text] of FILES) {
  test(`A23 A-fault 25 ${what}: hooks go in, twice is once, out again every byte is as before`, () => {
    const { text: after, insertions } = withHooks(text, wanted, null);
    const kept = { insertions, isNew: false };
    expect(lookAt(after, wanted).missing).toEqual([]);
    expect(withHooks(after, wanted, kept).text).toBe(after);
    expect(withHooks(after, wanted, null).text).toBe(after);
    expect(withoutHooks(after, wanted.mark, kept)).toBe(text);
    // What was there is there in the same order, untouched.
    let from = 0;
    for (const letter of text) {
      const at = after.indexOf(letter, from);
      expect(at).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
  });

  test(`A23 ${what}: without a record of what was put in, ours is found by its mark and goes`, () => {
    const bare = withoutHooks(withHooks(text, wanted, null).text, wanted.mark, null);
    const before = text.trim() === "" ? {} : plain(text);
    if (before.hooks) {
      // Lists that were empty before cannot be told from ours.
      for (const event of Object.keys(before.hooks)) if (before.hooks[event].length === 0) delete before.hooks[event];
      if (Object.keys(before.hooks).length === 0) delete before.hooks;
    }
    expect(plain(bare)).toEqual(before);
    for (const remark of text.match(/\/\/ [a-z ]+|\/\*.*?\*\//g) ?? []) expect(bare).toContain(remark);
  });
}

test("A23 where nothing is empty, removal by the mark is exact as well, also after others changed the file", () => {
  const text = '{\n  "model": "opus", // the best\n  "hooks": {\n    "Stop": [\n      { "hooks": [] }\n    ]\n  }\n}\n';
  const after = withHooks(text, wanted, null).text;
  const change = (whole: string) => whole.replace('"opus"', '"haiku",\n  "theme": "dark"');
  expect(withoutHooks(change(after), wanted.mark, null)).toBe(change(text));
});

test("A23 a hook that a person put into our group stays", () => {
  const after = withHooks("{}", wanted, null).text;
  const mixed = after.replace(/("Stop": \[\s*\{\s*"hooks": \[)/, '$1 {"type": "command", "command": "mine"},');
  expect(plain(withoutHooks(mixed, wanted.mark, null))).toEqual({
    hooks: { Stop: [{ hooks: [{ type: "command", command: "mine" }] }] },
  });
});

test("A23 a record that does not fit the file is not believed", () => {
  expect(takeOut("abc", [[1, "x"]])).toBeNull();
  const { text, insertions } = withHooks('{"model": "opus"}', wanted, null);
  const shifted = insertions.map(([at, piece]): [number, string] => [at - 1, piece]);
  expect(withoutHooks(text, wanted.mark, { insertions: shifted, isNew: false })).toBe('{"model": "opus"}');
});

test("A23 what follows a hook of ours on its line does not end up in the remark above", () => {
  const ours = JSON.stringify(wanted.entries.find(({ event }) => event === "Stop")?.value);
  const text = `{ "hooks": { "Stop": [ {"hooks": []}, // loud\n ${ours} ] } }`;
  const bare = withoutHooks(text, wanted.mark, null);
  expect(plain(bare)).toEqual({ hooks: { Stop: [{ hooks: [] }] } });
  expect(bare).toContain("// loud\n");
});

test("A23 hooks of an older version of ours are replaced, not doubled", () => {
  const after = withHooks("{}", wanted, null).text;
  const old = after.replaceAll('"timeout": 5', '"timeout": 9');
  expect(plain(withHooks(old, wanted, null).text)).toEqual(plain(after));
});

test("A23 hooks of another home are not ours", () => {
  const other: Wanted = {
    entries: entriesFor("/other/hooks/relay-event.sh"),
    statusLine: null,
    mark: markOf("/other/hooks"),
  };
  const both = withHooks(withHooks("{}", other, null).text, wanted, null).text;
  expect(plain(withoutHooks(both, wanted.mark, null))).toEqual(plain(withHooks("{}", other, null).text));
});

test("A109 a status line that is there stays", () => {
  const text = '{"statusLine": {"type": "command", "command": "date"}}';
  expect(plain(withHooks(text, wanted, null).text).statusLine.command).toBe("date");
  expect(lookAt(text, wanted).statusLine).toBe("other");
});

const BROKEN: [text: string, line: number, column: number][] = [
  ["", 1, 1],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['{\n  "a": }', 2, 8],
  ["{'a': 1}", 1, 2],
  ['{"a": 1} x', 1, 10],
  ['{"a": 1', 1, 8],
  ['{"a": 1,,}', 1, 9],
  ['{"a": 01}', 1, 7],
  ['{"a": undefined}', 1, 7],
  ['{"a" 1}', 1, 6],
  [`${"[".repeat(300)}`, 1, 202],
];

for (const [text, line, column] of BROKEN)
  test(`A23 ${JSON.stringify(text.slice(0, 30))} is refused with its place`, () => {
    try {
      scan(text);
      throw new Error("it was taken");
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      expect([error.line, error.column]).toEqual([line, column]);
    }
  });

test("A23 settings that are JSON but cannot hold hooks are refused", () => {
  for (const text of ["[]", '{"hooks": 1}', '{"hooks": {"Stop": {}}}'])
    expect(() => withHooks(text, wanted, null)).toThrow(Unfit);
});
