-- A database of the versions schema 3, telegram schema 6 and feeds 1 (pg_dump, without ownership and settings).
CREATE TABLE public.adders (
    name character varying(200) NOT NULL,
    beat bigint NOT NULL
);

CREATE TABLE public.articles (
    pk integer NOT NULL,
    library integer NOT NULL,
    digest character varying(64) NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    source text,
    language character varying(8) NOT NULL,
    added_at timestamp without time zone NOT NULL
);

CREATE SEQUENCE public.articles_pk_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.articles_pk_seq OWNED BY public.articles.pk;

CREATE TABLE public.claims (
    library integer NOT NULL,
    digest character varying(64) NOT NULL,
    adder character varying(200) NOT NULL
);

CREATE TABLE public.feed_entries (
    feed integer NOT NULL,
    digest character varying(64) NOT NULL
);

CREATE TABLE public.feeds (
    pk integer NOT NULL,
    chat character varying(200) NOT NULL,
    url character varying(2000) NOT NULL,
    title text,
    etag text,
    modified text
);

CREATE SEQUENCE public.feeds_pk_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.feeds_pk_seq OWNED BY public.feeds.pk;

CREATE TABLE public.libraries (
    pk integer NOT NULL,
    chat character varying(200) NOT NULL,
    revision integer NOT NULL
);

CREATE SEQUENCE public.libraries_pk_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.libraries_pk_seq OWNED BY public.libraries.pk;

CREATE TABLE public.meta (
    key character varying(100) NOT NULL,
    value text NOT NULL
);

CREATE TABLE public.names (
    number integer NOT NULL,
    library integer NOT NULL,
    id character varying(200) NOT NULL,
    article integer NOT NULL
);

CREATE SEQUENCE public.names_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.names_number_seq OWNED BY public.names.number;

CREATE TABLE public.sentences (
    library integer NOT NULL,
    article integer NOT NULL,
    "position" integer NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    paragraph integer NOT NULL
);

CREATE TABLE public.structures (
    library integer NOT NULL,
    article integer NOT NULL,
    rules integer NOT NULL,
    data text NOT NULL
);

CREATE TABLE public.telegram_additions (
    id integer NOT NULL,
    chat bigint NOT NULL,
    added_at timestamp without time zone NOT NULL
);

CREATE SEQUENCE public.telegram_additions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.telegram_additions_id_seq OWNED BY public.telegram_additions.id;

CREATE TABLE public.telegram_chats (
    chat bigint NOT NULL,
    quiet boolean NOT NULL,
    indexed boolean NOT NULL,
    short boolean DEFAULT false NOT NULL,
    language character varying(8)
);

CREATE TABLE public.telegram_departures (
    chat bigint NOT NULL,
    left_at timestamp without time zone NOT NULL
);

CREATE TABLE public.telegram_forwards (
    chat bigint NOT NULL,
    message bigint NOT NULL,
    channel bigint NOT NULL,
    post bigint NOT NULL
);

CREATE TABLE public.telegram_inbox (
    bot bigint NOT NULL,
    update_id bigint NOT NULL,
    chat bigint NOT NULL,
    content text,
    received_at bigint NOT NULL,
    worker character varying(200),
    beat bigint DEFAULT '0'::bigint NOT NULL,
    tries smallint DEFAULT '0'::smallint NOT NULL,
    aside boolean DEFAULT false NOT NULL
);

CREATE TABLE public.telegram_outbox (
    bot bigint NOT NULL,
    update_id bigint NOT NULL,
    number integer NOT NULL,
    request text NOT NULL,
    result text
);

CREATE TABLE public.telegram_pollers (
    bot bigint NOT NULL,
    name character varying(200) NOT NULL,
    place character varying(200) NOT NULL,
    beat bigint NOT NULL,
    polls boolean NOT NULL
);

CREATE TABLE public.telegram_posts (
    channel bigint NOT NULL,
    message bigint NOT NULL,
    album character varying(64),
    text text NOT NULL,
    link text,
    edited bigint DEFAULT '0'::bigint NOT NULL
);

CREATE TABLE public.telegram_recent (
    kind character varying(200) NOT NULL,
    owner bigint NOT NULL,
    value text NOT NULL,
    at bigint NOT NULL
);

CREATE TABLE public.telegram_replies (
    id integer NOT NULL,
    chat bigint NOT NULL,
    topic bigint NOT NULL,
    asker bigint NOT NULL,
    question text NOT NULL,
    library character varying(200) NOT NULL,
    answer text NOT NULL,
    asked_at timestamp without time zone NOT NULL,
    message bigint,
    sent text
);

CREATE SEQUENCE public.telegram_replies_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.telegram_replies_id_seq OWNED BY public.telegram_replies.id;

CREATE TABLE public.telegram_scopes (
    chat bigint NOT NULL,
    topic bigint NOT NULL,
    article character varying(200) NOT NULL
);

CREATE TABLE public.telegram_votes (
    reply integer NOT NULL,
    voter bigint NOT NULL,
    vote smallint NOT NULL
);

CREATE TABLE public.vectors (
    library integer NOT NULL,
    article integer NOT NULL,
    model character varying(200) NOT NULL,
    dimension integer NOT NULL,
    data bytea NOT NULL
);

ALTER TABLE ONLY public.articles ALTER COLUMN pk SET DEFAULT nextval('public.articles_pk_seq'::regclass);

ALTER TABLE ONLY public.feeds ALTER COLUMN pk SET DEFAULT nextval('public.feeds_pk_seq'::regclass);

ALTER TABLE ONLY public.libraries ALTER COLUMN pk SET DEFAULT nextval('public.libraries_pk_seq'::regclass);

ALTER TABLE ONLY public.names ALTER COLUMN number SET DEFAULT nextval('public.names_number_seq'::regclass);

ALTER TABLE ONLY public.telegram_additions ALTER COLUMN id SET DEFAULT nextval('public.telegram_additions_id_seq'::regclass);

ALTER TABLE ONLY public.telegram_replies ALTER COLUMN id SET DEFAULT nextval('public.telegram_replies_id_seq'::regclass);

INSERT INTO public.articles VALUES
	(2, 2, '52a3799576f879bfae7c30415c30e00f197fe2540071a1a3b705bc008d2563cb', 'text', 'Cats sleep all day.
They hunt at night: “mice”, it’s said.', NULL, 'en', '2026-11-28 12:45:04.777223'),
	(3, 2, '270da31482910514d31aa1c706aa88a53de003edd05dbc2854d556493e23c1ab', 'text', 'Dogs bark.', NULL, 'en', '2026-11-28 12:45:04.801697');

INSERT INTO public.feed_entries VALUES
	(2, 'a8e1776584a85cc42b07c3852ba3991dcc68651c69ee859907e12ffe5bf0467a'),
	(3, 'a8e1776584a85cc42b07c3852ba3991dcc68651c69ee859907e12ffe5bf0467a'),
	(3, '690396b0e760bb1a655c81fe146dd04fdd7ed9686a1916cf90e4c223914ae917');

INSERT INTO public.feeds VALUES
	(1, '-5', 'https://example.org/old', NULL, NULL, NULL),
	(2, '-5', 'https://example.org/feed', NULL, NULL, NULL),
	(3, '', 'https://example.org/feed', NULL, NULL, NULL);

INSERT INTO public.libraries VALUES
	(2, '-5', 5),
	(1, '', 2);

INSERT INTO public.meta VALUES
	('article-bot schema', '3'),
	('article-bot telegram schema', '6'),
	('article-bot feeds', '1'),
	('article-bot claims', '1');

INSERT INTO public.names VALUES
	(2, 2, 'cats', 2),
	(3, 2, 'dogs', 3),
	(4, 2, 'felines', 2);

INSERT INTO public.sentences VALUES
	(2, 2, 0, 0, 19, 1),
	(2, 2, 1, 21, 59, 2),
	(2, 3, 0, 0, 10, 1);

INSERT INTO public.structures VALUES
	(2, 2, 6, '{"blocks":[["paragraph",0,19,0,0,0],["paragraph",21,59,0,0,0]],"links":[],"given":false}'),
	(2, 3, 6, '{"blocks":[["paragraph",0,10,0,0,0]],"links":[],"given":false}');

INSERT INTO public.telegram_additions VALUES
	(1, -5, '2026-11-28 12:45:04.887707'),
	(2, -5, '2026-11-28 12:45:04.889103');

INSERT INTO public.telegram_chats VALUES
	(-5, true, false, false, NULL);

INSERT INTO public.telegram_departures VALUES
	(-6, '2026-11-28 12:45:04.889596');

INSERT INTO public.telegram_forwards VALUES
	(-5, 8, -1001, 7);

INSERT INTO public.telegram_inbox VALUES
	(1, 40, -5, NULL, 1795869904, NULL, 9, 1, false),
	(1, 41, -5, '{"update_id": 41}', 1795869904, 'gone//1/2/3', 9, 1, false);

INSERT INTO public.telegram_outbox VALUES
	(1, 41, 1, '["sendMessage", {"chat_id": -5}]', '{"message_id": 13}'),
	(1, 39, 1, '[]', NULL);

INSERT INTO public.telegram_posts VALUES
	(-1001, 7, 'b', 'A post.', 'https://t.me/c/7', 1790000000);

INSERT INTO public.telegram_recent VALUES
	('questions', 6000000000, '[[1795869904.88], 0.0]', 1795869904);

INSERT INTO public.telegram_replies VALUES
	(1, -5, 3, 6000000000, 'who sleeps?', '-5', '{"tier": "may", "kind": "answer", "articles": 2, "shown": 1, "passages": [["cats", "990fad53e0f03989", 0, 19, 0, 19, "sentence"]], "parts": [{"question": "who sleeps?", "tier": "may", "shown": 1, "about": null}], "language_told": false, "asked": null}', '2026-11-28 12:45:04.843643', 11, '[12]');

INSERT INTO public.telegram_scopes VALUES
	(-5, 3, 'dogs');

INSERT INTO public.telegram_votes VALUES
	(1, 6000000000, 1);

INSERT INTO public.vectors VALUES
	(2, 2, 'hashing-1', 32, '\x0d2fc53d38bc67bee733a13c0499893d7d0782bebd678ebeb07429be8daecc3cdebd91bee22d313d510bb63d57df6b3ed69a6f3e857eeebc99b9d03d1cd447bc2c798cbc6b1a24bc33a49abe27e6533d4174b0bed5a949bef37e31bd1a8d1bbe4f10de3d8d16f6bd21dc10be78988dbe3ad32c3ee8e7753efc3fcdbdffdc783e748800bdb775b83d5eef8fbda819aebda15be9bd91189cbe069919be754d8bbefd45e5bcbac10ebedbca063e0ce6d7bd98fbe6bdc0fdcc3c2d2445bec5e336be8278853e6a2300be70eaac3dde915f3ea9bd2c3e5a7ceb3c11245bbdaf52bd3d694dc0be42f2febd7484663e9454143ef239573ea008de3e3b3f97bd75258c3c'),
	(2, 3, 'hashing-1', 32, '\xddc292bddca654bea463b8bc74ecbf3c0b38f73b6cc6793d7750213e7bbdcb3e2e90843d82c1b63dc5c406bdb769083e8bcabebd5912b1beb7c9073e3bc6263d0d1edc3c46cffebd4cec6c3ed0214fbebec622be9863713e71a14c3e7145eebc91ab953d552d3ebe02c391bc718104bf9aaec93be475ff3cf1e04c3e2f9f7ebd');

SELECT pg_catalog.setval('public.articles_pk_seq', 4, true);

SELECT pg_catalog.setval('public.feeds_pk_seq', 3, true);

SELECT pg_catalog.setval('public.libraries_pk_seq', 2, true);

SELECT pg_catalog.setval('public.names_number_seq', 5, true);

SELECT pg_catalog.setval('public.telegram_additions_id_seq', 2, true);

SELECT pg_catalog.setval('public.telegram_replies_id_seq', 2, true);

ALTER TABLE ONLY public.adders
    ADD CONSTRAINT adders_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_library_digest_key UNIQUE (library, digest);

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_pkey PRIMARY KEY (pk);

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (library, digest);

ALTER TABLE ONLY public.feed_entries
    ADD CONSTRAINT feed_entries_pkey PRIMARY KEY (feed, digest);

ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_chat_url_key UNIQUE (chat, url);

ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_pkey PRIMARY KEY (pk);

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_chat_key UNIQUE (chat);

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_pkey PRIMARY KEY (pk);

ALTER TABLE ONLY public.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_library_id_key UNIQUE (library, id);

ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.sentences
    ADD CONSTRAINT sentences_pkey PRIMARY KEY (library, article, "position");

ALTER TABLE ONLY public.structures
    ADD CONSTRAINT structures_pkey PRIMARY KEY (library, article);

ALTER TABLE ONLY public.telegram_additions
    ADD CONSTRAINT telegram_additions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.telegram_chats
    ADD CONSTRAINT telegram_chats_pkey PRIMARY KEY (chat);

ALTER TABLE ONLY public.telegram_departures
    ADD CONSTRAINT telegram_departures_pkey PRIMARY KEY (chat);

ALTER TABLE ONLY public.telegram_forwards
    ADD CONSTRAINT telegram_forwards_pkey PRIMARY KEY (chat, message);

ALTER TABLE ONLY public.telegram_inbox
    ADD CONSTRAINT telegram_inbox_pkey PRIMARY KEY (bot, update_id);

ALTER TABLE ONLY public.telegram_outbox
    ADD CONSTRAINT telegram_outbox_pkey PRIMARY KEY (bot, update_id, number);

ALTER TABLE ONLY public.telegram_pollers
    ADD CONSTRAINT telegram_pollers_pkey PRIMARY KEY (bot, name);

ALTER TABLE ONLY public.telegram_posts
    ADD CONSTRAINT telegram_posts_pkey PRIMARY KEY (channel, message);

ALTER TABLE ONLY public.telegram_recent
    ADD CONSTRAINT telegram_recent_pkey PRIMARY KEY (kind, owner);

ALTER TABLE ONLY public.telegram_replies
    ADD CONSTRAINT telegram_replies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.telegram_scopes
    ADD CONSTRAINT telegram_scopes_pkey PRIMARY KEY (chat, topic);

ALTER TABLE ONLY public.telegram_votes
    ADD CONSTRAINT telegram_votes_pkey PRIMARY KEY (reply, voter);

ALTER TABLE ONLY public.vectors
    ADD CONSTRAINT vectors_pkey PRIMARY KEY (library, article, model);

CREATE UNIQUE INDEX ix_articles_library_pk ON public.articles USING btree (library, pk);

CREATE INDEX ix_names_article ON public.names USING btree (article);

CREATE INDEX ix_telegram_additions_chat ON public.telegram_additions USING btree (chat);

CREATE INDEX ix_telegram_inbox_received_at ON public.telegram_inbox USING btree (received_at);

CREATE INDEX ix_telegram_inbox_undone ON public.telegram_inbox USING btree (bot, chat, update_id) WHERE (content IS NOT NULL);

CREATE INDEX ix_telegram_recent_at ON public.telegram_recent USING btree (at);

CREATE INDEX ix_telegram_replies_asked_at ON public.telegram_replies USING btree (asked_at);

CREATE INDEX ix_telegram_replies_chat ON public.telegram_replies USING btree (chat);

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_library_fkey FOREIGN KEY (library) REFERENCES public.libraries(pk);

ALTER TABLE ONLY public.feed_entries
    ADD CONSTRAINT feed_entries_feed_fkey FOREIGN KEY (feed) REFERENCES public.feeds(pk) ON DELETE CASCADE;

ALTER TABLE ONLY public.sentences
    ADD CONSTRAINT fk_sentences_article FOREIGN KEY (library, article) REFERENCES public.articles(library, pk) ON DELETE CASCADE;

ALTER TABLE ONLY public.structures
    ADD CONSTRAINT fk_structures_article FOREIGN KEY (library, article) REFERENCES public.articles(library, pk) ON DELETE CASCADE;

ALTER TABLE ONLY public.vectors
    ADD CONSTRAINT fk_vectors_article FOREIGN KEY (library, article) REFERENCES public.articles(library, pk) ON DELETE CASCADE;

ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_article_fkey FOREIGN KEY (article) REFERENCES public.articles(pk) ON DELETE CASCADE;

ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_library_fkey FOREIGN KEY (library) REFERENCES public.libraries(pk);

ALTER TABLE ONLY public.telegram_votes
    ADD CONSTRAINT telegram_votes_reply_fkey FOREIGN KEY (reply) REFERENCES public.telegram_replies(id) ON DELETE CASCADE;

