import { afterAll, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
const node = Bun.which("node");
const it = test.skipIf(!node);
const root = mkdtempSync(join(tmpdir(), "muster-setup-"));
const bin = join(root, "bin");
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A program of the machine; `text`: what it does, as sh. */
function program(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}
const tmux = (version: string) => program("tmux", `echo "tmux ${version}"`);

beforeEach(() => {
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
  for (const name of ["env", "cat"]) symlinkSync(Bun.which(name) ?? "", join(bin, name));
  program("git", 'echo "git version 2.43.0"');
});

/** The installer on a machine that has these programs alone, for a person without root unless it is said. */
function install({ platform = "linux", uid = 1000 } = {}): { code: number | null; out: string; err: string } {
  const machine = join(root, "machine.cjs");
  writeFileSync(
    machine,
    `Object.defineProperty(process, "platform", { value: "${platform}" }); process.getuid = () => ${uid};`,
  );
  const env = { PATH: bin, HOME: root, MUSTER_HOME: join(root, "home"), NODE_OPTIONS: `--require ${machine}` };
  const argv = [node ?? "", join(ROOT, "setup/run.mjs"), "install"];
  const { exitCode, stdout, stderr } = Bun.spawnSync(argv, { env, cwd: root });
  return { code: exitCode, out: stdout.toString(), err: stderr.toString() };
}
const refused = (err: string) => ({ code: 1, out: "", err: `muster: ${err}\n` });
const NEEDS = "Muster needs tmux 3.2 or newer";

it("A110 without tmux, and without a way to bring it unasked, the exact command is said and nothing is changed", () => {
  const managers: [name: string, says: string][] = [
    ["apt-get", "type: sudo apt-get install -y -q --no-install-recommends tmux"],
    ["dnf", "type: sudo dnf install -y tmux"],
    ["apk", "type: sudo apk add tmux"],
    ["pacman", "type: sudo pacman -Sy --noconfirm tmux"],
  ];
  for (const [name, says] of managers) {
    program(name, "touch $0.called");
    expect(install()).toEqual(refused(`tmux is missing: ${NEEDS}; ${says}`));
    expect(existsSync(join(bin, `${name}.called`))).toBe(false);
    rmSync(join(bin, name));
  }
  expect(install()).toEqual(refused(`tmux is missing: ${NEEDS}; install tmux with your system's package manager`));
  const mac = "install Homebrew, then type: brew install tmux";
  expect(install({ platform: "darwin" })).toEqual(refused(`tmux is missing: ${NEEDS}; ${mac}`));
});

it("A110 a tmux that is too old and a git that is missing are named with the command that mends it", () => {
  program("dnf", "exit 1");
  tmux("3.1c");
  expect(install()).toEqual(refused(`tmux 3.1c is too old: ${NEEDS}; type: sudo dnf install -y tmux`));
  rmSync(join(bin, "git"));
  expect(install()).toEqual(refused("git is missing; type: sudo dnf install -y git"));
});

it("A110 an installation that fails shows what the package manager said, and the command to type", () => {
  program("apt-get", 'echo "E: no network" >&2; exit 100');
  const { code, out, err } = install({ uid: 0 });
  expect([code, out]).toEqual([1, "setup: tmux is missing; installing it with apt-get\n"]);
  expect(err).toBe(
    `E: no network\nmuster: tmux is missing: ${NEEDS}; type: apt-get install -y -q --no-install-recommends tmux\n`,
  );
});

const isSetUp = existsSync(join(ROOT, "node_modules/.muster-bun"));
test.skipIf(!node || !isSetUp)(
  "A110 Homebrew brings tmux without root; then it says how to type muster, and ends with its health",
  () => {
    program(
      "brew",
      `echo "$*" > "$0.called"; printf '#!/bin/sh\\necho "tmux 3.5"\\n' > "${bin}/tmux"; /bin/chmod 755 "${bin}/tmux"`,
    );
    const { code, out } = install();
    expect([code, readFileSync(join(bin, "brew.called"), "utf8")]).toEqual([0, "install tmux\n"]);
    expect(out).toContain("setup: tmux is missing; installing it with brew\n");
    expect(out).toContain(`ln -s "${join(ROOT, "bin/muster")}" "${root}/.local/bin/muster"\n`);
    expect(out).toContain(`export PATH="${root}/.local/bin:$PATH"\n`);
    expect(out.trimEnd().split("\n").at(-1)).toStartWith("Status: ");
    expect(existsSync(join(root, "home"))).toBe(false);
  },
);
