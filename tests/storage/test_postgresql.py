"""The library and the bot's memory on PostgreSQL, where there is a server (see ../conftest.py)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from sqlalchemy import Engine, select

from bot.telegram.store import chats, replies, reply_values, tables
from bot.telegram.store.reply_values import Conversation
from index.datatypes import Answer, Passage, Span
from index.retrieval.corpus import Corpus
from index.storage.database import MIGRATIONS, open_database
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.storage.migrations import migrate
from index.storage.schema import sentences
from index.storage.transfer import export_database, import_database
from index.text.articles import make_article
from index.text.readers import ReadArticle


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    """Open the database, which starts with the seed article."""
    engine = open_database(postgresql_url)
    yield engine
    engine.dispose()


def add(library: Library, name: str, words: str) -> None:
    """Add an article."""
    loaded = [ReadArticle(make_article(words, id=name), explicit_id=True)]
    list(add_articles(library, HashingEncoder, loaded))


def test_articles_are_added_asked_and_removed(engine: Engine) -> None:
    """A library works as it does on SQLite, and one process sees what another wrote."""
    library, other = Library(engine, "7"), Library(engine, "7")
    corpus = Corpus(other, HashingEncoder())
    add(library, "cats", "Cats sleep all day. They hunt at night.")
    corpus.refresh()
    add(library, "dogs", "Dogs bark.")
    library.remove(["cats"])

    corpus.refresh()

    assert [info.id for info in other.listing()] == ["dogs"]


def test_a_new_database_has_the_seeds(engine: Engine) -> None:
    """The shared library starts with the first article."""
    assert [info.id for info in Library(engine, "").listing()] == ["taliban-us-recognition"]


def test_writers_take_turns(engine: Engine) -> None:
    """Articles that are added at once from several threads are all there."""
    library = Library(engine, "7")
    threads = [
        threading.Thread(target=add, args=(library, f"a{n}", f"Number {n} is here."))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(library.keys()) == 8


def test_processes_that_make_the_same_vectors_take_turns(engine: Engine) -> None:
    """As those do that are started side by side on articles that have none yet."""
    library = Library(engine, "")
    [article] = library.keys()
    with engine.connect() as connection:
        count = len(
            connection.execute(select(sentences).where(sentences.c.article == article)).all()
        )
    made = {article: np.ones((count, 3), dtype=np.float32)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: library.put_vectors(made, "m"), range(8)))
    assert library.missing_vectors("m") == []


def test_the_memory_of_the_bot_moves_with_a_chat(engine: Engine) -> None:
    """Replies, votes and settings are kept in tables of 64-bit ids, and follow a migration."""
    replies.open_store(engine)
    supergroup = -1_001_234_567_890
    library = Library(engine, "-5")
    add(library, "cats", "Cats sleep.")
    stored = library.get("cats")
    article = stored.article
    passage = Passage(article, Span(0, 11), Span(0, 11), "sentence", 1.0, stored.sentences)
    found = Answer("who sleeps?", "may", 0.9, (passage,), (), 1.0)
    reply = reply_values.make_reply(
        found, Conversation(-5), 6_000_000_000, library="-5", articles=1
    )
    number = replies.save(engine, reply)
    chats.change_setting(engine, -5, "quiet", True)
    replies.vote(engine, -5, number, 6_000_000_000, 1)

    chats.migrate(engine, -5, supergroup)

    ((recalled, votes),) = replies.voted_replies(engine)
    assert (recalled.conversation.chat, votes) == (supergroup, 1)
    assert chats.read_settings(engine, supergroup).quiet
    assert replies.earlier_questions(engine, Conversation(supergroup)) == ["who sleeps?"]
    assert Library(engine, str(supergroup)).get("cats").article == article


def test_a_database_moves_to_a_file_and_back(engine: Engine, tmp_path: Path) -> None:
    """An export of PostgreSQL goes into SQLite, and one of SQLite into PostgreSQL."""
    parts = [MIGRATIONS, tables.MIGRATIONS]
    small = open_database(f"sqlite:///{tmp_path / 'small.sqlite'}")
    migrate(engine, tables.MIGRATIONS)
    migrate(small, tables.MIGRATIONS)
    add(Library(engine, "7"), "cats", "Cats sleep all day.")
    add(Library(small, "7"), "dogs", "Dogs bark.")
    chats.change_setting(small, 5, "quiet", value=True)

    export_database(engine, tmp_path / "large", parts)
    export_database(small, tmp_path / "small", parts)
    import_database(small, tmp_path / "large", parts)
    import_database(engine, tmp_path / "small", parts)

    for moved in (engine, small):
        assert {info.id for info in Library(moved, "7").listing()} == {"cats", "dogs"}
    assert chats.read_settings(engine, 5).quiet
