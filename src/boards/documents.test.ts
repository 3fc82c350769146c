import { expect, test } from "bun:test";
import { NotYaml, readDocument, withStatuses } from "./documents.ts";

const failure = (text: string): Promise<string> =>
  readDocument(text).then(
    () => "read",
    (error: unknown) => (error instanceof NotYaml ? `${error.at} ${error.message}` : Promise.reject(error)),
  );

test("a document gives its value and the places of its keys; a missing key has the place of what is around it", async () => {
  const { value, place } = await readDocument("id: T001\nsteps:\n  - {id: S1, status: done}\n  - id: S2\n");
  expect(value).toEqual({ id: "T001", steps: [{ id: "S1", status: "done" }, { id: "S2" }] });
  expect(place("steps.0.status")).toBe("3:22");
  expect(place("steps.1.status")).toBe("4:5");
  expect(place("name")).toBe("1:1");
});

test("fault 25 what cannot be parsed names its line and column", async () => {
  expect(await failure("id: T001\nname: [a\n")).toMatch(/^3:1 /);
  expect(await failure("a: 1\na: 2\n")).toStartWith("2:1 Map keys must be unique");
  expect(await failure("a: b: c\n")).toMatch(/^1:4 Nested mappings/);
  expect(await failure("id: T001\n")).toBe("read");
});

test("a small file that would multiply itself is refused", async () => {
  const bomb = [
    "a: &a [x, x]",
    ...["b", "c", "d", "e", "f", "g"].map(
      (name, n) => `${name}: &${name} [${Array(9).fill(`*${"abcdef"[n]}`).join(", ")}]`,
    ),
  ];
  expect(await failure(bomb.join("\n"))).toStartWith("1:1 ");
});

const PLAN = `# a plan
id: T003   # the dashboard
status:    planned   # kept
steps:
  # first
  - {id: S1, name: "a: b", status: pending}
  - id: S2
    name: two
    status: 'pending' # here, too
`;

test("P76 a status is replaced in place: every other byte of the file stays", async () => {
  const after = await withStatuses(PLAN, [
    { step: "S1", status: "complete" },
    { step: "S2", status: "in_progress" },
    { status: "active" },
  ]);
  expect(after).toBe(
    PLAN.replace("planned", "active")
      .replace("status: pending}", "status: complete}")
      .replace("'pending'", "in_progress"),
  );
  expect(await withStatuses(PLAN.replaceAll("\n", "\r\n"), [{ status: "active" }])).toBe(
    PLAN.replace("planned", "active").replaceAll("\n", "\r\n"),
  );
});

test("P76 where a status is missing it is added, and comments stay", async () => {
  const bare = "# a plan\nid: T003 # mine\nsteps:\n  - {id: S1, name: one}\n  # second\n  - id: S2\n    name: two\n";
  const after = await withStatuses(bare, [
    { step: "S1", status: "in_progress" },
    { step: "S2", status: "complete" },
    { status: "active" },
  ]);
  expect(after).toBe(
    "# a plan\nid: T003 # mine\nsteps:\n  - {id: S1, name: one, status: in_progress}\n  # second\n  - id: S2\n    name: two\n    status: complete\nstatus: active\n",
  );
  const crlf = await withStatuses(bare.replaceAll("\n", "\r\n"), [{ status: "active" }]);
  expect(crlf.split("\r\n")).toHaveLength(9);
  expect(crlf).not.toMatch(/[^\r]\n/);
});

test("a step that is not there is passed over, and so is a file that is no plan", async () => {
  expect(await withStatuses(PLAN, [{ step: "S9", status: "complete" }])).toBe(PLAN);
  expect(await withStatuses("id: x\n", [{ step: "S9", status: "complete" }])).toBe("id: x\n");
});
