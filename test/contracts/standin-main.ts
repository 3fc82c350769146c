import { runStandin } from "../../src/drivers/standin/program.ts";

/** Stands for `muster` in tests of the stand-in: `standin-main.ts standin ...`. */
await runStandin(process.argv.slice(3));
