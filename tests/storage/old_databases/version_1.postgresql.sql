-- A database as the first version made it (pg_dump, without ownership and settings).
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
    article integer NOT NULL,
    "position" integer NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    paragraph integer NOT NULL
);

CREATE TABLE public.telegram_chats (
    chat bigint NOT NULL,
    quiet boolean NOT NULL,
    indexed boolean NOT NULL
);

CREATE TABLE public.telegram_forwards (
    chat bigint NOT NULL,
    message bigint NOT NULL,
    channel bigint NOT NULL,
    post bigint NOT NULL
);

CREATE TABLE public.telegram_posts (
    channel bigint NOT NULL,
    message bigint NOT NULL,
    album character varying(64),
    text text NOT NULL,
    link text
);

CREATE TABLE public.telegram_replies (
    id integer NOT NULL,
    chat bigint NOT NULL,
    topic bigint NOT NULL,
    asker bigint NOT NULL,
    question text NOT NULL,
    library character varying(200) NOT NULL,
    answer text NOT NULL,
    asked_at timestamp without time zone NOT NULL
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
    article integer NOT NULL,
    model character varying(200) NOT NULL,
    dimension integer NOT NULL,
    data bytea NOT NULL
);

ALTER TABLE ONLY public.articles ALTER COLUMN pk SET DEFAULT nextval('public.articles_pk_seq'::regclass);

ALTER TABLE ONLY public.libraries ALTER COLUMN pk SET DEFAULT nextval('public.libraries_pk_seq'::regclass);

ALTER TABLE ONLY public.names ALTER COLUMN number SET DEFAULT nextval('public.names_number_seq'::regclass);

ALTER TABLE ONLY public.telegram_replies ALTER COLUMN id SET DEFAULT nextval('public.telegram_replies_id_seq'::regclass);

INSERT INTO public.articles VALUES
	(2, 2, '52a3799576f879bfae7c30415c30e00f197fe2540071a1a3b705bc008d2563cb', 'text', 'Cats sleep all day.

They hunt at night: “mice”, it’s said.', 'cats.txt', 'en', '2026-11-27 20:57:02.810218'),
	(3, 2, '270da31482910514d31aa1c706aa88a53de003edd05dbc2854d556493e23c1ab', 'text', 'Dogs bark.', 'dogs.txt', 'en', '2026-11-27 20:57:02.817725');

INSERT INTO public.libraries VALUES
	(1, '', 2),
	(2, '-5', 3);

INSERT INTO public.meta VALUES
	('article-bot schema', '1');

INSERT INTO public.names VALUES
	(2, 2, 'cats', 2),
	(3, 2, 'dogs', 3),
	(4, 2, 'felines', 2);

INSERT INTO public.sentences VALUES
	(2, 0, 0, 19, 1),
	(2, 1, 21, 59, 2),
	(3, 0, 0, 10, 1);

INSERT INTO public.telegram_chats VALUES
	(-5, true, false);

INSERT INTO public.telegram_forwards VALUES
	(-5, 8, -1001, 7);

INSERT INTO public.telegram_posts VALUES
	(-1001, 7, 'b', 'A post.', 'https://t.me/c/7');

INSERT INTO public.telegram_replies VALUES
	(1, -5, 3, 6000000000, 'who sleeps?', '-5', '{"answered": true, "confidence": 0.9, "kind": "answer", "articles": 2, "shown": 1, "passages": [["cats", "990fad53e0f03989", 0, 19, 0, 19, "sentence"]], "unanswered": []}', '2026-11-27 20:57:02.851599');

INSERT INTO public.telegram_scopes VALUES
	(-5, 3, 'dogs');

INSERT INTO public.telegram_votes VALUES
	(1, 6000000000, 1);

INSERT INTO public.vectors VALUES
	(2, 'hashing-1', 4, '\xaa5cd03e0e245fbf3e44173cbdc88b3e61502fbfeaa9133f9b7201bed09fdabe'),
	(3, 'hashing-1', 4, '\x6df7a3be3b016bbf624ca8bc4fa86e3e');

SELECT pg_catalog.setval('public.articles_pk_seq', 3, true);

SELECT pg_catalog.setval('public.libraries_pk_seq', 2, true);

SELECT pg_catalog.setval('public.names_number_seq', 4, true);

SELECT pg_catalog.setval('public.telegram_replies_id_seq', 1, true);

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_library_digest_key UNIQUE (library, digest);

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_pkey PRIMARY KEY (pk);

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
    ADD CONSTRAINT sentences_pkey PRIMARY KEY (article, "position");

ALTER TABLE ONLY public.telegram_chats
    ADD CONSTRAINT telegram_chats_pkey PRIMARY KEY (chat);

ALTER TABLE ONLY public.telegram_forwards
    ADD CONSTRAINT telegram_forwards_pkey PRIMARY KEY (chat, message);

ALTER TABLE ONLY public.telegram_posts
    ADD CONSTRAINT telegram_posts_pkey PRIMARY KEY (channel, message);

ALTER TABLE ONLY public.telegram_replies
    ADD CONSTRAINT telegram_replies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.telegram_scopes
    ADD CONSTRAINT telegram_scopes_pkey PRIMARY KEY (chat, topic);

ALTER TABLE ONLY public.telegram_votes
    ADD CONSTRAINT telegram_votes_pkey PRIMARY KEY (reply, voter);

ALTER TABLE ONLY public.vectors
    ADD CONSTRAINT vectors_pkey PRIMARY KEY (article, model);

CREATE INDEX ix_names_article ON public.names USING btree (article);

CREATE INDEX ix_telegram_replies_asked_at ON public.telegram_replies USING btree (asked_at);

CREATE INDEX ix_telegram_replies_chat ON public.telegram_replies USING btree (chat);

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_library_fkey FOREIGN KEY (library) REFERENCES public.libraries(pk);

ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_article_fkey FOREIGN KEY (article) REFERENCES public.articles(pk) ON DELETE CASCADE;

ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_library_fkey FOREIGN KEY (library) REFERENCES public.libraries(pk);

ALTER TABLE ONLY public.sentences
    ADD CONSTRAINT sentences_article_fkey FOREIGN KEY (article) REFERENCES public.articles(pk) ON DELETE CASCADE;

ALTER TABLE ONLY public.telegram_votes
    ADD CONSTRAINT telegram_votes_reply_fkey FOREIGN KEY (reply) REFERENCES public.telegram_replies(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.vectors
    ADD CONSTRAINT vectors_article_fkey FOREIGN KEY (article) REFERENCES public.articles(pk) ON DELETE CASCADE;

