"""
How the tables of articles and of their names come to have the key of their library first.

A step of index.storage.database. What is large, sentences and vectors, stays where it is: on
PostgreSQL only keys are exchanged, SQLite copies articles and names.
"""

from __future__ import annotations

from sqlalchemy import Connection

from index.storage.migrations import rebuild

_ARTICLE_COLUMNS = "pk, library, digest, title, text, source, language, added_at"
_ARTICLES = """
    pk INTEGER NOT NULL, library INTEGER NOT NULL, digest VARCHAR(64) NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, source TEXT, language VARCHAR(8) NOT NULL,
    added_at DATETIME NOT NULL, PRIMARY KEY (library, pk), UNIQUE (library, digest),
    FOREIGN KEY(library) REFERENCES libraries (pk)
"""
_NAMES = """
    number INTEGER NOT NULL, library INTEGER NOT NULL, id VARCHAR(200) NOT NULL,
    article INTEGER NOT NULL, PRIMARY KEY (library, id),
    CONSTRAINT fk_names_article FOREIGN KEY(library, article)
    REFERENCES articles (library, pk) ON DELETE CASCADE
"""
# Numbers go on where those of the tables were, also behind rows that are gone.
_SQLITE_NUMBERS = (
    "CREATE TABLE article_numbers (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT)",
    "INSERT INTO article_numbers SELECT max(seq) FROM sqlite_sequence "
    "WHERE name IN ('articles', 'names') HAVING max(seq) > 0",
    "DELETE FROM article_numbers",
)
_POSTGRESQL = (
    "CREATE TABLE article_numbers (number SERIAL NOT NULL, PRIMARY KEY (number))",
    "SELECT setval(pg_get_serial_sequence('article_numbers', 'number'), "
    "greatest(nextval('articles_pk_seq'), nextval('names_number_seq')))",
    "ALTER TABLE names DROP CONSTRAINT names_article_fkey, DROP CONSTRAINT names_library_fkey, "
    "DROP CONSTRAINT names_pkey, DROP CONSTRAINT names_library_id_key, "
    "ADD PRIMARY KEY (library, id), ALTER number DROP DEFAULT",
    "ALTER TABLE articles DROP CONSTRAINT articles_pkey, ALTER pk DROP DEFAULT, "
    "ADD CONSTRAINT articles_pkey PRIMARY KEY USING INDEX ix_articles_library_pk",
    "ALTER TABLE names ADD CONSTRAINT fk_names_article FOREIGN KEY (library, article) "
    "REFERENCES articles (library, pk) ON DELETE CASCADE",
    "DROP INDEX ix_names_article",
    "DROP SEQUENCE articles_pk_seq, names_number_seq",
)
_INDEX = "CREATE INDEX ix_names_library_article ON names (library, article)"


def key_by_library(connection: Connection) -> None:
    """Exchange the keys of articles and names, which were numbers of their own."""
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            connection.exec_driver_sql(statement)
    else:
        for statement in _SQLITE_NUMBERS:
            connection.exec_driver_sql(statement)
        rebuild(connection, "articles", _ARTICLES, _ARTICLE_COLUMNS)
        rebuild(connection, "names", _NAMES, "number, library, id, article")
    connection.exec_driver_sql(_INDEX)
