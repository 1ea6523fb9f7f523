-- Columns that end in _ms are epoch milliseconds of the sandbox's clock, `real` columns epoch
-- seconds of the machine's.
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- kind, template and texts are new in version 2. kind: 0 simple, 1 template, 2 batch, 3 broadcast
-- (its targets are {}, its message key is Msgkey of params). texts: which params differ for a target
-- of a batch, as JSON {target: {Title, Content, Uri, ExtendedParams}}.
CREATE TABLE IF NOT EXISTS tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL,
  kind INTEGER NOT NULL DEFAULT 0, template INTEGER, texts TEXT);
CREATE INDEX IF NOT EXISTS tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE TABLE IF NOT EXISTS occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS occurrences_task ON occurrences (task);
CREATE INDEX IF NOT EXISTS occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE TABLE IF NOT EXISTS msgkeys (
  app TEXT NOT NULL, workspace TEXT NOT NULL, msgkey TEXT NOT NULL, task INTEGER NOT NULL,
  PRIMARY KEY (app, workspace, msgkey, task)) WITHOUT ROWID;
-- title and content are new in version 2: the text of this target where it is not that of the task.
CREATE TABLE IF NOT EXISTS deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, task INTEGER NOT NULL, occurrence INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, real REAL NOT NULL, target TEXT NOT NULL,
  msgkey TEXT NOT NULL, revoked_ms INTEGER,
  title TEXT, content TEXT);
CREATE INDEX IF NOT EXISTS deliveries_message ON deliveries (msgkey, target);
CREATE TABLE IF NOT EXISTS requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, kind TEXT NOT NULL, times INTEGER,
  after INTEGER NOT NULL, match TEXT, seconds REAL, effect TEXT NOT NULL, hits INTEGER NOT NULL);
-- New in version 2. fields: the parameters that made it, as JSON.
CREATE TABLE IF NOT EXISTS templates (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, workspace TEXT NOT NULL,
  name TEXT NOT NULL, fields TEXT NOT NULL, created_ms INTEGER NOT NULL,
  UNIQUE (app, workspace, name));
-- What waits, by app: to count it for each new task would take ever longer.
CREATE TABLE IF NOT EXISTS waiting (
  app TEXT NOT NULL, workspace TEXT NOT NULL, tasks INTEGER NOT NULL, occurrences INTEGER NOT NULL,
  PRIMARY KEY (app, workspace)) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS task_added AFTER INSERT ON tasks
WHEN NEW.strategy_type > 0 AND NEW.pending > 0 BEGIN
  INSERT INTO waiting VALUES (NEW.app, NEW.workspace, 1, NEW.pending)
  ON CONFLICT DO UPDATE SET tasks = tasks + 1, occurrences = occurrences + NEW.pending; END;
CREATE TRIGGER IF NOT EXISTS task_changed AFTER UPDATE OF pending ON tasks
WHEN NEW.strategy_type > 0 BEGIN
  UPDATE waiting SET tasks = tasks + (NEW.pending > 0) - (OLD.pending > 0),
  occurrences = occurrences + NEW.pending - OLD.pending
  WHERE app = NEW.app AND workspace = NEW.workspace; END;
-- New in version 2, down to the end: what phones are there, and who is logged in on them.
CREATE TABLE IF NOT EXISTS phones (
  seq INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, user TEXT, vendor TEXT, platform TEXT,
  system TEXT, token TEXT UNIQUE, online TEXT NOT NULL DEFAULT 'always',
  notifications INTEGER NOT NULL DEFAULT 1, number TEXT);
CREATE INDEX IF NOT EXISTS phones_user ON phones (user);
CREATE TABLE IF NOT EXISTS apps (
  app TEXT NOT NULL, workspace TEXT NOT NULL, PRIMARY KEY (app, workspace)) WITHOUT ROWID;
-- What became of a delivery on each phone, from `ends_ms` on; before that it waits. A delivery
-- without rows is shown by one unnamed phone. Without a phone it waits for one that is bound.
CREATE TABLE IF NOT EXISTS messages (
  delivery INTEGER NOT NULL, n INTEGER NOT NULL, phone INTEGER, channel TEXT NOT NULL,
  outcome TEXT NOT NULL, rule TEXT, waits TEXT, sent_ms INTEGER NOT NULL, ends_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL, title TEXT, content TEXT, segments INTEGER,
  marketing INTEGER NOT NULL, PRIMARY KEY (delivery, n)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_more ON messages (delivery) WHERE n > 0;
CREATE INDEX IF NOT EXISTS messages_marketing ON messages (phone, sent_ms) WHERE marketing;
CREATE INDEX IF NOT EXISTS messages_unbound ON messages (until_ms)
  WHERE phone IS NULL AND channel = 'push';
CREATE INDEX IF NOT EXISTS deliveries_target ON deliveries (target);
