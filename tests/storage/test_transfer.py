"""A database in one file: what comes from it belongs where it is now, and numbers go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fakes import HashingEncoder
from sqlalchemy import Engine

from bot.telegram.store import tables
from index.storage.database import MIGRATIONS, open_database
from index.storage.engine import writing
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.storage.migrations import migrate
from index.storage.numbering import next_number
from index.storage.schema import article_numbers
from index.storage.transfer import export_database, import_database
from index.text.articles import make_article
from index.text.readers import ReadArticle

PARTS = [MIGRATIONS, tables.MIGRATIONS]


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Open two databases with the tables of the bot."""
    opened = [open_database(f"sqlite:///{tmp_path / name}.sqlite") for name in ("one", "two")]
    for engine in opened:
        migrate(engine, tables.MIGRATIONS)
    yield opened[0], opened[1]
    for engine in opened:
        engine.dispose()


def add(engine: Engine, chat: str, name: str, words: str) -> Library:
    """Add an article to the library of *chat*, and return that."""
    library = Library(engine, chat)
    given = [ReadArticle(make_article(words, id=name), explicit_id=True)]
    list(add_articles(library, HashingEncoder, given))
    return library


def test_an_article_is_of_the_library_that_its_chat_has_here(
    engines: tuple[Engine, Engine], tmp_path: Path
) -> None:
    """With its sentences and vectors, whatever numbers article and library had elsewhere."""
    source, target = engines
    for chat in ("5", "6", "7"):
        add(source, chat, f"cats-{chat}", f"Cats of {chat} sleep all day. They hunt at night.")
    library = add(target, "7", "dogs", "Dogs bark.")

    export_database(source, tmp_path / "export", PARTS)
    import_database(target, tmp_path / "export", PARTS)

    stored = library.get("cats-7")
    assert [stored.article.cut(sentence.span) for sentence in stored.sentences] == [
        "Cats of 7 sleep all day.",
        "They hunt at night.",
    ]
    assert len(library.vectors([stored.key], HashingEncoder().identity)[stored.key]) == 2


def test_numbers_go_on_in_a_copy(engines: tuple[Engine, Engine], tmp_path: Path) -> None:
    """None is given again that an article or a reply has."""
    source, _ = engines
    cats = add(source, "7", "cats", "Cats sleep all day.").get("cats")
    reply = {"topic": 0, "asker": 7, "question": "?", "library": "7", "answer": "{}"}
    with writing(source) as connection:
        number = next_number(connection, tables.reply_numbers)
        row = {"chat": 7, "id": number, "asked_at": datetime(2026, 11, 28), **reply}
        connection.execute(tables.replies.insert(), row)

    export_database(source, tmp_path / "export", PARTS)
    copy = open_database(f"sqlite:///{tmp_path / 'export'}")
    with writing(copy) as connection:
        next_reply = next_number(connection, tables.reply_numbers)
        next_article = next_number(connection, article_numbers)
    copy.dispose()

    assert (next_reply, next_article) == (number + 1, cats.key + 1)
