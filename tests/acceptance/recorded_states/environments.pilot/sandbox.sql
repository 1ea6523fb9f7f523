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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','pilot','22cp2lakdkt2ec57gu3xhpzntf',1);
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','pilot','wxhenzcjbahe53du2zxsmlog6e',1);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'412684b17c344984be5674ddf6fc7f48',1,1796374800000,0);
INSERT INTO "occurrences" VALUES(2,'3cce2db468444bbbab1f9722a29dadc9',1,1796979600000,0);
INSERT INTO "occurrences" VALUES(3,'9eb9a7c22e3d45b98a14480fc1bc7107',1,1797584400000,0);
INSERT INTO "occurrences" VALUES(4,'8625405317db43b78d039696e219d781',1,1798189200000,0);
INSERT INTO "occurrences" VALUES(5,'b8e927975b0742b9b521a74f28ea263c',1,1798794000000,0);
INSERT INTO "occurrences" VALUES(6,'00651406484f4faa95bac1bb86f40d4e',1,1799398800000,0);
INSERT INTO "occurrences" VALUES(7,'cb3741fb5f9041b1b7273fce7f4979c8',1,1800003600000,0);
INSERT INTO "occurrences" VALUES(8,'c3dc56d309d24002a7fe85460dee48f5',1,1800608400000,0);
INSERT INTO "occurrences" VALUES(9,'0f396702815f416493960149965bba9a',1,1801213200000,0);
INSERT INTO "occurrences" VALUES(10,'67cedba1e34d4dbf97671cc90f28543b',1,1801818000000,0);
INSERT INTO "occurrences" VALUES(11,'1a1d75288b484d49906b25604d5a255b',1,1802422800000,0);
INSERT INTO "occurrences" VALUES(12,'5624d08b5e744453a190163fb75e5976',1,1803027600000,0);
INSERT INTO "occurrences" VALUES(13,'12c2f4fde59f4df9984f478a93d1a6ff',1,1803632400000,0);
INSERT INTO "occurrences" VALUES(14,'648d7af84c2f4151b05f95b6f337cee1',1,1804237200000,0);
INSERT INTO "occurrences" VALUES(15,'795afe5b7250411caaa6a6af45c06173',1,1804842000000,0);
INSERT INTO "occurrences" VALUES(16,'d30b187678fb4968999dc7bb8aeee7af',1,1805446800000,0);
INSERT INTO "occurrences" VALUES(17,'21ef7d3496f9411797b29817433d5bd3',1,1806051600000,0);
INSERT INTO "occurrences" VALUES(18,'1a58907a23124969944c3dda38f39c6f',1,1806656400000,0);
INSERT INTO "occurrences" VALUES(19,'1fe999fcadf949328c85b09eecf4f143',1,1807261200000,0);
INSERT INTO "occurrences" VALUES(20,'8608604596ab41ae98a9a9efc4c303ee',1,1807866000000,0);
INSERT INTO "occurrences" VALUES(21,'939d4a801194427e93789aaf4357c1db',1,1808470800000,0);
INSERT INTO "occurrences" VALUES(22,'fa720777ab284f11a3505c0808caf46d',1,1809075600000,0);
INSERT INTO "occurrences" VALUES(23,'409e9f5d272f449bb76b74f99c1dfe82',1,1809680400000,0);
INSERT INTO "occurrences" VALUES(24,'8a39788916f5470c8c54d4d312bb50df',1,1810285200000,0);
INSERT INTO "occurrences" VALUES(25,'27773d16a85f47c3b0ff5975faef2776',1,1810890000000,0);
INSERT INTO "occurrences" VALUES(26,'4b763e3b65694590adf4d2682444af3f',1,1811494800000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'aac21f881bbb46589d41098a313a3252','ONEX0000000000000','pilot','welcome-back','Welcome back','Here is what you missed.',3,2,0,1796086800000,1.79597882918949079515e+09,26,'{"user1024": "wxhenzcjbahe53du2zxsmlog6e", "user2048": "22cp2lakdkt2ec57gu3xhpzntf"}','{"AppId": "ONEX0000000000000", "Content": "Here is what you missed.", "DeliveryType": "3", "ExpiredSeconds": "43200", "PushStyle": "0", "StrategyContent": {"circleType": 2, "circleValue": [5], "endTime": 1811433600000, "startTime": 1796313600000, "time": "17:00:00"}, "StrategyType": "2", "TargetMsgkey": {"user1024": "wxhenzcjbahe53du2zxsmlog6e", "user2048": "22cp2lakdkt2ec57gu3xhpzntf"}, "TaskName": "welcome-back", "Title": "Welcome back", "WorkspaceId": "pilot"}');
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE INDEX nonces_expiry ON nonces (expires);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tasks',1);
INSERT INTO "sqlite_sequence" VALUES('occurrences',26);
COMMIT;
PRAGMA application_id=1886610040;
PRAGMA user_version=1;
