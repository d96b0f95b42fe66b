-- A database as the first version made it (sqlite3 .dump).
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
	"key" VARCHAR(100) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO meta VALUES('article-bot schema','1');
CREATE TABLE libraries (
	pk INTEGER NOT NULL, 
	chat VARCHAR(200) NOT NULL, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (pk), 
	UNIQUE (chat)
);
INSERT INTO libraries VALUES(1,'',2);
INSERT INTO libraries VALUES(2,'-5',3);
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
INSERT INTO articles VALUES(2,2,'52a3799576f879bfae7c30415c30e00f197fe2540071a1a3b705bc008d2563cb','text',replace('Cats sleep all day.\n\nThey hunt at night: “mice”, it’s said.','\n',char(10)),'cats.txt','en','2026-11-27 20:57:00.063116');
INSERT INTO articles VALUES(3,2,'270da31482910514d31aa1c706aa88a53de003edd05dbc2854d556493e23c1ab','text','Dogs bark.','dogs.txt','en','2026-11-27 20:57:00.091202');
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
CREATE TABLE sentences (
	article INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	paragraph INTEGER NOT NULL, 
	PRIMARY KEY (article, position), 
	FOREIGN KEY(article) REFERENCES articles (pk) ON DELETE CASCADE
);
INSERT INTO sentences VALUES(2,0,0,19,1);
INSERT INTO sentences VALUES(2,1,21,59,2);
INSERT INTO sentences VALUES(3,0,0,10,1);
CREATE TABLE vectors (
	article INTEGER NOT NULL, 
	model VARCHAR(200) NOT NULL, 
	dimension INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (article, model), 
	FOREIGN KEY(article) REFERENCES articles (pk) ON DELETE CASCADE
);
INSERT INTO vectors VALUES(2,'hashing-1',4,X'aa5cd03e0e245fbf3e44173cbdc88b3e61502fbfeaa9133f9b7201bed09fdabe');
INSERT INTO vectors VALUES(3,'hashing-1',4,X'6df7a3be3b016bbf624ca8bc4fa86e3e');
CREATE TABLE telegram_chats (
	chat BIGINT NOT NULL, 
	quiet BOOLEAN NOT NULL, 
	"indexed" BOOLEAN NOT NULL, 
	PRIMARY KEY (chat)
);
INSERT INTO telegram_chats VALUES(-5,1,0);
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
	asked_at DATETIME NOT NULL
);
INSERT INTO telegram_replies VALUES(1,-5,3,6000000000,'who sleeps?','-5','{"answered": true, "confidence": 0.9, "kind": "answer", "articles": 2, "shown": 1, "passages": [["cats", "990fad53e0f03989", 0, 19, 0, 19, "sentence"]], "unanswered": []}','2026-11-27 20:57:00.177472');
CREATE TABLE telegram_posts (
	channel BIGINT NOT NULL, 
	message BIGINT NOT NULL, 
	album VARCHAR(64), 
	text TEXT NOT NULL, 
	link TEXT, 
	PRIMARY KEY (channel, message)
);
INSERT INTO telegram_posts VALUES(-1001,7,'b','A post.','https://t.me/c/7');
CREATE TABLE telegram_forwards (
	chat BIGINT NOT NULL, 
	message BIGINT NOT NULL, 
	channel BIGINT NOT NULL, 
	post BIGINT NOT NULL, 
	PRIMARY KEY (chat, message)
);
INSERT INTO telegram_forwards VALUES(-5,8,-1001,7);
CREATE TABLE telegram_votes (
	reply INTEGER NOT NULL, 
	voter BIGINT NOT NULL, 
	vote SMALLINT NOT NULL, 
	PRIMARY KEY (reply, voter), 
	FOREIGN KEY(reply) REFERENCES telegram_replies (id) ON DELETE CASCADE
);
INSERT INTO telegram_votes VALUES(1,6000000000,1);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('articles',3);
INSERT INTO sqlite_sequence VALUES('names',4);
INSERT INTO sqlite_sequence VALUES('telegram_replies',1);
CREATE INDEX ix_names_article ON names (article);
CREATE INDEX ix_telegram_replies_chat ON telegram_replies (chat);
CREATE INDEX ix_telegram_replies_asked_at ON telegram_replies (asked_at);
COMMIT;
