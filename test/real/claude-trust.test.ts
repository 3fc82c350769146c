import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTrust } from "../../src/drivers/claude-trust.ts";
import { cli } from "./install.ts";
import { type Lab, startLab } from "./lab.ts";

describe.skipIf("missing" in cli)("real Claude Code in a folder that nobody has trusted", () => {
  let lab: Lab;
  beforeAll(() => {
    if (!("missing" in cli)) lab = startLab(cli.program, { permission: "workspace-write", isStranger: true });
  });
  afterAll(async () => await lab?.close());

  test("shows a dialog and keeps no record: nothing may be typed", async () => {
    await lab.until("the dialog", () => lab.glance().isDialog);
    expect(lab.glance().composer).toBeNull();
    expect(lab.state()).toBeNull();
    expect(lab.events()).toEqual([]);
  });

  test("starts without it once trust is written", async () => {
    const path = join(lab.place.home, ".claude.json");
    writeFileSync(path, withTrust(readFileSync(path, "utf8"), lab.work));
    await lab.restart();
    await lab.idle();
    expect(lab.state()?.session).toBe(lab.session);
  });
});
