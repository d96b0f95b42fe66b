"""What a channel edits away, and what a chat was called, leaves nothing in the cache folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import HashingEncoder

from bot.telegram.handlers.members import migration
from bot.telegram.store.posts import _make_article
from bot.telegram.store.replies import open_memory
from index.ranking.candidate_sentences import Query
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.library import Library

CHANNEL = -1005
POST = "The storm came at night and broke the old pier of the town. " * 10


@pytest.fixture
def office(tmp_path: Path) -> Any:
    """Give what the handlers need, with a database and a cache folder of its own."""
    engine = open_database(f"sqlite:///{tmp_path / 'db.sqlite'}")
    open_memory(engine)

    async def run(work: Callable[[], object]) -> None:
        work()

    return SimpleNamespace(
        engine=engine,
        answerers=SimpleNamespace(encoder=HashingEncoder()),
        settings=SimpleNamespace(cache=tmp_path / "cache"),
        run=run,
    )


def ask(office: Any) -> None:
    """Let the post be encoded, by a process that keeps it for the next one."""
    library, encoder = Library(office.engine, str(CHANNEL)), HashingEncoder()
    corpus = Corpus(library, encoder, cache=office.settings.cache)
    corpus.refresh()
    corpus.find(Query("storm", encoder.encode_tokens(["storm"])[0]))


def kept(office: Any) -> list[Path]:
    """List the files of encoded text."""
    return [path for path in office.settings.cache.rglob("*") if path.is_file()]


@pytest.mark.parametrize("edited", [POST.replace("night", "noon"), "Never mind."])
def test_an_edited_post_is_forgotten(office: Any, edited: str) -> None:
    """Of what it said before nothing stays, whether it still is an article or not."""
    _make_article(office, CHANNEL, {1: (POST, None)})
    ask(office)
    assert kept(office)

    _make_article(office, CHANNEL, {1: (edited, None)})

    assert kept(office) == []


def test_another_post_forgets_nothing(office: Any) -> None:
    """Nothing is encoded anew because something was added."""
    _make_article(office, CHANNEL, {1: (POST, None)})
    ask(office)
    before = kept(office)

    _make_article(office, CHANNEL, {2: (POST.replace("night", "noon"), None)})

    assert kept(office) == before


def test_a_chat_that_moves_leaves_nothing_under_its_old_name(office: Any) -> None:
    """Files are named after the chat, and nobody would look for the old name again."""
    _make_article(office, CHANNEL, {1: (POST, None)})
    ask(office)
    message = SimpleNamespace(chat_id=CHANNEL, migrate_to_chat_id=-1009, migrate_from_chat_id=None)

    asyncio.run(migration(office, SimpleNamespace(message=message), None))

    assert kept(office) == []
