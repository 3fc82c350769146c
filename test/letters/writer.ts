import { closeSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Seeded } from "../simulation/random.ts";
import { letter } from "./letter.ts";

/** An agent that writes letters at random gaps of 0-50 ms: `bun writer.ts out|blind|chunks|loose BOX SEED COUNT`. */
const [way = "", box = "", seed = "1", count = "1"] = process.argv.slice(2);
const random = new Seeded(Number(seed));

const ways: Record<string, (n: number) => Promise<void>> = {
  out: async (n) => {
    const temporary = join(box, `.${seed}-${n}.tmp`);
    writeFileSync(temporary, letter(seed, n, random.upTo(4000)));
    renameSync(temporary, join(box, "out", `${seed}-${n}.to_peer.md`));
  },
  blind: async (n) => writeFileSync(join(box, "to_peer.md"), letter(seed, n, random.upTo(20_000))),
  chunks: (n) => pieces(letter(seed, n, 40_000)),
  // Without tag and fence only stillness tells that it is whole.
  loose: (n) =>
    pieces(
      letter(seed, n, 40_000)
        .replace(/<\/?TO_PEER>\n/g, "")
        .replace(/```insight[\s\S]*/, ""),
    ),
};

async function pieces(text: string): Promise<void> {
  const file = openSync(join(box, "to_peer.md"), "w");
  const size = Math.ceil(text.length / 20);
  for (let at = 0; at < text.length; at += size) {
    writeSync(file, text.slice(at, at + size));
    await Bun.sleep(random.upTo(20));
  }
  closeSync(file);
}

for (let n = 1; n <= Number(count); n += 1) {
  await ways[way]?.(n);
  await Bun.sleep(random.upTo(50));
}
