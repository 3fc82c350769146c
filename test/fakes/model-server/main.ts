import { parseArgs } from "node:util";
import type { Rule } from "./script.ts";
import { startModelServer } from "./server.ts";

const { values } = parseArgs({ options: { port: { type: "string" }, rules: { type: "string" } } });
const rules = values.rules ? ((await Bun.file(values.rules).json()) as Rule[]) : [];
const server = startModelServer({ rules, port: Number(values.port ?? 0) });
process.stdout.write(`${server.url}\n`);
