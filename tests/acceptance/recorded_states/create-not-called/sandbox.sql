BEGIN TRANSACTION;
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, task INTEGER NOT NULL, occurrence INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, real REAL NOT NULL, target TEXT NOT NULL,
  msgkey TEXT NOT NULL, revoked_ms INTEGER);
CREATE TABLE faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, kind TEXT NOT NULL, times INTEGER,
  after INTEGER NOT NULL, match TEXT, seconds REAL, effect TEXT NOT NULL, hits INTEGER NOT NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('clock','[1796086800.0, 0.0, 0.0]');
INSERT INTO "meta" VALUES('knobs','{"quota.limit": 100, "quota.counts": "tasks", "service_timezone": "Asia/Shanghai", "window_days": 180}');
CREATE TABLE msgkeys (
  app TEXT NOT NULL, workspace TEXT NOT NULL, msgkey TEXT NOT NULL, task INTEGER NOT NULL,
  PRIMARY KEY (app, workspace, msgkey, task)) WITHOUT ROWID;
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE INDEX nonces_expiry ON nonces (expires);
DELETE FROM "sqlite_sequence";
COMMIT;
PRAGMA application_id=1886610040;
PRAGMA user_version=1;
