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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','r2vp36wwezaodgsi7nu57h3l7k',1);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'fa6ba8b6d7214d1b814c342eb1007dc6',1,1798765200000,0);
INSERT INTO "occurrences" VALUES(2,'6ac41a28f97e45b98f591e7f94a16178',1,1801443600000,0);
INSERT INTO "occurrences" VALUES(3,'92d2ab2050b243679b3e8d5859fe104f',1,1803862800000,0);
INSERT INTO "occurrences" VALUES(4,'7e78dbd35fb14bbe878867ec9c72f48e',1,1806541200000,0);
INSERT INTO "occurrences" VALUES(5,'630ebae57ea34034b2a992c037f38c38',1,1809133200000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'5293634a7d3a4d9db3a67d83731dcc88','ONEX0000000000000','test','code','Your statement','Your monthly statement is ready.',3,2,0,1796086800000,1.79597883586801385881e+09,5,'{"user1024": "r2vp36wwezaodgsi7nu57h3l7k"}','{"AppId": "ONEX0000000000000", "Content": "Your monthly statement is ready.", "DeliveryType": "3", "ExpiredSeconds": "14400", "PushStyle": "0", "SmsSignName": "mPaaS Test", "SmsStrategy": "1", "SmsTemplateCode": "SMS_216070269", "SmsTemplateParam": "{\"code\":\"123456\"}", "StrategyContent": {"circleType": 3, "circleValue": [1], "endTime": 1809100800000, "startTime": 1798732800000, "time": "09:00:00"}, "StrategyType": "2", "TargetMsgkey": {"user1024": "r2vp36wwezaodgsi7nu57h3l7k"}, "TaskName": "code", "Title": "Your statement", "WorkspaceId": "test"}');
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE INDEX nonces_expiry ON nonces (expires);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tasks',1);
INSERT INTO "sqlite_sequence" VALUES('occurrences',5);
COMMIT;
PRAGMA application_id=1886610040;
PRAGMA user_version=1;
