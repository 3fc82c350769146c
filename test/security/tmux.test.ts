import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { visible } from "../../src/core/text.ts";
import { createLab, openRecorder, pasted, until } from "../../src/tmux/fixture.ts";
import { Seeded } from "../simulation/random.ts";

// A secret of the daemon's own environment; no pane and no server may know it.
process.env.MUSTER_CANARY = "canary-5b1f";
const lab = await createLab();
const { terminals } = lab;
afterAll(() => lab.end());

const raw = (...args: string[]) => Bun.spawnSync(["tmux", "-S", join(lab.folder, "tmux.sock"), ...args]);
const pwned = () => readdirSync(lab.folder, { recursive: true }).filter((name) => basename(String(name)) === "pwn");
/** Runs in whatever folder tmux would run it, and leaves its canary where it is looked for. */
const LIVE = "#(cd $MUSTER_TERMINALS;touch pwn)";
const tricks = [
  LIVE,
  "#(touch pwn)",
  "#{E:@x}",
  "#[fg=red]",
  "x#(touch$IFS\\pwn)",
  "$(touch pwn)",
  "`touch pwn`",
  "'; touch pwn; '",
];

test("S22 formats and shell words in folders, arguments, environment and titles stay text", async () => {
  await terminals.open(lab.order("s22", ["/bin/cat"]));
  expect(raw("set-option", "-g", "@x", `#(touch ${join(lab.folder, "pwn")})`).exitCode).toBe(0);
  for (const [n, trick] of tricks.entries()) {
    const cwd = join(lab.folder, "work", trick.replaceAll("/", ""));
    mkdirSync(cwd, { recursive: true });
    const script = 'printf "%s|%s|%s" "$PWD" "$1" "$TRICK"; printf "\\033]2;%s\\007" "$1"; exec cat';
    const env = { PATH: process.env.PATH ?? "", TRICK: trick };
    const argv = ["/bin/sh", "-c", script, "sh", trick];
    const { pane, log } = await terminals.open(lab.order(`trick-${n}`, argv, { cwd, env }));
    await until(() => readFileSync(log, "utf8").startsWith(`${cwd}|${trick}|${trick}`));
    await until(async () => (await terminals.screen(pane)).title === trick);
    await terminals.paste(pane, trick);
    await terminals.press(pane, [{ text: trick }]);
    await until(() => readFileSync(log, "utf8").split(trick).length > 4);
  }
  for (const trick of tricks) {
    await expect(terminals.open(lab.order(trick, ["true"]))).rejects.toThrow("not an agent id");
    await expect(terminals.layout(trick, "solo", {})).rejects.toThrow("not an agent id");
  }
  // The trap itself works: where tmux does expand, the canary appears.
  expect(pwned()).toEqual([]);
  const control = join(lab.folder, "control");
  await until(() => raw("display-message", "-p", `#(touch ${control})`).exitCode === 0 && existsSync(control));
});

test("S23 texts that end in a semicolon arrive byte for byte", async () => {
  const { pane, got } = await openRecorder(lab, "s23");
  const texts = ["a;", ";", "a \\;", "one;\ntwo;\n;", "b;;", "\\", "a\\"];
  for (const text of texts) await terminals.paste(pane, text);
  for (const text of texts) await terminals.press(pane, [{ text }]);
  const expected = texts.map(pasted).join("") + texts.join("");
  await until(async () => (await got()).length >= expected.length);
  expect(await got()).toBe(expected);
});

test("S24 texts that look like keys, flags or targets arrive as text", async () => {
  const { pane, got } = await openRecorder(lab, "s24");
  const texts = [
    "Enter",
    "C-c",
    "-X cancel",
    "-R",
    "%0",
    "~",
    "!id",
    "/exit",
    "#note",
    "@file",
    "--",
    "-t %0",
    "$HOME",
  ];
  for (const text of texts) await terminals.paste(pane, text);
  for (const text of texts) await terminals.press(pane, [{ text }]);
  const expected = texts.map(pasted).join("") + texts.join("");
  await until(async () => (await got()).length >= expected.length);
  expect(await got()).toBe(expected);
});

test("S25 no text ends its own paste", async () => {
  const { pane, got } = await openRecorder(lab, "s25");
  const texts = ["x \u001b[201~\r rm -rf\r", "\u009b201~\r", "\u001b", "[201~\r"];
  for (const text of texts) await terminals.paste(pane, text);
  await terminals.paste(pane, "last");
  await until(async () => (await got()).endsWith(pasted("last")));
  const all = await got();
  expect(all).toBe([...texts.map((it) => pasted(visible(it))), pasted("last")].join(""));
  expect(all.match(/\u001b/g)?.length).toBe((texts.length + 1) * 2);
  expect(all).not.toContain("\r");
});

test("S26 controls and hidden characters are shown, not sent; long texts are refused", async () => {
  const { pane, got } = await openRecorder(lab, "s26");
  const controls = Array.from({ length: 160 }, (_, code) => String.fromCharCode(code)).join("");
  const text = `${controls}\u202e\u2066\u200b\u{e0041}\ud800 ${"y".repeat(60_000)}`;
  await terminals.paste(pane, text);
  await until(async () => (await got()).endsWith("\u001b[201~"));
  const inner = (await got()).slice(6, -6);
  expect(inner).toBe(Buffer.from(visible(text)).toString());
  expect(inner).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/);
  expect(inner).toContain("⟨U+202E⟩");
  await expect(terminals.paste(pane, "z".repeat(1024 * 1024 + 1))).rejects.toThrow("too long");
});

test("S27 no value reaches the control client as a command", async () => {
  const { pane, got } = await openRecorder(lab, "s27");
  const attack = "\n run-shell 'touch pwn'\n";
  for (const bad of [attack, `%1${attack}`, "%1; kill-server", "=s27", "", "%"]) {
    await expect(terminals.paste(bad, "x")).rejects.toThrow("not a pane id");
    await expect(terminals.press(bad, [{ text: "x" }])).rejects.toThrow("not a pane id");
    await expect(terminals.screen(bad)).rejects.toThrow("not a pane id");
    await expect(terminals.resize(bad, 80, 24)).rejects.toThrow("not a pane id");
    await expect(terminals.close(bad)).rejects.toThrow("not a pane id");
    await expect(terminals.open(lab.order(bad, ["true"]))).rejects.toThrow("not an agent id");
  }
  await expect(terminals.press(pane, [{ text: "a\0b" }])).rejects.toThrow("NUL");
  await expect(terminals.press(pane, [{ key: attack as "Enter" }])).rejects.toThrow("not a key");
  await expect(
    terminals.open(lab.order("a", ["true"], { incarnation: attack as unknown as number })),
  ).rejects.toThrow();
  await expect(terminals.open(lab.order("a", ["true"], { cols: attack as unknown as number }))).rejects.toThrow();
  await expect(terminals.open(lab.order("a", ["true"], { env: { [`A${attack}`]: "x" } }))).rejects.toThrow(
    "environment",
  );
  await expect(terminals.open(lab.order("a", [`-x${attack}`]))).rejects.toThrow("a program");
  await expect(terminals.resize(pane, attack as unknown as number, 24)).rejects.toThrow("columns");
  await terminals.history(pane, attack as unknown as number).catch(() => []);
  await expect(terminals.layout(attack, "solo", {})).rejects.toThrow("not an agent id");
  await expect(terminals.layout("a", "solo", { console: { agent: attack } })).rejects.toThrow("not an agent id");
  expect(() => terminals.attachArgv(attack)).toThrow("not an agent id");
  expect(pwned()).toEqual([]);
  expect(await got()).toBe("");
});

test("S27 of ten thousand random texts every byte arrives and none is a command", async () => {
  const { pane, got } = await openRecorder(lab, "s27-fuzz");
  const random = new Seeded(27);
  const parts = [
    ...[
      "\n run-shell 'touch pwn'\n",
      "\r",
      "\n",
      ";",
      " ; ",
      '"',
      "'",
      "\\",
      "\\012",
      "\\;",
      "#(touch pwn)",
      "#{E:@x}",
    ],
    ...[
      "}",
      "{",
      "%",
      "%end 1 1 1",
      "~",
      "$HOME",
      "`id`",
      "\t",
      "\x1b",
      "\x03",
      "é",
      "漢",
      "👩‍🚀",
      "a",
      " ",
      "-",
      "kill-server",
    ],
  ];
  const texts = Array.from({ length: 10_000 }, () =>
    Array.from({ length: 1 + random.upTo(6) }, () => parts[random.upTo(parts.length)] ?? "").join(""),
  );
  await Promise.all(texts.map((text) => terminals.press(pane, [{ text }])));
  const expected = texts.join("");
  await until(async () => Buffer.byteLength(await got()) >= Buffer.byteLength(expected), 20_000);
  expect((await got()) === expected).toBe(true);
  expect(pwned()).toEqual([]);
}, 30_000);

test("S28 an action hits exactly the pane it names", async () => {
  const one = await openRecorder(lab, "agent-1");
  const ten = await openRecorder(lab, "agent-10");
  await terminals.paste(one.pane, "for one");
  await terminals.paste(ten.pane, "for ten");
  await until(async () => (await one.got()) !== "" && (await ten.got()) !== "");
  expect([await one.got(), await ten.got()]).toEqual([pasted("for one"), pasted("for ten")]);
  for (const bad of ["*", "=a", "a:b", "a.b", "a".repeat(300), "👩‍🚀", "../a", ".exits", "A", ""])
    await expect(terminals.open(lab.order(bad, ["true"]))).rejects.toThrow("not an agent id");
  await terminals.close(one.pane);
  await expect(terminals.paste(one.pane, "nobody")).rejects.toThrow("gone");
  const left = (await terminals.list()).map((it) => it.agent);
  expect([left.includes("agent-1"), left.includes("agent-10")]).toEqual([false, true]);
  expect(await ten.got()).toBe(pasted("for ten"));
});

test("S20 a program has exactly the environment of its order; the server knows no secret", async () => {
  const env = { PATH: process.env.PATH ?? "", ONLY: "a 'b'\n$HOME\\;", IFS: "x" };
  const { pid } = await terminals.open(lab.order("env", ["/bin/cat"], { env }));
  await until(() => readFileSync(`/proc/${pid}/cmdline`, "latin1") === "/bin/cat\0");
  const found = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  const names = found.map((it) => it.slice(0, it.indexOf("="))).sort();
  const fromTmux = ["TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TMUX", "TMUX_PANE"];
  expect(names).toEqual([...Object.keys(env), ...fromTmux].sort());
  for (const [name, value] of Object.entries(env)) expect(found).toContain(`${name}=${value}`);
  expect(raw("show-environment", "-g").stdout.toString()).not.toContain("CANARY");
  const server = readFileSync(join(lab.folder, "tmux.pid"), "utf8").split("\n")[0];
  expect(readFileSync(`/proc/${server}/environ`, "utf8")).not.toContain("canary");
  expect(readdirSync(join(lab.folder, "launch"))).toEqual([]);
});

test("S29 a program cannot write the buffers or the name of its window", async () => {
  const script =
    "printf '\\033]52;c;cHdu\\007\\033Ptmux;\\033\\033]52;c;cHdu\\007\\033\\\\\\033kpwn\\033\\\\done'; exec cat";
  const { pane } = await terminals.open(lab.order("osc", ["/bin/sh", "-c", script]));
  await until(async () => (await terminals.screen(pane)).plain.join("").includes("done"));
  expect(raw("list-buffers").stdout.toString()).toBe("");
  expect(raw("list-windows", "-a", "-F", "#{window_name}").stdout.toString()).not.toContain("pwn");
});
