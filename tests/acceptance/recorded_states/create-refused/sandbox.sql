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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','zz5svyhdwxij362o2ypdqkzl65',1);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'1bb01b095cd644dfa2b16ace26f3c66e',1,1796639400000,0);
INSERT INTO "occurrences" VALUES(2,'76b3a3b1f5d447a5bd28e731a7f57971',1,1797244200000,0);
INSERT INTO "occurrences" VALUES(3,'41f332efb64b4d8599688e8cf6d12a8f',1,1797849000000,0);
INSERT INTO "occurrences" VALUES(4,'4eaca9bb735348aca2494d538b7828e8',1,1798453800000,0);
INSERT INTO "occurrences" VALUES(5,'3b5536a75bb843a7a11d1cbb165071c4',1,1799058600000,0);
INSERT INTO "occurrences" VALUES(6,'07a2d07113a7407eb97b64f3d1515038',1,1799663400000,0);
INSERT INTO "occurrences" VALUES(7,'7c9fa2b1f2d64b44bf6784bda38ad3ef',1,1800268200000,0);
INSERT INTO "occurrences" VALUES(8,'ba059f294bf2433fa91f70b7998692fd',1,1800873000000,0);
INSERT INTO "occurrences" VALUES(9,'a6ee5f7fd2294f0d8a9571c19c4981df',1,1801477800000,0);
INSERT INTO "occurrences" VALUES(10,'4423fedd19b741b8865ef1ae18a2fa6c',1,1802082600000,0);
INSERT INTO "occurrences" VALUES(11,'d947fb7b5c5044a8befd355064142d60',1,1802687400000,0);
INSERT INTO "occurrences" VALUES(12,'86181563fd2b43689a7071629768eb3d',1,1803292200000,0);
INSERT INTO "occurrences" VALUES(13,'a9e32a3c43574a6b964eace5cc24bff0',1,1803897000000,0);
INSERT INTO "occurrences" VALUES(14,'9e13307b23424e75aca45fbe6be94e46',1,1804501800000,0);
INSERT INTO "occurrences" VALUES(15,'700656af3c174ddc97e37bc36d2f89fc',1,1805106600000,0);
INSERT INTO "occurrences" VALUES(16,'668ef45693c340189b7e578db0964d5b',1,1805711400000,0);
INSERT INTO "occurrences" VALUES(17,'47b1e150555d41958bf40b5fa4520d39',1,1806316200000,0);
INSERT INTO "occurrences" VALUES(18,'88617ac1040542f7b8dd6856ea843dfd',1,1806921000000,0);
INSERT INTO "occurrences" VALUES(19,'0dd855ba51d74934b5e99e835f7451af',1,1807525800000,0);
INSERT INTO "occurrences" VALUES(20,'6acebc178d034587a5d46c53900cd710',1,1808130600000,0);
INSERT INTO "occurrences" VALUES(21,'83fb1e6d90664d95b7cfc38afff96f00',1,1808735400000,0);
INSERT INTO "occurrences" VALUES(22,'0a6e6ef4087d4124bb7e8d981b5f40bb',1,1809340200000,0);
INSERT INTO "occurrences" VALUES(23,'2a0010421d0145bda72e1f8c4cf0f8eb',1,1809945000000,0);
INSERT INTO "occurrences" VALUES(24,'9fc74c1927464909875cd292221abc98',1,1810549800000,0);
INSERT INTO "occurrences" VALUES(25,'a35c14fb76f44f6abed7bdabdb8b2394',1,1811154600000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'cabd0edf8647444ebf1f447f05e01067','ONEX0000000000000','test','mondays','A new week','This is what it brings.',3,2,0,1796086800000,1.79597884939156055448e+09,25,'{"cleo": "zz5svyhdwxij362o2ypdqkzl65"}','{"AppId": "ONEX0000000000000", "Content": "This is what it brings.", "DeliveryType": "3", "ExpiredSeconds": "14400", "PushStyle": "0", "StrategyContent": {"circleType": 2, "circleValue": [1], "endTime": 1811088000000, "startTime": 1796572800000, "time": "18:30:00"}, "StrategyType": "2", "TargetMsgkey": {"cleo": "zz5svyhdwxij362o2ypdqkzl65"}, "TaskName": "mondays", "Title": "A new week", "WorkspaceId": "test"}');
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE INDEX nonces_expiry ON nonces (expires);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('faults',1);
INSERT INTO "sqlite_sequence" VALUES('tasks',1);
INSERT INTO "sqlite_sequence" VALUES('occurrences',25);
COMMIT;
PRAGMA application_id=1886610040;
PRAGMA user_version=1;
