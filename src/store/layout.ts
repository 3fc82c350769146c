/**
 * Sums of local days (A88), of jobs that were created and that ended since `begin`, an SQL value. Days at its edge are whole only
 * if it is a day's first moment.
 */
export const dailyMetrics = (begin = "0"): string => `
SELECT day, SUM(started) AS started, SUM(completed) AS completed, SUM(failed) AS failed, SUM(tokens_in) AS tokens_in,
  SUM(tokens_out) AS tokens_out, SUM(cache_read) AS cache_read, SUM(cache_write) AS cache_write, SUM(cost) AS cost,
  SUM(elapsed_ms) AS elapsed_ms, SUM(files) AS files
FROM (
  SELECT date(created_at / 1000, 'unixepoch', 'localtime') AS day, 1 AS started, 0 AS completed, 0 AS failed,
    tokens_in, tokens_out, cache_read, cache_write, cost, 0 AS elapsed_ms, COALESCE(files_modified, 0) AS files
  FROM job_history WHERE created_at >= ${begin}
  UNION ALL
  SELECT date(finished_at / 1000, 'unixepoch', 'localtime'), 0, outcome = 'completed', outcome <> 'completed',
    NULL, NULL, NULL, NULL, NULL, elapsed_ms, 0
  FROM job_history WHERE finished_at >= ${begin}
) GROUP BY day`;

/** Layouts of dashboard.db, each the step from the one before. Never edited: a newer one is added. */
export const STEPS: readonly string[] = [
  // 1: what there was before layouts were numbered, and the history.
  `
CREATE TABLE IF NOT EXISTS hook_events (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, agent TEXT NOT NULL, event TEXT NOT NULL, tool TEXT,
  origin TEXT UNIQUE, payload TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS hook_events_agent ON hook_events (agent, id);
ALTER TABLE hook_events ADD COLUMN job TEXT;
ALTER TABLE hook_events ADD COLUMN file TEXT;
CREATE INDEX hook_events_job ON hook_events (job, id);
CREATE INDEX hook_events_at ON hook_events (at);

CREATE TABLE job_history (
  id TEXT PRIMARY KEY, agent TEXT NOT NULL, run INTEGER NOT NULL, status TEXT NOT NULL, state TEXT NOT NULL, outcome TEXT,
  prompt TEXT NOT NULL, whole_prompt TEXT, original_prompt TEXT NOT NULL, driver TEXT NOT NULL, hired_model TEXT,
  told_model TEXT, model TEXT GENERATED ALWAYS AS (COALESCE(told_model, hired_model)) VIRTUAL,
  reasoning TEXT, sandbox TEXT NOT NULL, parent TEXT, team TEXT, cwd TEXT NOT NULL, worktree TEXT,
  created_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER,
  elapsed_ms INTEGER GENERATED ALWAYS AS (finished_at - COALESCE(started_at, created_at)) VIRTUAL,
  tmux_session TEXT NOT NULL, pid INTEGER, exit_code INTEGER, error TEXT, result_summary TEXT, reuse_count INTEGER NOT NULL,
  depends_on TEXT NOT NULL DEFAULT '[]', session TEXT, transcripts TEXT NOT NULL DEFAULT '[]',
  tokens_in INTEGER, tokens_out INTEGER, cache_read INTEGER, cache_write INTEGER,
  told_context INTEGER, read_context INTEGER, context_size INTEGER, reckoned_cost REAL, told_cost REAL,
  tool_calls INTEGER, failed_calls INTEGER, primary_tool TEXT, files_modified INTEGER, files TEXT,
  messages INTEGER, thinking INTEGER, subagents INTEGER, last_words TEXT, duration_ms INTEGER, removed_at INTEGER,
  summary TEXT GENERATED ALWAYS AS (COALESCE(last_words, result_summary)) VIRTUAL,
  cost REAL GENERATED ALWAYS AS (COALESCE(reckoned_cost, told_cost)) VIRTUAL,
  cost_from TEXT GENERATED ALWAYS AS (
    CASE WHEN reckoned_cost IS NOT NULL THEN 'prices' WHEN told_cost IS NOT NULL THEN 'cli' END) VIRTUAL,
  context_tokens INTEGER GENERATED ALWAYS AS (COALESCE(told_context, read_context)) VIRTUAL,
  context_percent INTEGER GENERATED ALWAYS AS (CAST(ROUND(100.0 * COALESCE(told_context, read_context) / context_size) AS INTEGER)) VIRTUAL
);
CREATE INDEX job_history_created ON job_history (created_at);
CREATE INDEX job_history_finished ON job_history (finished_at);
CREATE INDEX job_history_agent ON job_history (agent, run);
CREATE INDEX job_history_status ON job_history (status, created_at);

CREATE TABLE tool_calls (
  job TEXT NOT NULL, call TEXT NOT NULL, name TEXT NOT NULL, file TEXT, at INTEGER, is_error INTEGER, duration_ms INTEGER,
  is_edit INTEGER NOT NULL DEFAULT 0, input TEXT NOT NULL, output TEXT, PRIMARY KEY (job, call)
);
CREATE INDEX tool_calls_name ON tool_calls (name, is_error, job, at);
CREATE INDEX tool_calls_name_at ON tool_calls (name, at);
CREATE INDEX tool_calls_at ON tool_calls (at);
CREATE INDEX tool_calls_file ON tool_calls (file, is_edit, job) WHERE file IS NOT NULL;

CREATE TABLE job_subagents (
  job TEXT NOT NULL, call TEXT NOT NULL, agent TEXT, kind TEXT, description TEXT NOT NULL, at INTEGER, ended_at INTEGER,
  is_error INTEGER, tokens INTEGER, tool_calls INTEGER, output TEXT, PRIMARY KEY (job, call)
);

CREATE TABLE orchestrator_queue (
  id INTEGER PRIMARY KEY, status TEXT NOT NULL, priority INTEGER NOT NULL, prompt TEXT NOT NULL, agent TEXT,
  attempts INTEGER NOT NULL, interruptions INTEGER NOT NULL, result TEXT NOT NULL, added_at INTEGER NOT NULL,
  started_at INTEGER, finished_at INTEGER, metadata TEXT NOT NULL
);
CREATE INDEX orchestrator_queue_status ON orchestrator_queue (status, priority);
CREATE TABLE orchestrator_triggers (
  name TEXT PRIMARY KEY, type TEXT NOT NULL, condition TEXT NOT NULL, action TEXT NOT NULL, autonomy TEXT NOT NULL,
  cooldown INTEGER NOT NULL, enabled INTEGER NOT NULL, fired INTEGER NOT NULL, fired_at INTEGER, added_at INTEGER NOT NULL
);
CREATE TABLE orchestrator_modes (
  name TEXT PRIMARY KEY, description TEXT NOT NULL, triggers TEXT NOT NULL, preset INTEGER NOT NULL, active INTEGER NOT NULL
);
CREATE TABLE approvals (
  id TEXT PRIMARY KEY, trigger TEXT NOT NULL, why TEXT NOT NULL, action TEXT NOT NULL, asked_at INTEGER NOT NULL,
  until INTEGER NOT NULL, decision TEXT, decided_by TEXT, decided_at INTEGER, comment TEXT
);
CREATE INDEX approvals_asked ON approvals (asked_at);
CREATE TABLE orchestrator_activity (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, what TEXT NOT NULL, result TEXT NOT NULL
);
CREATE INDEX orchestrator_activity_at ON orchestrator_activity (at);
CREATE TABLE notifications (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL, about TEXT
);
CREATE TABLE notification_reads (user TEXT NOT NULL, notification INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, notification));
CREATE TABLE teams (
  name TEXT PRIMARY KEY, topology TEXT NOT NULL, repo TEXT NOT NULL, formed_at INTEGER NOT NULL, stopped_at INTEGER,
  reason TEXT, members TEXT NOT NULL
);
CREATE TABLE history_progress (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
INSERT INTO history_progress VALUES (1, 0);

CREATE VIEW daily_metrics AS ${dailyMetrics()};
`,
];
