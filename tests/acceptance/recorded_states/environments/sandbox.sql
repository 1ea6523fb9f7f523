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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','prod','b7gbuep3q67nh4zckztdm5wxoa',2);
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','prod','btz5muohtngz4mdu7imftck5sz',1);
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','prod','cph4jdato5ihexkhtsivli5ld3',1);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'c2f02f3d23cf47cea6573370d1ec8db7',1,1796374800000,0);
INSERT INTO "occurrences" VALUES(2,'8719be7cab704b0ebe88678cc950c331',1,1796979600000,0);
INSERT INTO "occurrences" VALUES(3,'a0450268645e4cbdb52da555a692c06f',1,1797584400000,0);
INSERT INTO "occurrences" VALUES(4,'c00a38de5da94060a2fb168dccc71337',1,1798189200000,0);
INSERT INTO "occurrences" VALUES(5,'0cbb4196008444dcb139d2447e56e49a',1,1798794000000,0);
INSERT INTO "occurrences" VALUES(6,'10acbdd2db494722856ceef3147c6afe',1,1799398800000,0);
INSERT INTO "occurrences" VALUES(7,'2a80a2d4d82f4235973c9ba4889b4aab',1,1800003600000,0);
INSERT INTO "occurrences" VALUES(8,'dece006ff07e483c9645957f626c4d83',1,1800608400000,0);
INSERT INTO "occurrences" VALUES(9,'586dc3ed0564483086d1867624c72a13',1,1801213200000,0);
INSERT INTO "occurrences" VALUES(10,'b2e8e555311a4804ac0869af20d817ef',1,1801818000000,0);
INSERT INTO "occurrences" VALUES(11,'1a5b825b3cb546debc871fd2923f676a',1,1802422800000,0);
INSERT INTO "occurrences" VALUES(12,'705c60e7aba54ec1a62422ae0d3ab3f5',1,1803027600000,0);
INSERT INTO "occurrences" VALUES(13,'7f39a0d933424fe799114d0ac18bac12',1,1803632400000,0);
INSERT INTO "occurrences" VALUES(14,'f4e39dd630f24f2082a7b1e9ea927bc7',1,1804237200000,0);
INSERT INTO "occurrences" VALUES(15,'d10b3c0c2fe74003a988f243204afaf5',1,1804842000000,0);
INSERT INTO "occurrences" VALUES(16,'594fd4d465c940278d69e601dbc87b1f',1,1805446800000,0);
INSERT INTO "occurrences" VALUES(17,'b0b66e0c78244cf09214f5bb62fb45d5',1,1806051600000,0);
INSERT INTO "occurrences" VALUES(18,'8b07ccaa00064a33b77e7139aa53418d',1,1806656400000,0);
INSERT INTO "occurrences" VALUES(19,'461d1b4f09a24f36b3df086f1f130beb',1,1807261200000,0);
INSERT INTO "occurrences" VALUES(20,'fc1b3b1ef1944c6e8bde40007fc2f639',1,1807866000000,0);
INSERT INTO "occurrences" VALUES(21,'ff78fb9bac0a430eb5f5da9862b337b3',1,1808470800000,0);
INSERT INTO "occurrences" VALUES(22,'1d77ee4ac6264adca4c6327f607e1ca1',1,1809075600000,0);
INSERT INTO "occurrences" VALUES(23,'5f8b0b29aaa14e7bbb0234bac8630426',1,1809680400000,0);
INSERT INTO "occurrences" VALUES(24,'b11ca4da9a6942a7a67a9f2044a048f5',1,1810285200000,0);
INSERT INTO "occurrences" VALUES(25,'9caabc6ad26c4c6fb5226fedb8209513',1,1810890000000,0);
INSERT INTO "occurrences" VALUES(26,'77c19d87c6044f64a6ad540bc1c7afd0',1,1811494800000,0);
INSERT INTO "occurrences" VALUES(27,'96cb85604d6c4fa5a6bc4dfc0212c3bd',2,1798430400000,0);
INSERT INTO "occurrences" VALUES(28,'6b638c873b354b42a16e214895283c85',2,1801108800000,0);
INSERT INTO "occurrences" VALUES(29,'6aa5c4b2930841ec93c99046e2f8a03f',2,1803787200000,0);
INSERT INTO "occurrences" VALUES(30,'7505c61743e74c79a24be2e40a19d3b9',2,1806206400000,0);
INSERT INTO "occurrences" VALUES(31,'4b8fab03323c4f7f9098b4cc6fb8ef98',2,1808884800000,0);
INSERT INTO "occurrences" VALUES(32,'9787de4953c34a67aa1b5edf526bbbbd',2,1811476800000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'a8ffc45d6d79464cbbe3ee4ac5871f07','ONEX0000000000000','prod','welcome-back','Welcome back','Here is what you missed.',3,2,0,1796086800000,1.79597882871599078173e+09,26,'{"user1024": "cph4jdato5ihexkhtsivli5ld3", "user2048": "btz5muohtngz4mdu7imftck5sz"}','{"AppId": "ONEX0000000000000", "Content": "Here is what you missed.", "DeliveryType": "3", "ExpiredSeconds": "43200", "PushStyle": "0", "StrategyContent": {"circleType": 2, "circleValue": [5], "endTime": 1811433600000, "startTime": 1796313600000, "time": "17:00:00"}, "StrategyType": "2", "TargetMsgkey": {"user1024": "cph4jdato5ihexkhtsivli5ld3", "user2048": "btz5muohtngz4mdu7imftck5sz"}, "TaskName": "welcome-back", "Title": "Welcome back", "WorkspaceId": "prod"}');
INSERT INTO "tasks" VALUES(2,'abea0ec3b39a40639d23115e53d35740','ONEX0000000000000','prod','survey','Two minutes?','Tell us how we do.',3,2,0,1796086800000,1.79597882871707892416e+09,6,'{"user1024": "b7gbuep3q67nh4zckztdm5wxoa"}','{"AppId": "ONEX0000000000000", "Content": "Tell us how we do.", "DeliveryType": "3", "ExpiredSeconds": "172800", "PushStyle": "0", "StrategyContent": {"circleType": 3, "circleValue": [28], "endTime": 1811433600000, "startTime": 1798387200000, "time": "12:00:00"}, "StrategyType": "2", "TargetMsgkey": {"user1024": "b7gbuep3q67nh4zckztdm5wxoa"}, "TaskName": "survey", "Title": "Two minutes?", "WorkspaceId": "prod"}');
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
