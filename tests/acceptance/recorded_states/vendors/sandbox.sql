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
INSERT INTO "msgkeys" VALUES('ONEX0000000000000','test','sfknxcgjqwia5qgrdsjvkjvcto',1);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
INSERT INTO "occurrences" VALUES(1,'a6a90554bfab4323921667e2ec3423c1',1,1796441400000,0);
INSERT INTO "occurrences" VALUES(2,'cf67e3ae551f44af8b72f5fb8ed5e7e2',1,1797046200000,0);
INSERT INTO "occurrences" VALUES(3,'6790c0ab56574bd281be5b3bde710777',1,1797651000000,0);
INSERT INTO "occurrences" VALUES(4,'62069dd43f49417e95eb87d4e43446bf',1,1798255800000,0);
INSERT INTO "occurrences" VALUES(5,'770bc3719eb04b73b736f67d160343dd',1,1798860600000,0);
INSERT INTO "occurrences" VALUES(6,'bf577c8c9538420485f3678764a9c764',1,1799465400000,0);
INSERT INTO "occurrences" VALUES(7,'495dd992716c4790ab559d4325fb0ca1',1,1800070200000,0);
INSERT INTO "occurrences" VALUES(8,'b6be2fd57c5548b8ba5159b9c973d93a',1,1800675000000,0);
INSERT INTO "occurrences" VALUES(9,'3fa336aa5ca8445d9f4e849f7933403c',1,1801279800000,0);
INSERT INTO "occurrences" VALUES(10,'54f594d4a7d343b6a32cf6bc39b715b6',1,1801884600000,0);
INSERT INTO "occurrences" VALUES(11,'cdb4ceddc2994a9796f3856a36670aaa',1,1802489400000,0);
INSERT INTO "occurrences" VALUES(12,'399729fa0f8d484b9c9a74deb4ebb2c0',1,1803094200000,0);
INSERT INTO "occurrences" VALUES(13,'e1303c879e1041f68f675420dd81986c',1,1803699000000,0);
INSERT INTO "occurrences" VALUES(14,'4549f2b94fdb458b8fc2413131b0a2c3',1,1804303800000,0);
INSERT INTO "occurrences" VALUES(15,'ab440da1870c441a92f5edbb4afce7a2',1,1804908600000,0);
INSERT INTO "occurrences" VALUES(16,'0ecbdfe07b174e849273a3ce666139f1',1,1805513400000,0);
INSERT INTO "occurrences" VALUES(17,'a2853de8988345e9a12d4e16375c4a02',1,1806118200000,0);
INSERT INTO "occurrences" VALUES(18,'3c466da347004b09a03646ef6e1e8339',1,1806723000000,0);
INSERT INTO "occurrences" VALUES(19,'7d0797f19d714406835e8e687955c841',1,1807327800000,0);
INSERT INTO "occurrences" VALUES(20,'2a2d5cd466054c96b6e7a604c876d721',1,1807932600000,0);
INSERT INTO "occurrences" VALUES(21,'3530c5dbfcbb436da3d9a991066d8e7b',1,1808537400000,0);
INSERT INTO "occurrences" VALUES(22,'955dff5f64ec47c19cc9bb378626cc9f',1,1809142200000,0);
INSERT INTO "occurrences" VALUES(23,'0898cf1149bd49fe9a5090ec4fd17a2f',1,1809747000000,0);
INSERT INTO "occurrences" VALUES(24,'76efec66ad1446aca0ea5b06a84e0159',1,1810351800000,0);
INSERT INTO "occurrences" VALUES(25,'e3db3de089524c5b96cb07756db7e3dc',1,1810956600000,0);
INSERT INTO "occurrences" VALUES(26,'de6077c973494de8b92db92c7e5bd287',1,1811561400000,0);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
INSERT INTO "tasks" VALUES(1,'05cf693a51f94824831a494570a1b0c5','ONEX0000000000000','test','everything','Weekend brunch','A table for two is waiting.',3,2,0,1796086800000,1.79597884195680212969e+09,26,'{"user1024": "sfknxcgjqwia5qgrdsjvkjvcto"}','{"AppId": "ONEX0000000000000", "ChannelId": "brunch", "Classification": "0", "Content": "A table for two is waiting.", "DeliveryType": "3", "ExpiredSeconds": "14400", "ExtendedParams": {"badge_add_num": "1", "sound": "chime"}, "IconUrls": {"defaultUrl": "https://cdn.acme.example/icon.png", "hmsUrl": "https://cdn.acme.example/icon-hms.png", "miuiUrl": "https://cdn.acme.example/icon-mi.png", "oppoUrl": "https://cdn.acme.example/icon-oppo.png"}, "ImageUrls": {"defaultUrl": "https://cdn.acme.example/brunch.png", "fcmUrl": "https://cdn.acme.example/brunch-fcm.png", "hmsUrl": "https://cdn.acme.example/brunch-hms.png", "iosUrl": "https://cdn.acme.example/brunch-ios.png", "miuiUrl": "https://cdn.acme.example/brunch-mi.png", "oppoUrl": "https://cdn.acme.example/brunch-oppo.png"}, "MiChannelId": "123321", "NotifyLevel": {"hms": "1", "honor": "1", "oppo": "2"}, "NotifyType": "notify", "PushAction": "0", "PushStyle": "2", "Silent": "0", "StrategyContent": {"circleType": 2, "circleValue": [6], "endTime": 1811520000000, "startTime": 1796400000000, "time": "11:30:00"}, "StrategyType": "2", "TargetMsgkey": {"user1024": "sfknxcgjqwia5qgrdsjvkjvcto"}, "TaskName": "everything", "ThirdChannelCategory": {"harmonyos": "14", "hms": "14", "honor": "1", "oppo": "news", "vivo": "1", "xiaomi": "1"}, "Title": "Weekend brunch", "Uri": "https://m.acme.example/brunch", "WorkspaceId": "test"}');
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
