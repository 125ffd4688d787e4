/**
 * A run and its records. Times are integers of nanoseconds: since the run's origin for what the lab reports, since
 * load start for operations. What is only ever read whole is JSON; what is counted or sorted is a column.
 */
export const sql = `
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  plan_text TEXT NOT NULL,
  plan_sha256 TEXT NOT NULL,
  seed INTEGER NOT NULL,
  started_wall_ms INTEGER NOT NULL,
  host TEXT NOT NULL,
  version TEXT NOT NULL,
  lab TEXT NOT NULL,
  -- null until the run is closed: it goes on, or was killed half-way
  end TEXT CHECK (end IN ('COMPLETED', 'CANCELED', 'ERRORED')),
  stopped_by TEXT,
  invalid TEXT,
  not_sent INTEGER,
  load_start_ns INTEGER,
  ended_ns INTEGER,
  -- null until the run is judged
  verdict TEXT CHECK (verdict IN ('HELD', 'NOT_HELD', 'INCONCLUSIVE')),
  valid INTEGER CHECK (valid IN (0, 1)),
  model TEXT
) STRICT;
CREATE INDEX run_started ON run (started_wall_ms);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  at_ns INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX event_at ON event (run_id, at_ns);

CREATE TABLE quorum_ack (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  node TEXT NOT NULL,
  term INTEGER NOT NULL,
  sent_ns INTEGER NOT NULL,
  at_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX quorum_ack_at ON quorum_ack (run_id, at_ns);

CREATE TABLE node_sample (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  at_ns INTEGER NOT NULL,
  node TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX node_sample_at ON node_sample (run_id, at_ns);

CREATE TABLE lab_sample (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  at_ns INTEGER NOT NULL,
  process TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX lab_sample_at ON lab_sample (run_id, at_ns);

CREATE TABLE load_interval (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  second INTEGER NOT NULL,
  intended INTEGER NOT NULL,
  ok INTEGER NOT NULL,
  fail INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  -- HdrHistogram V2, compressed
  response_histogram BLOB NOT NULL,
  send_lag_histogram BLOB NOT NULL
) STRICT;
CREATE INDEX load_interval_second ON load_interval (run_id, second);

CREATE TABLE operation (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  client TEXT NOT NULL,
  key TEXT NOT NULL,
  op TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'fail', 'unknown')),
  intended_ns INTEGER NOT NULL,
  start_ns INTEGER NOT NULL,
  end_ns INTEGER,
  settled_ns INTEGER NOT NULL,
  value TEXT,
  -- "key absent" is an answer and not the same as "does not apply": 1 expect, 2 result, 4 prior apply
  applies INTEGER NOT NULL,
  expect TEXT,
  result TEXT,
  prior TEXT,
  swapped INTEGER,
  log_index INTEGER,
  censored INTEGER NOT NULL,
  checked INTEGER NOT NULL,
  node TEXT,
  attempts INTEGER NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX operation_start ON operation (run_id, start_ns);
`
