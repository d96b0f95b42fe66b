"""
How PostgreSQL finds what a question needs, in a database of many chats.

    python tests/benchmarks/question_plans.py postgresql+psycopg://USER@HOST/EMPTY_DATABASE

Fills the database with the libraries of many chats, asks one of them through the bot, and prints
the plan of each statement on the way of that question: how its rows are found, by what, and how
long that took; --chats makes it smaller. Fails when a table of more than a few pages is read from
one end to the other, or one that grows without its library or chat.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from sqlalchemy import Engine, text

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "telegram")]

from local_bot import LocalBot, message  # noqa: E402
from sharding import Statement, listening, unnamed  # noqa: E402

from bot.config import Settings  # noqa: E402
from bot.telegram.store import tables  # noqa: E402
from index.storage.numbering import count_on  # noqa: E402
from index.storage.schema import article_numbers  # noqa: E402

CHATS, ARTICLES, SENTENCES, REPLIES = 2_000, 50, 10, 20  # each of the one before
ASKED = 123  # the chat that is asked
DIMENSION = 32  # of the vectors of the tests' encoder
FILL = f"""
INSERT INTO libraries (chat, revision)
  SELECT chat::text, 1 FROM generate_series(1, :chats) chat;
INSERT INTO articles (pk, library, digest, title, text, language, added_at)
  SELECT 1000 + (pk - 1) * {ARTICLES} + n, pk, md5(pk || '-' || n), 'Article ' || n,
    (SELECT string_agg('Sentence ' || s || ' of article ' || n || ' is about thing ' || s * n
      || '.', ' ' ORDER BY s) FROM generate_series(1, {SENTENCES}) s),
    'en', now()
  FROM libraries, generate_series(1, {ARTICLES}) n WHERE chat <> '';
INSERT INTO names (number, library, id, article)
  SELECT pk, library, 'article-' || pk, pk FROM articles WHERE title LIKE 'Article %';
INSERT INTO sentences (library, article, position, start, "end", paragraph)
  SELECT library, pk, s, s * 40, s * 40 + 39, 1 FROM articles, generate_series(0, {SENTENCES - 1}) s
  WHERE title LIKE 'Article %';
INSERT INTO vectors (library, article, model, dimension, data)
  SELECT library, pk, 'hashing-1', {DIMENSION},
    decode(repeat('0000803f', {SENTENCES * DIMENSION}), 'hex')
  FROM articles WHERE title LIKE 'Article %';
INSERT INTO telegram_replies (id, chat, topic, asker, question, library, answer, asked_at)
  SELECT chat * {REPLIES} + n, chat, 0, chat, 'who ' || n || '?', chat::text, '{{}}',
    now() - n * interval '1 hour'
  FROM generate_series(1, :chats) chat, generate_series(1, {REPLIES}) n WHERE chat <> {ASKED};
INSERT INTO telegram_inbox (bot, update_id, chat, received_at)
  SELECT 1, chat * {REPLIES} + n, chat, extract(epoch FROM now())
  FROM generate_series(1, :chats) chat, generate_series(1, {REPLIES}) n;
INSERT INTO structures (library, article, rules, data) SELECT library, article, 0, '{{}}'
  FROM vectors JOIN libraries ON libraries.pk = library
  WHERE libraries.chat <> '{ASKED}';
INSERT INTO telegram_scopes (chat, topic, article) SELECT chat, 0, 'none'
  FROM generate_series(1, :chats) chat WHERE chat <> {ASKED};
INSERT INTO telegram_chats (chat, quiet, indexed) SELECT chat, false, false
  FROM generate_series(1, :chats) chat;
"""  # noqa: S608 (numbers of its own)


def fill(engine: Engine, chats: int) -> None:
    """Store the libraries of *chats*, and let PostgreSQL count them."""
    with engine.begin() as connection:
        for part in FILL.split(";\n"):
            if part.strip():
                values = {"chats": chats} if ":chats" in part else {}
                connection.execute(text(part), values)
        for numbers in (article_numbers, tables.reply_numbers):
            count_on(connection, numbers)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def large_tables(engine: Engine) -> set[str]:
    """The tables of more than a few pages; smaller ones are read sooner than their indexes."""
    with engine.connect() as connection:
        names = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpages > 4"
        return set(connection.scalars(text(names)))


def explain(engine: Engine, statement: Statement) -> list[str]:
    """The plan of a *statement*, which changes nothing."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement[0]}", statement[1])
        lines = [row[0] for row in cursor.fetchall()]
        connection.rollback()
    return lines


def main() -> None:
    """Fill, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("database", help="URL of an empty PostgreSQL database")
    parser.add_argument("--chats", type=int, default=CHATS)
    given = parser.parse_args()
    bot = LocalBot(Settings(threshold=0.0), given.database)
    fill(bot.engine, given.chats)
    asker = {"id": ASKED, "is_bot": False, "first_name": "Ann"}
    chat = {"id": ASKED, "type": "private", "first_name": "Ann"}
    ask = message(chat, "which sentence is about thing 12?") | {"from": asker}
    with listening(bot.engine) as first:
        bot.deliver(message=ask)
    with listening(bot.engine) as heard:
        bot.deliver(message=ask)
    print(f"{len(first)} statements for the first question, {len(heard)} for the second\n")
    large = large_tables(bot.engine)
    read: dict[str, Statement] = {}
    for statement in [*first, *heard]:
        if statement[0].split()[0] in {"SELECT", "UPDATE", "DELETE"}:
            read.setdefault(statement[0], statement)
    scanned, apart = [], [said for said, _ in [*first, *heard] if unnamed(said)]
    for statement in read.values():
        plan = explain(bot.engine, statement)
        print(" ".join(statement[0].split()), *plan, sep="\n  ", end="\n\n")
        scanned += [line for line in plan if _scans(line, large)]
    bot.close()
    if scanned or apart:
        raise SystemExit(f"from one end to the other: {scanned}; of all libraries: {apart}")


def _scans(line: str, large: set[str]) -> bool:
    """Whether a *line* of a plan reads one of the *large* tables from one end to the other."""
    found = re.search(r"Seq Scan on (\w+)", line)
    return found is not None and found[1] in large


if __name__ == "__main__":
    main()
