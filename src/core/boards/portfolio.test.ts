import { expect, test } from "bun:test";
import { type Listed, linkProblems, syncPortfolio } from "./portfolio.ts";
import { POR_TEMPLATE, PORTFOLIO_HEAD } from "./templates.ts";

const sheet = (number: number, more: Partial<Listed> = {}): Listed => ({
  ...{ number, id: `T00000${number}`, title: `Title ${number}`, owner: "peerB", stage: "in-progress", latest: "" },
  ...{ path: `T00000${number}-x/SUBPOR.md`, isOpen: true },
  ...more,
});

const ROW1 = "| T000001 | Title 1 | peerB | in-progress |  | T000001-x/SUBPOR.md |";
const board = (...rows: string[]): string =>
  [
    "# POR",
    "words",
    "## Portfolio Health",
    ...PORTFOLIO_HEAD,
    ...rows,
    "",
    "## Operating Principles",
    "| not | a row |",
    "",
  ].join("\n");

test("P11 sync adds the rows of open sheets behind the others, and changes nothing else", () => {
  const { text, changed, todo } = syncPortfolio(board(ROW1), [
    sheet(1),
    sheet(2, { latest: "commit:abc1234" }),
    sheet(3, { isOpen: false }),
  ]);
  const row2 = "| T000002 | Title 2 | peerB | in-progress | commit:abc1234 | T000002-x/SUBPOR.md |";
  expect(changed).toEqual([row2]);
  expect(text).toBe(board(ROW1, row2));
  expect(todo).toEqual([]);
});

test("P11 sync lays the table where a board has none, and fills one that has only its head", () => {
  const bare = "# POR\n## Portfolio Health\n\n## Next\n";
  expect(syncPortfolio(bare, [sheet(1)]).text).toBe(
    `# POR\n## Portfolio Health\n${PORTFOLIO_HEAD.join("\n")}\n${ROW1}\n\n## Next\n`,
  );
  expect(syncPortfolio("# POR\n## Portfolio Health", [sheet(1)]).text).toBe(
    `# POR\n## Portfolio Health\n${PORTFOLIO_HEAD.join("\n")}\n${ROW1}\n`,
  );
  expect(syncPortfolio(board(), [sheet(1)]).text).toBe(board(ROW1));
  expect(syncPortfolio(POR_TEMPLATE, [sheet(1)]).changed).toEqual([ROW1]);
});

test("P11 sync twice is sync once, and without sheets it changes nothing", () => {
  const once = syncPortfolio(board(), [sheet(1), sheet(2)]);
  expect(syncPortfolio(once.text, [sheet(1), sheet(2)])).toEqual({ text: once.text, changed: [], todo: [] });
  expect(syncPortfolio(board(), [])).toEqual({ text: board(), changed: [], todo: [] });
});

test("P70 sync fills empty cells and follows owner, stage and path; a peer's title and evidence stay", () => {
  const mine = "| T001 | My own words | peerA |  | commit:1234567 | old/SUBPOR.md |";
  const { changed } = syncPortfolio(board(mine), [sheet(1, { latest: "commit:abcdef0" })]);
  expect(changed).toEqual(["| T001 | My own words | peerB | in-progress | commit:1234567 | T000001-x/SUBPOR.md |"]);
});

test("P70 sync says what to change where it cannot write safely, and writes nothing", () => {
  const cases: [board: string, todo: string][] = [
    ["# POR\n", "add the heading ## Portfolio Health (in-progress / at-risk only)"],
    [board("| T000001 | a | b |"), "Portfolio Health: line 6 has 3 cells; 6 are needed"],
    [board(ROW1, ROW1), "Portfolio Health: line 7: T000001 has a row already"],
    [
      board().replace("| ID | Title", "| ID | Name"),
      "Portfolio Health: its columns are not ID, Title, Owner, Stage, Latest evidence, SUBPOR",
    ],
    [`## Portfolio Health\n${ROW1}\n`, `Portfolio Health: its table has no head; begin it with ${PORTFOLIO_HEAD[0]}`],
  ];
  for (const [text, todo] of cases)
    expect(syncPortfolio(text, [sheet(2)])).toEqual({ text, changed: [], todo: [todo] });
});

test("P70 dead links, missing rows and rows of ended sheets are named, not removed", () => {
  const rows = board(ROW1, ROW1.replaceAll("1", "2"), "| | nobody | a | b | c | d |");
  expect(linkProblems(rows, [sheet(1, { isOpen: false, stage: "done" }), sheet(3)])).toEqual([
    "portfolio: T000002 has no SUBPOR (dead link)",
    "portfolio: a row without id has no SUBPOR (dead link)",
    "portfolio: T000001 is done; its row can go",
    "portfolio: no row for T000003 Title 3",
  ]);
  expect(linkProblems("# no portfolio", [sheet(1)])).toEqual([]);
  expect(syncPortfolio(board(ROW1), [sheet(1, { isOpen: false, stage: "done" })]).todo).toEqual([
    "portfolio: T000001 is done; its row can go",
  ]);
});

test("P70 a row without an id is known by the folder it points to", () => {
  const row = "|  | Title 1 | peerB | in-progress |  | [sheet](T000001-x/SUBPOR.md) |";
  expect(linkProblems(board(row), [sheet(1)])).toEqual([]);
});

test("P70 line ends of the board stay as they are, and no cell breaks the table", () => {
  const crlf = board().replaceAll("\n", "\r\n");
  const { text } = syncPortfolio(crlf, [sheet(1, { title: "a | b\nc" })]);
  expect(text).toBe(
    board("| T000001 | a / b c | peerB | in-progress |  | T000001-x/SUBPOR.md |").replaceAll("\n", "\r\n"),
  );
});

test("P70 a table in a code fence is an example, not the portfolio", () => {
  const text = `## Portfolio Health\n\`\`\`\n${PORTFOLIO_HEAD[0]}\n${ROW1}\n\`\`\`\n`;
  expect(linkProblems(text, [])).toEqual([]);
});

test("P11 a portfolio of the very first line is filled, and one whose head has no rule line under it", () => {
  expect(syncPortfolio(`## Portfolio Health\n${PORTFOLIO_HEAD[0]}\n`, [sheet(1)]).text).toBe(
    `## Portfolio Health\n${PORTFOLIO_HEAD[0]}\n${ROW1}\n`,
  );
  expect(syncPortfolio(`${PORTFOLIO_HEAD[0]}\n## Portfolio Health\n`, [sheet(1)]).text).toBe(
    `${PORTFOLIO_HEAD[0]}\n## Portfolio Health\n${PORTFOLIO_HEAD.join("\n")}\n${ROW1}\n`,
  );
});

test("P11 blank lines before the next heading stay behind a new table", () => {
  expect(syncPortfolio("## Portfolio Health\n \n\n## Next\n", [sheet(1)]).text).toBe(
    `## Portfolio Health\n${PORTFOLIO_HEAD.join("\n")}\n${ROW1}\n \n\n## Next\n`,
  );
});

test("P11 a row has a bar at either end, a rule has dashes alone, and both may be indented", () => {
  const rows = [
    "words | T000009 | x |",
    "| T000009 | x | words",
    "   |---|:---:| ---|  ",
    "  | T000001 | a-b | peerB | in-progress | - | T000001-x/SUBPOR.md |  ",
  ];
  expect(linkProblems(board(...rows), [sheet(1)])).toEqual([]);
  expect(linkProblems(board(...rows, "| | | | | | |", "| - |x|"), [sheet(1)])).toEqual([
    "portfolio: a row without id has no SUBPOR (dead link)",
    "portfolio: - has no SUBPOR (dead link)",
  ]);
});

test("P11 the portfolio begins with its heading alone, and its head with the word ID alone", () => {
  for (const heading of ["see ## Portfolio Health", "##Portfolio Health", "Portfolio Health"])
    expect(linkProblems(`${heading}\n${ROW1}\n`, [])).toEqual([]);
  for (const heading of ["# Portfolio Health", "######   Portfolio Health"])
    expect(linkProblems(`${heading}\n${ROW1}\n`, [])).toEqual(["portfolio: T000001 has no SUBPOR (dead link)"]);
  for (const first of ["the id", "ids"])
    expect(linkProblems(`## Portfolio Health\n| ${first} | x |\n`, [])).toEqual([
      `portfolio: ${first} has no SUBPOR (dead link)`,
    ]);
  expect(linkProblems("## Portfolio Health\n| id | x |\n", [])).toEqual([]);
});

test("P70 a dead row stays as it is while others are filled, and a section without sheets gets no table", () => {
  const dead = "| T000009 |  |  |  |  |  |";
  expect(syncPortfolio(board(dead), [sheet(1)])).toEqual({
    text: board(dead, ROW1),
    changed: [ROW1],
    todo: ["portfolio: T000009 has no SUBPOR (dead link)"],
  });
  const bare = "## Portfolio Health\n\n## Next\n";
  expect(syncPortfolio(bare, [])).toEqual({ text: bare, changed: [], todo: [] });
});

test("P11 a new table stands behind the words of its section, with the line ends of the board", () => {
  const bare = "---\n## Portfolio Health\nour words\n\n\n## Next\n";
  const filled = `---\n## Portfolio Health\nour words\n${PORTFOLIO_HEAD.join("\n")}\n${ROW1}\n\n\n## Next\n`;
  expect(syncPortfolio(bare, [sheet(1)]).text).toBe(filled);
  const windows = (text: string) => text.replaceAll("\n", "\r\n");
  expect(syncPortfolio(windows(bare), [sheet(1)]).text).toBe(windows(filled));
});

test("P70 blanks around and within what a sheet says are one", () => {
  expect(syncPortfolio(board(), [sheet(1, { title: "  Title \t\n  1 " })]).text).toBe(board(ROW1));
});
