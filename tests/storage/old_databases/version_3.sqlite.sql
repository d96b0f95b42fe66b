-- A database of the versions schema 3, telegram schema 6 and feeds 1 (sqlite3 .dump).
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
	"key" VARCHAR(100) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO meta VALUES('article-bot schema','3');
INSERT INTO meta VALUES('article-bot telegram schema','6');
INSERT INTO meta VALUES('article-bot feeds','1');
INSERT INTO meta VALUES('article-bot claims','1');
CREATE TABLE libraries (
	pk INTEGER NOT NULL, 
	chat VARCHAR(200) NOT NULL, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (pk), 
	UNIQUE (chat)
);
INSERT INTO libraries VALUES(1,'',2);
INSERT INTO libraries VALUES(2,'-5',5);
CREATE TABLE articles (
	pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	library INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	source TEXT, 
	language VARCHAR(8) NOT NULL, 
	added_at DATETIME NOT NULL, 
	UNIQUE (library, digest), 
	FOREIGN KEY(library) REFERENCES libraries (pk)
);
INSERT INTO articles VALUES(2,2,'52a3799576f879bfae7c30415c30e00f197fe2540071a1a3b705bc008d2563cb','text',replace('Cats sleep all day.\n\nThey hunt at night: “mice”, it’s said.','\n',char(10)),NULL,'en','2026-11-28 12:45:00.965297');
INSERT INTO articles VALUES(3,2,'270da31482910514d31aa1c706aa88a53de003edd05dbc2854d556493e23c1ab','text','Dogs bark.',NULL,'en','2026-11-28 12:45:00.990626');
CREATE TABLE names (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	library INTEGER NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	article INTEGER NOT NULL, 
	UNIQUE (library, id), 
	FOREIGN KEY(library) REFERENCES libraries (pk), 
	FOREIGN KEY(article) REFERENCES articles (pk) ON DELETE CASCADE
);
INSERT INTO names VALUES(2,2,'cats',2);
INSERT INTO names VALUES(3,2,'dogs',3);
INSERT INTO names VALUES(4,2,'felines',2);
CREATE TABLE structures (
	library INTEGER NOT NULL, 
	article INTEGER NOT NULL, 
	rules INTEGER NOT NULL, 
	data TEXT NOT NULL, 
	PRIMARY KEY (library, article), 
	CONSTRAINT fk_structures_article FOREIGN KEY(library, article) REFERENCES articles (library, pk) ON DELETE CASCADE
);
INSERT INTO structures VALUES(2,2,6,'{"blocks":[["paragraph",0,19,0,0,0],["paragraph",21,59,0,0,0]],"links":[],"given":false}');
INSERT INTO structures VALUES(2,3,6,'{"blocks":[["paragraph",0,10,0,0,0]],"links":[],"given":false}');
CREATE TABLE sentences (
	library INTEGER NOT NULL, 
	article INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	paragraph INTEGER NOT NULL, 
	PRIMARY KEY (library, article, position), 
	CONSTRAINT fk_sentences_article FOREIGN KEY(library, article) REFERENCES articles (library, pk) ON DELETE CASCADE
);
INSERT INTO sentences VALUES(2,2,0,0,19,1);
INSERT INTO sentences VALUES(2,2,1,21,59,2);
INSERT INTO sentences VALUES(2,3,0,0,10,1);
CREATE TABLE vectors (
	library INTEGER NOT NULL, 
	article INTEGER NOT NULL, 
	model VARCHAR(200) NOT NULL, 
	dimension INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (library, article, model), 
	CONSTRAINT fk_vectors_article FOREIGN KEY(library, article) REFERENCES articles (library, pk) ON DELETE CASCADE
);
INSERT INTO vectors VALUES(2,2,'hashing-1',32,X'0d2fc53d38bc67bee733a13c0499893d7d0782bebd678ebeb07429be8daecc3cdebd91bee22d313d510bb63d57df6b3ed69a6f3e857eeebc99b9d03d1cd447bc2c798cbc6b1a24bc33a49abe27e6533d4174b0bed5a949bef37e31bd1a8d1bbe4f10de3d8d16f6bd21dc10be78988dbe3ad32c3ee8e7753efc3fcdbdffdc783e748800bdb775b83d5eef8fbda819aebda15be9bd91189cbe069919be754d8bbefd45e5bcbac10ebedbca063e0ce6d7bd98fbe6bdc0fdcc3c2d2445bec5e336be8278853e6a2300be70eaac3dde915f3ea9bd2c3e5a7ceb3c11245bbdaf52bd3d694dc0be42f2febd7484663e9454143ef239573ea008de3e3b3f97bd75258c3c');
INSERT INTO vectors VALUES(2,3,'hashing-1',32,X'ddc292bddca654bea463b8bc74ecbf3c0b38f73b6cc6793d7750213e7bbdcb3e2e90843d82c1b63dc5c406bdb769083e8bcabebd5912b1beb7c9073e3bc6263d0d1edc3c46cffebd4cec6c3ed0214fbebec622be9863713e71a14c3e7145eebc91ab953d552d3ebe02c391bc718104bf9aaec93be475ff3cf1e04c3e2f9f7ebd');
CREATE TABLE telegram_chats (
	chat BIGINT NOT NULL, 
	quiet BOOLEAN NOT NULL, 
	"indexed" BOOLEAN NOT NULL, 
	short BOOLEAN DEFAULT 0 NOT NULL, 
	language VARCHAR(8), 
	PRIMARY KEY (chat)
);
INSERT INTO telegram_chats VALUES(-5,1,0,0,NULL);
CREATE TABLE telegram_scopes (
	chat BIGINT NOT NULL, 
	topic BIGINT NOT NULL, 
	article VARCHAR(200) NOT NULL, 
	PRIMARY KEY (chat, topic)
);
INSERT INTO telegram_scopes VALUES(-5,3,'dogs');
CREATE TABLE telegram_replies (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	chat BIGINT NOT NULL, 
	topic BIGINT NOT NULL, 
	asker BIGINT NOT NULL, 
	question TEXT NOT NULL, 
	library VARCHAR(200) NOT NULL, 
	answer TEXT NOT NULL, 
	asked_at DATETIME NOT NULL, 
	message BIGINT, 
	sent TEXT
);
INSERT INTO telegram_replies VALUES(1,-5,3,6000000000,'who sleeps?','-5','{"tier": "may", "kind": "answer", "articles": 2, "shown": 1, "passages": [["cats", "990fad53e0f03989", 0, 19, 0, 19, "sentence"]], "parts": [{"question": "who sleeps?", "tier": "may", "shown": 1, "about": null}], "language_told": false, "asked": null}','2026-11-28 12:45:01.114398',11,'[12]');
CREATE TABLE telegram_posts (
	channel BIGINT NOT NULL, 
	message BIGINT NOT NULL, 
	album VARCHAR(64), 
	text TEXT NOT NULL, 
	link TEXT, 
	edited BIGINT DEFAULT '0' NOT NULL, 
	PRIMARY KEY (channel, message)
);
INSERT INTO telegram_posts VALUES(-1001,7,'b','A post.','https://t.me/c/7',1790000000);
CREATE TABLE telegram_forwards (
	chat BIGINT NOT NULL, 
	message BIGINT NOT NULL, 
	channel BIGINT NOT NULL, 
	post BIGINT NOT NULL, 
	PRIMARY KEY (chat, message)
);
INSERT INTO telegram_forwards VALUES(-5,8,-1001,7);
CREATE TABLE telegram_inbox (
	bot BIGINT NOT NULL, 
	update_id BIGINT NOT NULL, 
	chat BIGINT NOT NULL, 
	content TEXT, 
	received_at BIGINT NOT NULL, 
	worker VARCHAR(200), 
	beat BIGINT DEFAULT '0' NOT NULL, 
	tries SMALLINT DEFAULT '0' NOT NULL, 
	aside BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (bot, update_id)
);
INSERT INTO telegram_inbox VALUES(1,40,-5,NULL,1795869901,NULL,9,1,0);
INSERT INTO telegram_inbox VALUES(1,41,-5,'{"update_id": 41}',1795869901,'gone//1/2/3',9,1,0);
CREATE TABLE telegram_outbox (
	bot BIGINT NOT NULL, 
	update_id BIGINT NOT NULL, 
	number INTEGER NOT NULL, 
	request TEXT NOT NULL, 
	result TEXT, 
	PRIMARY KEY (bot, update_id, number)
);
INSERT INTO telegram_outbox VALUES(1,41,1,'["sendMessage", {"chat_id": -5}]','{"message_id": 13}');
INSERT INTO telegram_outbox VALUES(1,39,1,'[]',NULL);
CREATE TABLE telegram_pollers (
	bot BIGINT NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	place VARCHAR(200) NOT NULL, 
	beat BIGINT NOT NULL, 
	polls BOOLEAN NOT NULL, 
	PRIMARY KEY (bot, name)
);
CREATE TABLE telegram_recent (
	kind VARCHAR(200) NOT NULL, 
	owner BIGINT NOT NULL, 
	value TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (kind, owner)
);
INSERT INTO telegram_recent VALUES('questions',6000000000,'[[1795869901.31], 0.0]',1795869901);
CREATE TABLE telegram_additions (
	id INTEGER NOT NULL, 
	chat BIGINT NOT NULL, 
	added_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO telegram_additions VALUES(1,-5,'2026-11-28 12:45:01.331712');
INSERT INTO telegram_additions VALUES(2,-5,'2026-11-28 12:45:01.351541');
CREATE TABLE telegram_departures (
	chat BIGINT NOT NULL, 
	left_at DATETIME NOT NULL, 
	PRIMARY KEY (chat)
);
INSERT INTO telegram_departures VALUES(-6,'2026-11-28 12:45:01.375104');
CREATE TABLE telegram_votes (
	reply INTEGER NOT NULL, 
	voter BIGINT NOT NULL, 
	vote SMALLINT NOT NULL, 
	PRIMARY KEY (reply, voter), 
	FOREIGN KEY(reply) REFERENCES telegram_replies (id) ON DELETE CASCADE
);
INSERT INTO telegram_votes VALUES(1,6000000000,1);
CREATE TABLE feeds (
	pk INTEGER NOT NULL, 
	chat VARCHAR(200) NOT NULL, 
	url VARCHAR(2000) NOT NULL, 
	title TEXT, 
	etag TEXT, 
	modified TEXT, 
	PRIMARY KEY (pk), 
	UNIQUE (chat, url)
);
INSERT INTO feeds VALUES(1,'-5','https://example.org/old',NULL,NULL,NULL);
INSERT INTO feeds VALUES(2,'-5','https://example.org/feed',NULL,NULL,NULL);
INSERT INTO feeds VALUES(3,'','https://example.org/feed',NULL,NULL,NULL);
CREATE TABLE feed_entries (
	feed INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (feed, digest), 
	FOREIGN KEY(feed) REFERENCES feeds (pk) ON DELETE CASCADE
);
INSERT INTO feed_entries VALUES(2,'a8e1776584a85cc42b07c3852ba3991dcc68651c69ee859907e12ffe5bf0467a');
INSERT INTO feed_entries VALUES(3,'a8e1776584a85cc42b07c3852ba3991dcc68651c69ee859907e12ffe5bf0467a');
INSERT INTO feed_entries VALUES(3,'690396b0e760bb1a655c81fe146dd04fdd7ed9686a1916cf90e4c223914ae917');
CREATE TABLE adders (
	name VARCHAR(200) NOT NULL, 
	beat BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE claims (
	library INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	adder VARCHAR(200) NOT NULL, 
	PRIMARY KEY (library, digest)
);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('articles',4);
INSERT INTO sqlite_sequence VALUES('names',5);
INSERT INTO sqlite_sequence VALUES('telegram_replies',2);
CREATE UNIQUE INDEX ix_articles_library_pk ON articles (library, pk);
CREATE INDEX ix_names_article ON names (article);
CREATE INDEX ix_telegram_replies_chat ON telegram_replies (chat);
CREATE INDEX ix_telegram_replies_asked_at ON telegram_replies (asked_at);
CREATE INDEX ix_telegram_inbox_received_at ON telegram_inbox (received_at);
CREATE INDEX ix_telegram_inbox_undone ON telegram_inbox (bot, chat, update_id) WHERE content IS NOT NULL;
CREATE INDEX ix_telegram_recent_at ON telegram_recent (at);
CREATE INDEX ix_telegram_additions_chat ON telegram_additions (chat);
COMMIT;
