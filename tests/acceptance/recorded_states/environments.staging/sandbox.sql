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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','3q2wk4xkzjlr6sd66bihpd7s4a',1);
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','yrtzinhejy2kb7hmo6cwgc5ktu',2);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'c581cb9de9c94ff18f2b6834a02db0a8',1,1796374800000,0);
INSERT INTO "occurrences" VALUES(2,'042d9748f2f64857b3eca280bd41b13a',1,1796979600000,0);
INSERT INTO "occurrences" VALUES(3,'25e6f54e6133495bad594eef70faf39d',1,1797584400000,0);
INSERT INTO "occurrences" VALUES(4,'e2d894ced0144c84bda9b93faf99d95b',1,1798189200000,0);
INSERT INTO "occurrences" VALUES(5,'1fd01cbe66da4d0cb7e64729bbd550d5',1,1798794000000,0);
INSERT INTO "occurrences" VALUES(6,'9283d57ab6c842c496ab39deb0db3144',1,1799398800000,0);
INSERT INTO "occurrences" VALUES(7,'2d5d8b2e97064642abfea0a1cf1b180e',1,1800003600000,0);
INSERT INTO "occurrences" VALUES(8,'f56e5578e8aa43e4b07a37a3044aad2d',1,1800608400000,0);
INSERT INTO "occurrences" VALUES(9,'a10fbbc43a4e4e80b6a1d23dd8b382ed',1,1801213200000,0);
INSERT INTO "occurrences" VALUES(10,'4f6d5241f171448bb80e5880f105dc33',1,1801818000000,0);
INSERT INTO "occurrences" VALUES(11,'0a30aef044284e7bac58fa9edfc518de',1,1802422800000,0);
INSERT INTO "occurrences" VALUES(12,'4f4e1770a16a4d6fa2fe2106702f4a6f',1,1803027600000,0);
INSERT INTO "occurrences" VALUES(13,'9327c95c37bb4dd1ad7090c3bed25ef7',1,1803632400000,0);
INSERT INTO "occurrences" VALUES(14,'1ec8f3ca169c4f9b90c2c78aa7382542',1,1804237200000,0);
INSERT INTO "occurrences" VALUES(15,'ddbd374b56164706b461f1a3ba96f4eb',1,1804842000000,0);
INSERT INTO "occurrences" VALUES(16,'1fdbe5a7f5d5465b8a74d5f4137a018d',1,1805446800000,0);
INSERT INTO "occurrences" VALUES(17,'725e9c4f9f9b495ebffc0c4178d7913d',1,1806051600000,0);
INSERT INTO "occurrences" VALUES(18,'41286c1c764d4dc8905a2c1dc3031fce',1,1806656400000,0);
INSERT INTO "occurrences" VALUES(19,'0e1a3ed561b642139e7d09b73a60788c',1,1807261200000,0);
INSERT INTO "occurrences" VALUES(20,'241c62dfe58c437ba67308dd8d057312',1,1807866000000,0);
INSERT INTO "occurrences" VALUES(21,'1f9ebc4a94c349aeac3fe82df99ae183',1,1808470800000,0);
INSERT INTO "occurrences" VALUES(22,'b530e464f3fd4fb9964fede0b75427f5',1,1809075600000,0);
INSERT INTO "occurrences" VALUES(23,'362b9bf9f166496abbe2fec0f9b92711',1,1809680400000,0);
INSERT INTO "occurrences" VALUES(24,'e68767765dec45868eaf5da21e793984',1,1810285200000,0);
INSERT INTO "occurrences" VALUES(25,'7d6d5e5298494f9f97e9afd0f96a45a4',1,1810890000000,0);
INSERT INTO "occurrences" VALUES(26,'3503a66afae547e1aa1a4e070e1402f3',1,1811494800000,0);
INSERT INTO "occurrences" VALUES(27,'fed0f3993d9f4daea77315cab8a06b1c',2,1798430400000,0);
INSERT INTO "occurrences" VALUES(28,'cee4243bff5f48508e94dd1ea3d87955',2,1801108800000,0);
INSERT INTO "occurrences" VALUES(29,'4749671640544d4dacfd34d166352979',2,1803787200000,0);
INSERT INTO "occurrences" VALUES(30,'59ffcf641abf49d3a0e0f230fe62219e',2,1806206400000,0);
INSERT INTO "occurrences" VALUES(31,'4bae92edbb3e4bbda2a97c5b6dddf631',2,1808884800000,0);
INSERT INTO "occurrences" VALUES(32,'7e7c024da71745e58717f6fe4525fc48',2,1811476800000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'867e482b22c6438b88496a81fc3a57ef','ONEX0000000000000','test','welcome-back','Welcome back','Here is what you missed.',3,2,0,1796086800000,1.79597882957781219484e+09,26,'{"tester-1": "3q2wk4xkzjlr6sd66bihpd7s4a"}','{"AppId": "ONEX0000000000000", "Content": "Here is what you missed.", "DeliveryType": "3", "ExpiredSeconds": "43200", "PushStyle": "0", "StrategyContent": {"circleType": 2, "circleValue": [5], "endTime": 1811433600000, "startTime": 1796313600000, "time": "17:00:00"}, "StrategyType": "2", "TargetMsgkey": {"tester-1": "3q2wk4xkzjlr6sd66bihpd7s4a"}, "TaskName": "welcome-back", "Title": "Welcome back", "WorkspaceId": "test"}');
INSERT INTO "tasks" VALUES(2,'500f7c83e2274d3097ce129dda029510','ONEX0000000000000','test','survey','Two minutes?','Tell us how we do.',3,2,0,1796086800000,1.79597882958076310159e+09,6,'{"user1024": "yrtzinhejy2kb7hmo6cwgc5ktu"}','{"AppId": "ONEX0000000000000", "Content": "Tell us how we do.", "DeliveryType": "3", "ExpiredSeconds": "172800", "PushStyle": "0", "StrategyContent": {"circleType": 3, "circleValue": [28], "endTime": 1811433600000, "startTime": 1798387200000, "time": "12:00:00"}, "StrategyType": "2", "TargetMsgkey": {"user1024": "yrtzinhejy2kb7hmo6cwgc5ktu"}, "TaskName": "survey", "Title": "Two minutes?", "WorkspaceId": "test"}');
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE INDEX nonces_expiry ON nonces (expires);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tasks',2);
INSERT INTO "sqlite_sequence" VALUES('occurrences',32);
COMMIT;
PRAGMA application_id=1886610040;
PRAGMA user_version=1;
