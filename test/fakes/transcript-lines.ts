/** Lines of a transcript, as Claude Code writes them (2.1.328): times in seconds after a beginning. */
export const at = (seconds: number) => ({ timestamp: new Date(1_700_000_000_000 + seconds * 1000).toISOString() });

/** An answer of the model `opus`, which took 1000 tokens and gave 100. */
export const say = (id: string, content: object[], more: object = {}) => ({
  type: "assistant",
  message: { id, model: "opus", content, usage: { input_tokens: 1000, output_tokens: 100 } },
  ...more,
});
export const words = (text: string) => ({ type: "text", text });
export const call = (id: string, name: string, input: object) => ({ type: "tool_use", id, name, input });
export const result = (id: string, content: string, more: object = {}, isError = false) => ({
  type: "user",
  message: { content: [{ type: "tool_result", tool_use_id: id, content, is_error: isError }] },
  ...more,
});

/** What the CLI tells the model when a sub-agent in the background stops. */
export const stopped = (id: string, callId: string, answer: string, more: object) => ({
  type: "user",
  message: {
    content: `<task-notification>
<task-id>${id}</task-id>
<tool-use-id>${callId}</tool-use-id>
<status>completed</status>
<summary>Agent finished</summary>
<result>${answer}</result>
<usage><subagent_tokens>1100</subagent_tokens><tool_uses>1</tool_uses><duration_ms>354</duration_ms></usage>
</task-notification>`,
  },
  origin: { kind: "task-notification" },
  ...more,
});
