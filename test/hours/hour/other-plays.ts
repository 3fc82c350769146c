import { ADD, begin, committed, folder, POR, plan, tell, write } from "./play.ts";

/** Alone: the System keeps the rhythm, and the user hears at the end. */
export const SOLO = {
  rules: [
    {
      when: "Build add alone",
      do: [write("docs/por/POR.md", POR), write(`${folder(ADD)}/task.yaml`, plan(ADD)), ...begin(ADD)],
    },
    { ...committed(ADD), do: [tell("progress: T001.S1 done\nProgress(tag=impl): add is in\nNext: review add")] },
    {
      when: "OK. Continue: review add",
      do: [
        { run: "node tests/check.js" },
        tell("progress: T001.S2 done\nProgress(tag=test): its checks pass\nNext: tell the user"),
      ],
    },
    {
      when: "OK. Continue: tell the user",
      do: [{ tell: { to: "user", text: "add is committed, and its checks pass." } }],
    },
    { do: [{ say: "Noted." }] },
  ].map((rule, index, all) => ({ seat: "PeerA", ...(index < all.length - 1 ? { times: 1 } : {}), ...rule })),
};

const POLITE = [
  ...[
    "Your words about the bridge were a delight to read this morning",
    "How true, rivers do bend where nobody expects them to",
  ],
  ...[
    "I could not agree more, gardens need patience above everything",
    "Splendid, clouds over the harbour always lift my mood, too",
  ],
  ...[
    "What a thought, lanterns in winter make every street friendlier",
    "Indeed, trains at night carry so many stories along with them",
  ],
  ...[
    "Lovely, mountains seen from far away seem to be painted in blue",
    "Quite so, old books smell of dust and of long quiet afternoons",
  ],
  ...[
    "Certainly, bakers rise early and earn everybody's gratitude",
    "Of course, swallows return each spring to exactly the same roof",
  ],
  ...[
    "Wonderful, chess by the window teaches humility to everyone",
    "Yes, violins in an empty hall sound like somebody remembering",
  ],
];

/** Two that answer each other politely for ever, and say nothing. */
export const ECHO = {
  rules: [
    ...POLITE.map((text, n) => ({
      ...{ seat: n % 2 === 0 ? "PeerA" : "PeerB", times: 1, do: [tell(text)] },
      when: n === 0 ? "Be polite" : "^From Peer[AB]",
    })),
    { do: [{ say: "Noted." }] },
  ],
};
