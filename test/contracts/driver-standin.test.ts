import { join } from "node:path";
import { standin } from "../../src/drivers/standin.ts";
import { driverContract } from "./driver.ts";
import { DriverBench } from "./driver-bench.ts";

const muster = [process.execPath, join(import.meta.dir, "standin-main.ts")];

driverContract("standin", () => new DriverBench({ driver: standin, muster }), {
  short: "SAY: hello",
  long: "DELAY: 1500",
  ask: () => "ASK: Bash touch asked.txt",
  tool: ["Write", "WRITE: made.txt text"],
});
