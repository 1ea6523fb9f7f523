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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','2b2ib3ctfkpb6r5wdp4g4vdalu',1);
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','p4vxayi26psmbidn4uqukafclo',2);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'14f3f865528e48f3b9a9b72697d7b1f2',1,1796214600000,0);
INSERT INTO "occurrences" VALUES(2,'b863b9ccf791442488fb84c6f7f37275',2,1796216400000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'14f3f865528e48f3b9a9b72697d7b1f2','ONEX0000000000000','test','order-8841-on-the-way','On the way','Your meal arrives at 21:00',5,1,0,1796086800000,1.79597883118084311483e+09,1,'{"token-of-order-8841": "2b2ib3ctfkpb6r5wdp4g4vdalu"}','{"ActivityContentState": {"minutes": 30, "step": "on-the-way"}, "ActivityEvent": "update", "AppId": "ONEX0000000000000", "Content": "Your meal arrives at 21:00", "DeliveryType": "5", "ExpiredSeconds": "14400", "PushStyle": "0", "StrategyContent": {"fixedTime": 1796214600000}, "StrategyType": "1", "TargetMsgkey": {"token-of-order-8841": "2b2ib3ctfkpb6r5wdp4g4vdalu"}, "TaskName": "order-8841-on-the-way", "Title": "On the way", "WorkspaceId": "test"}');
INSERT INTO "tasks" VALUES(2,'b863b9ccf791442488fb84c6f7f37275','ONEX0000000000000','test','order-8841-end','Delivered','Enjoy your meal',6,1,0,1796086800000,1.79597883118340563776e+09,1,'{"act-8841": "p4vxayi26psmbidn4uqukafclo"}','{"ActivityContentState": {"step": "done"}, "ActivityEvent": "end", "AppId": "ONEX0000000000000", "Content": "Enjoy your meal", "DeliveryType": "6", "DismissalDate": "1796220000", "ExpiredSeconds": "14400", "PushStyle": "0", "StrategyContent": {"fixedTime": 1796216400000}, "StrategyType": "1", "TargetMsgkey": {"act-8841": "p4vxayi26psmbidn4uqukafclo"}, "TaskName": "order-8841-end", "Title": "Delivered", "WorkspaceId": "test"}');
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE INDEX nonces_expiry ON nonces (expires);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tasks',2);
INSERT INTO "sqlite_sequence" VALUES('occurrences',2);
COMMIT;
PRAGMA application_id=1886610040;
PRAGMA user_version=1;
