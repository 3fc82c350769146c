import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** An MCP server by stdio with one tool, which writes: `bun mcp-writer-main.ts FILE`. Each of its starts is a line of FILE. */
const [file = ""] = process.argv.slice(2);
appendFileSync(file, "started\n");

const ANSWERS: Record<string, (params: { arguments?: { text?: string }; protocolVersion?: string }) => unknown> = {
  initialize: ({ protocolVersion }) => ({
    ...{ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "writer", version: "1" } },
  }),
  "tools/list": () => ({
    tools: [{ name: "write", description: "writes", inputSchema: { type: "object", properties: {} } }],
  }),
  "tools/call": () => {
    appendFileSync(file, "called\n");
    return { content: [{ type: "text", text: "written" }] };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  const result = ANSWERS[method]?.(params ?? {});
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: result ?? {} }));
}
