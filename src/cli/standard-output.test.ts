import { expect, test } from "bun:test";
import { join } from "node:path";

const PROGRAM = `
const { write, written } = await import(${JSON.stringify(join(import.meta.dir, "standard-output.ts"))});
const code = await (async () => {
  try {
    for (let n = 0; n < 20; n++) write(new TextEncoder().encode(String(n).padEnd(50_000, ".")));
    await written();
    return "written";
  } catch (error) {
    return error.code;
  }
})();
console.error(code);
process.exit(0);
`;

/** What this reader got of a megabyte, and what the writer says of it. */
async function piped(reader: string): Promise<[string, string]> {
  const ran = Bun.spawn(["sh", "-c", `"$0" --no-install -e "$1" ${reader}`, process.execPath, PROGRAM], {
    ...{ stdout: "pipe", stderr: "pipe", env: { PATH: process.env.PATH ?? "" } },
  });
  return Promise.all([new Response(ran.stdout).text(), new Response(ran.stderr).text()]);
}

test("a reader that takes byte after byte gets everything, in order", async () => {
  const [out, said] = await piped("| { dd bs=1 count=3000 2>/dev/null; cat; }");
  const numbers = out.split(/\.+/).filter(Boolean).map(Number);
  expect([out.length, numbers, said]).toEqual([1_000_000, Array.from({ length: 20 }, (_, n) => n), "written\n"]);
});

test("a reader that left, and a disk that is full, are told", async () => {
  expect((await piped("| true"))[1]).toBe("EPIPE\n");
  expect((await piped("> /dev/full"))[1]).toBe("ENOSPC\n");
});
