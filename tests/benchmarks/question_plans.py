"""
How PostgreSQL finds what a question needs, in a database of many chats.

    python tests/benchmarks/question_plans.py postgresql+psycopg://USER@HOST/EMPTY_DATABASE

Fills the database with the libraries of many chats, asks one of them through the bot, and prints
the plan of each statement on the way of that question: how its rows are found, by what, and how
long that took. Fails when a table that grows is read from one end to the other.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, text

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "telegram")]

from local_bot import LocalBot, message  # noqa: E402

from bot.config import Settings  # noqa: E402

CHATS, ARTICLES, SENTENCES, REPLIES = 2_000, 50, 10, 20  # each of the one before
ASKED = 1_234  # the chat that is asked
DIMENSION = 32  # of the vectors of the tests' encoder
FILL = f"""
INSERT INTO libraries (chat, revision)
  SELECT chat::text, 1 FROM generate_series(1, {CHATS}) chat;
INSERT INTO articles (library, digest, title, text, language, added_at)
  SELECT pk, md5(pk || '-' || n), 'Article ' || n,
    (SELECT string_agg('Sentence ' || s || ' of article ' || n || ' is about thing ' || s * n
      || '.', ' ' ORDER BY s) FROM generate_series(1, {SENTENCES}) s),
    'en', now()
  FROM libraries, generate_series(1, {ARTICLES}) n WHERE chat <> '';
INSERT INTO names (library, id, article)
  SELECT library, 'article-' || pk, pk FROM articles WHERE title LIKE 'Article %';
INSERT INTO sentences (library, article, position, start, "end", paragraph)
  SELECT library, pk, s, s * 40, s * 40 + 39, 1 FROM articles, generate_series(0, {SENTENCES - 1}) s
  WHERE title LIKE 'Article %';
INSERT INTO vectors (library, article, model, dimension, data)
  SELECT library, pk, 'hashing-1', {DIMENSION},
    decode(repeat('0000803f', {SENTENCES * DIMENSION}), 'hex')
  FROM articles WHERE title LIKE 'Article %';
INSERT INTO telegram_replies (chat, topic, asker, question, library, answer, asked_at)
  SELECT chat, 0, chat, 'who ' || n || '?', chat::text, '{{}}', now() - n * interval '1 hour'
  FROM generate_series(1, {CHATS}) chat, generate_series(1, {REPLIES}) n WHERE chat <> {ASKED};
INSERT INTO structures (library, article, rules, data) SELECT library, article, 0, '{{}}'
  FROM vectors JOIN libraries ON libraries.pk = library
  WHERE libraries.chat <> '{ASKED}';
INSERT INTO telegram_scopes (chat, topic, article) SELECT chat, 0, 'none'
  FROM generate_series(1, {CHATS}) chat WHERE chat <> {ASKED};
INSERT INTO telegram_chats (chat, quiet, indexed) SELECT chat, false, false
  FROM generate_series(1, {CHATS}) chat;
"""  # noqa: S608 (numbers of its own)
Statement = tuple[str, Any]


def fill(engine: Engine) -> None:
    """Store the libraries, and let PostgreSQL count them."""
    with engine.begin() as connection:
        for part in FILL.split(";\n"):
            if part.strip():
                connection.execute(text(part))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


@contextmanager
def listening(engine: Engine) -> Iterator[list[Statement]]:
    """Collect the statements that *engine* executes meanwhile."""
    heard: list[Statement] = []

    def note(*given: Any) -> None:
        heard.append((given[2], given[3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", note)


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
    bot = LocalBot(Settings(threshold=0.0), parser.parse_args().database)
    fill(bot.engine)
    asker = {"id": ASKED, "is_bot": False, "first_name": "Ann"}
    chat = {"id": ASKED, "type": "private", "first_name": "Ann"}
    ask = message(chat, "which sentence is about thing 12?") | {"from": asker}
    with listening(bot.engine) as first:
        bot.receive(message=ask)
    with listening(bot.engine) as heard:
        bot.receive(message=ask)
    print(f"{len(first)} statements for the first question, {len(heard)} for the second\n")
    read: dict[str, Statement] = {}
    for statement in [*first, *heard]:
        if statement[0].split()[0] in {"SELECT", "UPDATE", "DELETE"}:
            read.setdefault(statement[0], statement)
    scanned = []
    for statement in read.values():
        plan = explain(bot.engine, statement)
        print(" ".join(statement[0].split()), *plan, sep="\n  ", end="\n\n")
        scanned += [line for line in plan if "Seq Scan" in line]
    bot.close()
    if scanned:
        raise SystemExit(f"read from one end to the other: {scanned}")


if __name__ == "__main__":
    main()
