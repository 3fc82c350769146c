/** What one request says, without the protocol. */
export interface Turn {
  model: string;
  isStream: boolean;
  system: string;
  /** The newest words of the user, the CLI's own notes removed. */
  user: string;
  /** Everything the user said in this conversation, notes included: proof of what reached the model. */
  said: string[];
  /** Results of tools since `user`, oldest first. */
  toolResults: string[];
  /** Names of the tools that the CLI offers. */
  tools: string[];
  /** Estimate: bytes of the request / 4. */
  inputTokens: number;
}

interface Call {
  tool: string;
  input: Record<string, unknown>;
}

/** What the model answers. Times are milliseconds. */
export interface Reply {
  text?: string;
  calls?: Call[];
  /** Wait before the first byte. */
  delay?: number;
  /** Wait between streamed pieces. */
  pace?: number;
  usage?: { input?: number; output?: number; cacheRead?: number };
  error?: { status: number; message?: string /** Seconds. */; retryAfter?: number };
  /** Take the request and never answer. */
  hang?: boolean;
  /** Cut the connection in the middle of the stream. */
  drop?: boolean;
}

/** Every given condition must hold; texts are case-insensitive regular expressions. */
export interface When {
  model?: string;
  system?: string;
  user?: string;
  /** The newest tool result; there must be one. */
  toolResult?: string;
  /** Number of tool results since the user's words. */
  step?: number;
}

export interface Rule {
  name?: string;
  when: When;
  /** At most so often; then later rules are asked. */
  times?: number;
  reply: Reply;
}

export interface Decision {
  reply: Reply;
  /** The rule that decided, for the log. */
  by: string;
}

export interface Script {
  decide(turn: Turn): Decision;
  load(rules: Rule[]): void;
}

/** The brain: rules first, then directive lines of the prompt, then an echo. */
export function makeScript(first: Rule[] = []): Script {
  let rules = first;
  let used = new Map<Rule, number>();
  let errorsSent = new Map<string, number>();
  const errorLeft = (user: string, times: number): boolean => {
    const sent = errorsSent.get(user) ?? 0;
    errorsSent.set(user, sent + 1);
    return sent < times;
  };
  return {
    load(next) {
      rules = next;
      used = new Map();
      errorsSent = new Map();
    },
    decide(turn) {
      for (const rule of rules) {
        const count = used.get(rule) ?? 0;
        if (count >= (rule.times ?? Number.POSITIVE_INFINITY) || !fits(rule.when, turn)) continue;
        used.set(rule, count + 1);
        return { reply: rule.reply, by: rule.name ?? "rule" };
      }
      // Requests without tools are the CLI's own (titles, compaction summaries): a prompt must not script those.
      if (turn.tools.length === 0) return { reply: { text: "scripted side reply" }, by: "side" };
      return { reply: follow(turn, errorLeft), by: "directives" };
    },
  };
}

const fitsText = (pattern: string | undefined, text: string | undefined): boolean =>
  pattern === undefined || (text !== undefined && new RegExp(pattern, "is").test(text));

const fits = (when: When, turn: Turn): boolean =>
  (when.step === undefined || when.step === turn.toolResults.length) &&
  fitsText(when.model, turn.model) &&
  fitsText(when.system, turn.system) &&
  fitsText(when.user, turn.user) &&
  fitsText(when.toolResult, turn.toolResults.at(-1));

export interface Directives extends Reply {
  calls: Call[];
  say?: string;
  errorTimes?: number;
}

const MARK = /⟦\/?m:[^⟧\n]*⟧/g;
/** A line of directives, also as Claude Code's Read tool numbers it. */
const LINE =
  /^[ \t>]*(?:\d+[→\t])?[ \t]*(SCRIPT|WRITE|READ|CALL|SAY|DELAY|PACE|USAGE|ERROR|HANG|DROP):[ \t]*(.*?)[ \t]*$/gm;
/** A letter by its name alone, or a file of an inbox. */
const LETTER = /(\/[^\s"'`<>]+\.md|\/[^\s"'`<>]+\/inbox\/[^\s"'`<>]+\.txt)\b/;

const jsonOr = (text: string): Record<string, unknown> => (text ? (JSON.parse(text) as Record<string, unknown>) : {});

type Apply = (order: Directives, rest: string, words: string[]) => void;
const APPLY: Record<string, Apply> = {
  SCRIPT: (order, rest) => order.calls.push({ tool: "Bash", input: { command: rest, description: "scripted" } }),
  WRITE: (order, rest, [path = ""]) =>
    order.calls.push({ tool: "Write", input: { file_path: path, content: `${rest.slice(path.length).trim()}\n` } }),
  READ: (order, rest) => order.calls.push({ tool: "Read", input: { file_path: rest } }),
  CALL: (order, rest, [tool = ""]) => order.calls.push({ tool, input: jsonOr(rest.slice(tool.length).trim()) }),
  SAY: (order, rest) => {
    order.say = order.say === undefined ? rest : `${order.say}\n${rest}`;
  },
  DELAY: (order, rest) => {
    order.delay = Number(rest);
  },
  PACE: (order, rest) => {
    order.pace = Number(rest);
  },
  USAGE: (order, rest) => {
    order.usage = { input: Number(rest) };
  },
  ERROR: (order, _rest, [status, times, retryAfter]) => {
    order.error = { status: Number(status), ...(retryAfter ? { retryAfter: Number(retryAfter) } : {}) };
    order.errorTimes = times ? Number(times) : Number.POSITIVE_INFINITY;
  },
  HANG: (order) => {
    order.hang = true;
  },
  DROP: (order) => {
    order.drop = true;
  },
};

/** Reads directive lines; Muster's marks count as line ends, so that a one-line letter can carry a directive. */
export function directivesOf(text: string): Directives {
  const order: Directives = { calls: [] };
  for (const [, key = "", rest = ""] of text.replace(MARK, "\n").matchAll(LINE))
    APPLY[key]?.(order, rest, rest.split(/\s+/));
  return order;
}

/** A prompt that only names a letter is read first; the directives in the letter count then, as a model would do it. */
function ordersOf(turn: Turn): Directives {
  const own = directivesOf(turn.user);
  const letter = turn.user.match(LETTER)?.[1];
  if (own.calls.length > 0 || own.say !== undefined || !letter || !turn.tools.includes("Read")) return own;
  const inside = directivesOf(turn.toolResults[0] ?? "");
  return { ...inside, calls: [{ tool: "Read", input: { file_path: letter } }, ...inside.calls] };
}

function follow(turn: Turn, errorLeft: (user: string, times: number) => boolean): Reply {
  const { calls, say, error, errorTimes = 0, ...reply } = ordersOf(turn);
  if (error && errorLeft(turn.user, errorTimes)) return { ...reply, error };
  const step = turn.toolResults.length;
  const call = calls[step];
  if (call) return { ...reply, text: `Step ${step + 1} of ${calls.length}.`, calls: [call] };
  const echo = `ECHO: ${turn.user.replace(/\s+/g, " ").trim().slice(0, 60)}`;
  return { ...reply, text: say ?? (calls.length > 0 ? "DONE" : echo) };
}
