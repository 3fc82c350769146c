/** One of the three tasks: a function and its proof. */
interface Piece {
  task: string;
  name: string;
  body: string;
  /** Words of its own, so that no two letters say the same. */
  about: string;
}

const PIECES: Piece[] = [
  { task: "T001", name: "add", body: "(a, b) => a + b", about: "sums of two numbers in either order" },
  { task: "T002", name: "mul", body: "(a, b) => a * b", about: "products together with their long table of doubles" },
  { task: "T003", name: "neg", body: "(a) => -a", about: "the opposite sign for one single argument" },
];

export const NAMES = PIECES.map(({ name }) => name);

const PROJECT = `# Three small functions

Whoever needs arithmetic gets add, mul and neg, one file each in src/. \`node tests/check.js\` proves them.
`;

/** Proves what is there; a file that is missing is no failure. */
const CHECK = `const fs = require("fs");
const want = { add: [[2, 3], 5], mul: [[2, 3], 6], neg: [[2], -2] };
for (const [name, [given, wanted]] of Object.entries(want)) {
  if (!fs.existsSync("src/" + name + ".js")) continue;
  const got = require(process.cwd() + "/src/" + name + ".js")(...given);
  if (got !== wanted) throw new Error(name + " is " + got + ", not " + wanted);
}
console.log("ok");
`;

export const FILES: Record<string, string> = {
  "PROJECT.md": PROJECT,
  "FOREMAN_TASK.md": "Look whether the risks in POR.md are still true; ask PeerB when one is not.\n",
  "tests/check.js": CHECK,
  "src/README.md": "One file for each function.\n",
  ".gitignore": "/.muster/\n",
};

export const POR = `# POR - Strategic Board

- North Star: three functions that anybody can trust
- Guardrails: nothing is committed without its check
- Non-Goals / Boundaries: no packages

## Deliverables (top-level)
- add, mul, neg

## Bets & Assumptions
- one file each is enough | node tests/check.js | none yet | a day

## Roadmap (Now/Next/Later)
- Now (<= 2 weeks): T001 T002 T003
- Next (<= 6 weeks): nothing
- Later (> 6 weeks): nothing

## Decision & Pivot Log (recent 5)

## Risk Radar & Mitigations (up/down/flat)
- a long table in mul (flat): a decision of both

## Portfolio Health (in-progress / at-risk only)
| ID | Title | Owner | Stage | Latest evidence | SUBPOR |
|---|---|---|---|---|---|

## Operating Principles (short)
- proof first

## Maintenance & Change Log (append-only, one line each)
- laid out
`;

export const plan = ({ task, name }: Piece): string => `id: ${task}
name: The function ${name}
goal: Whoever needs ${name} has it
status: planned
steps:
  - {id: S1, name: Write it, done: src/${name}.js is committed, status: pending}
  - {id: S2, name: Review it, done: its checks pass, status: pending}
`;

const sheet = ({ task, name }: Pick<Piece, "task" | "name">, isDone: boolean): string => {
  const box = isDone ? "x" : " ";
  const id = `T000${task.slice(1)}`;
  return `# ${id} - The function ${name} - Owner: peerA - Stage: ${isDone ? "done" : "in-progress"} - Timebox: 1d

## Goal/Scope (at most 3 lines)
Whoever needs ${name} has it.

## Non-Goals (at most 2)
- a package

## Deliverable & Interface
- src/${name}.js

## Acceptance (3-5 observable)
- [${box}] src/${name}.js is committed
- [${box}] node tests/check.js passes
- [${box}] PeerB has reviewed it

## Probe (cheapest decisive)
node tests/check.js

## Kill Criteria
The check cannot be made to pass in a day.

## Implementation Approach (at most 3 bullets)
- one line

## Evidence (refs)
${isDone ? "- cmd:node tests/check.js::OK" : ""}

## Risks/Dependencies
- none

## Next (single, decidable, at most 30 minutes)
${isDone ? "Nothing: it is done." : "Write it."}

## REV (append-only)
- opened | PeerB | first version | none
${isDone ? "- closed | PeerB | all boxes ticked | cmd:node tests/check.js::OK\n" : ""}`;
};

export const folder = ({ task, name }: Pick<Piece, "task" | "name">): string => `docs/por/T000${task.slice(1)}-${name}`;
export const write = (path: string, text: string) => ({ write: { path, text } });
export const tell = (text: string) => ({ tell: { to: "peer", text } });

/** A file that is long enough to need a decision: mul brings a table along. */
const source = ({ name, body }: Piece): string => {
  const table = name === "mul" ? Array.from({ length: 160 }, (_, n) => `// ${n} times two is ${2 * n}`).join("\n") : "";
  return `module.exports = ${body};\n${table ? `${table}\n` : ""}`;
};

/** PeerA begins a piece: its marker, a word to the peer, and the patch. */
export const begin = (piece: Piece) => [
  tell(`progress: ${piece.task} start
Progress(tag=impl): ${piece.task} has begun, and its function ${piece.name} is being written now
Next: write src/${piece.name}.js`),
  { patch: { edits: [{ path: `src/${piece.name}.js`, text: source(piece) }] } },
];

export const committed = ({ task, name }: Piece) => ({
  ...{ seat: "PeerA", when: `change src/${name}\\.js" by PeerA is commit ([0-9a-f]{10})`, times: 1 },
  do: [tell(`progress: ${task}.S1 done\nEvidence(refs=[commit:$1]): ${name} is in and tested\nNext: review ${name}`)],
});

/** PeerB has reviewed a piece, and asks for the next one's sheet. */
const reviewed = (piece: Piece, next?: Piece) => [
  { run: "node tests/check.js" },
  write(`${folder(piece)}/SUBPOR.md`, sheet(piece, true)),
  tell(`progress: ${piece.task}.S2 done
Evidence(refs=[cmd:node tests/check.js::OK]): ${piece.name} is reviewed, its checks pass
${next ? proposal(next) : "Next: tell the user"}`),
];

const proposal = ({ task, about }: Piece): string =>
  `Item(sheet): please ACK the sheet of ${task}, ${about}\nNext: the sheet of ${task}`;

/** One ACK, one sheet, and then the work on it begins (P71). */
const sheets = (piece: Piece) => {
  const { task, about } = piece;
  return {
    a: [
      {
        when: `please ACK the sheet of ${task}`,
        do: [tell(`ACK: open the sheet of ${task}, ${about}\nNext: its sheet by PeerB`)],
      },
      { when: `the sheet of ${task} is open`, do: begin(piece) },
    ],
    b: [
      {
        when: `ACK: open the sheet of ${task}`,
        do: [
          write(`${folder(piece)}/SUBPOR.md`, sheet(piece, false)),
          tell(
            `Progress(tag=board): the sheet of ${task} is open and says what proves ${about}\nNext: ${task} by PeerA`,
          ),
        ],
      },
    ],
  };
};

const [FIRST, MUL, NEG] = PIECES as [Piece, Piece, Piece];
export const ADD = FIRST;

const PEER_A = [
  {
    when: "Build the plan of PROJECT",
    do: [
      write("docs/por/POR.md", POR),
      ...PIECES.map((piece) => write(`${folder(piece)}/task.yaml`, plan(piece))),
      tell(`CLAIM: a plan of three tasks, T001 add, T002 mul and T003 neg, one file each
Ask(to=peerB, action=review): is this plan right?
Next: open the first sheet`),
    ],
  },
  ...PIECES.flatMap((piece) => sheets(piece).a),
  {
    when: "RFD (rfd-large-[0-9a-f]{8}) by PeerA: .change src/mul",
    do: [tell("Sign(rfd=$1, decision=approve): the table belongs to its function and cannot be split")],
  },
  {
    when: "neg is reviewed",
    do: [{ tell: { to: "user", text: "All three tasks are complete: add, mul and neg are committed and reviewed." } }],
  },
];

const PEER_B = [
  {
    when: "is this plan right",
    do: [tell(`ACK: the plan is right, each of its tasks has a proof.\n${proposal(ADD)}`)],
  },
  ...PIECES.flatMap((piece) => sheets(piece).b),
  { when: "add is in and tested", do: reviewed(ADD, MUL) },
  {
    when: "RFD (rfd-large-[0-9a-f]{8}) by PeerA: .change src/mul",
    do: [tell("Sign(rfd=$1, decision=approve): I have read all of it and it is right")],
  },
  {
    when: "mul is in and tested",
    do: [tell("Evidence(refs=[commit:deadbeef01]): mul was looked at somewhere else\nNext: T003")],
  },
  { when: "Evidence refuted: commit:deadbeef01", do: reviewed(MUL, NEG) },
  { when: "neg is in and tested", do: reviewed(NEG) },
];

/** What the two stand-ins do; whatever else they hear they only note. */
export const SCENARIO = {
  rules: [
    ...PEER_A.map((rule) => ({ seat: "PeerA", times: 1, ...rule })),
    ...PIECES.map(committed),
    ...PEER_B.map((rule) => ({ seat: "PeerB", times: 1, ...rule })),
    {
      when: "Self-check, at most one line each",
      do: [{ say: "No drift; the smallest proof is node tests/check.js." }],
    },
    {
      when: "Look after the board",
      do: [{ run: "echo '- looked after' >> docs/por/POR.md" }, { say: "The board is true." }],
    },
    { do: [{ say: "Noted." }] },
  ],
};

/** The Foreman's stand-in: one short request in the user's voice, each time. */
export const FOREMAN = {
  rules: [
    {
      do: [
        {
          say: "To: PeerB\n<TO_PEER>\nPlease look whether the risks on the board are still true, and say so in one line.\n</TO_PEER>",
        },
      ],
    },
  ],
};

/** Aux answers once. */
export const AUX = { rules: [{ do: [{ say: "mul is right: its table is a comment and changes nothing." }] }] };
