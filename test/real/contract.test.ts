import { afterAll, beforeAll, describe } from "bun:test";
import { claude } from "../../src/drivers/claude.ts";
import { driverContract } from "../contracts/driver.ts";
import { DriverBench } from "../contracts/driver-bench.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { cli } from "./install.ts";
import { environmentFor, seedHome } from "./seed.ts";

const command = "missing" in cli ? "" : cli.program;

describe.skipIf("missing" in cli)("the contract of drivers, with the real program", () => {
  let model: ModelServer;
  beforeAll(() => {
    model = startModelServer();
  });
  afterAll(() => model.stop());

  const bench = () => {
    const env = environmentFor(model.url);
    return new DriverBench({ driver: claude, hire: { command }, env, patience: 15_000, prepare: seedHome });
  };

  driverContract("claude", bench, {
    short: "SAY: hello",
    long: "DELAY: 4000",
    ask: ({ root }) => `WRITE: ${root}/asked.txt x`,
    returned: "Original prompt: From PeerB",
    tool: ["Write", "WRITE: made.txt text"],
  });
});
