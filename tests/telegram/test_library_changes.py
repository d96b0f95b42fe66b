"""An article that is added through one worker is ready in the others before they are asked."""

from __future__ import annotations

import asyncio

import pytest
from fakes import put_article
from local_bot import PRIVATE, LocalBot, message

from bot.config import Settings
from bot.telegram.library_changes import follow_changes
from index.storage.database import open_database
from index.storage.library import Library

PATIENCE = 20.0  # seconds that a busy machine may take for what takes milliseconds


@pytest.mark.parametrize("chat", ["", str(PRIVATE["id"])])
def test_every_worker_makes_ready_what_another_adds(postgresql_url: str, chat: str) -> None:
    """The shared articles, and those of a chat that has asked; nobody asks in between."""
    worker = LocalBot(Settings(threshold=0.0), postgresql_url)
    writer = open_database(postgresql_url)
    put_article(Library(writer, chat), "dogs", "Dogs bark at night.")
    worker.receive(message=message(PRIVATE, "who barks?"))
    corpus = worker.shared.answerers.first_with_articles([chat]).corpus
    corpus.refresh()
    before = corpus.count()

    async def work() -> None:
        following = asyncio.create_task(follow_changes(worker.shared))
        await asyncio.sleep(0)
        await asyncio.to_thread(put_article, Library(writer, chat), "cats", "Cats sleep all day.")
        async with asyncio.timeout(PATIENCE):
            while corpus.count() == before:
                await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    worker.run(work)
    worker.close()
    writer.dispose()

    assert corpus.count() == before + 1
