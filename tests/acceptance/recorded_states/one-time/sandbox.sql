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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','2ep6f576uycqegtjrquf755ntz',1);
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','iah2agn2yce3rcydrzphwum4zd',2);
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','lgnusxgresmg2bivsjkurm4yd4',3);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'081bfb7e5a0c4c20b0f3fe549458eea9',1,1796436000000,0);
INSERT INTO "occurrences" VALUES(2,'6ce8d8a2da52475e8bae06eb50f8b374',2,1798113600000,0);
INSERT INTO "occurrences" VALUES(3,'69e0c0ebb94f4c8f8eff4a51bf03ef5c',3,1798779600000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'081bfb7e5a0c4c20b0f3fe549458eea9','ONEX0000000000000','test','maintenance','Maintenance','Back in an hour.',3,1,0,1796086800000,1.79597883369042658806e+09,1,'{"ops-1": "2ep6f576uycqegtjrquf755ntz"}','{"AppId": "ONEX0000000000000", "Content": "Back in an hour.", "DeliveryType": "3", "ExpiredSeconds": "14400", "PushStyle": "0", "StrategyContent": {"fixedTime": 1796436000000}, "StrategyType": "1", "TargetMsgkey": {"ops-1": "2ep6f576uycqegtjrquf755ntz"}, "TaskName": "maintenance", "Title": "Maintenance", "WorkspaceId": "test"}');
INSERT INTO "tasks" VALUES(2,'6ce8d8a2da52475e8bae06eb50f8b374','ONEX0000000000000','test','xmas-eve-sale','8h flash sale','Up to 60% off until 04:00. Members first.',3,1,0,1796086800000,1.79597883369452929495e+09,1,'{"user1024": "iah2agn2yce3rcydrzphwum4zd"}','{"AppId": "ONEX0000000000000", "Content": "Up to 60% off until 04:00. Members first.", "DeliveryType": "3", "ExpiredSeconds": "14400", "ExtendedParams": {"campaign": "xmas-2026"}, "ImageUrls": {"defaultUrl": "https://cdn.acme.example/x.png"}, "PushAction": "0", "PushStyle": "2", "StrategyContent": {"fixedTime": 1798113600000}, "StrategyType": "1", "TargetMsgkey": {"user1024": "iah2agn2yce3rcydrzphwum4zd"}, "TaskName": "xmas-eve-sale", "Title": "8h flash sale", "Uri": "https://m.acme.example/sale", "WorkspaceId": "test"}');
INSERT INTO "tasks" VALUES(3,'69e0c0ebb94f4c8f8eff4a51bf03ef5c','ONEX0000000000000','test','new-year-new-york','Happy New Year','From all of us.',3,1,0,1796086800000,1.79597883369829297061e+09,1,'{"user2048": "lgnusxgresmg2bivsjkurm4yd4"}','{"AppId": "ONEX0000000000000", "Content": "From all of us.", "DeliveryType": "3", "ExpiredSeconds": "14400", "PushStyle": "0", "StrategyContent": {"fixedTime": 1798779600000}, "StrategyType": "1", "TargetMsgkey": {"user2048": "lgnusxgresmg2bivsjkurm4yd4"}, "TaskName": "new-year-new-york", "Title": "Happy New Year", "WorkspaceId": "test"}');
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE INDEX nonces_expiry ON nonces (expires);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tasks',3);
INSERT INTO "sqlite_sequence" VALUES('occurrences',3);
COMMIT;
PRAGMA application_id=1886610040;
PRAGMA user_version=1;
