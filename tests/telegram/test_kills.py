"""Processes that end while they are asked; tests/benchmarks/kills.py does it for longer."""

from __future__ import annotations

import signal
import textwrap
import time
from pathlib import Path

import pytest
from bots import Bot, sent_to
from fake_telegram.world import Chat
from killed_bots import MANY, WAYS, Workers, kill_at_random

from index.storage.database import open_database
from index.storage.library import Library

SENTENCES = 1_500  # of a document whose encoding outlasts a kill
PIECE = 3_950  # characters of a piece of a paste, nearly as many as a message may have


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "database"), [("polling", ""), ("webhook", ""), ("webhook", "postgresql_url")]
)
def test_a_kill_loses_nothing(
    way: str, database: str, tmp_path: Path, cache: Path, request: pytest.FixtureRequest
) -> None:
    """All is answered in its order, hardly any of it twice, and no file is left behind."""
    settings = {"DATABASE": request.getfixturevalue(database)} if database else {}
    with WAYS[way](tmp_path, **settings) as workers:
        kill_at_random(workers, kills=2, burst=15, seed=1)
        toll = workers.toll()

    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.worst <= 1
    assert [file.name for file in tmp_path.iterdir()] == ([] if database else ["articles.sqlite"])


@pytest.mark.slow
def test_a_rolling_restart_loses_nothing(tmp_path: Path, cache: Path) -> None:
    """One bot starts while the other is stopped and asked; nothing is answered twice either."""
    with WAYS["polling"](tmp_path) as workers:
        old = workers.bots[0]
        new = Bot(workers.api, tmp_path, **MANY)
        new.start()
        new.wait_until_ready()
        workers.ask(30, per_chat=5)
        assert old.process is not None
        old.process.send_signal(signal.SIGTERM)
        workers.settle()
        toll = workers.toll()
        assert (old.wait(), new.stop()) == (0, 0)

    assert toll.asked == 30
    assert (toll.lost, toll.doubled, toll.disordered) == (0, 0, 0)


def told_in_the_end(workers: Workers, chat: Chat) -> str:
    """Wait until an article of *chat* is added, and return its text."""
    edit = workers.api.wait("editMessageText", chat_id=chat.id, timeout=60)
    while not edit.params["text"].startswith("Added:"):
        edit = workers.api.wait("editMessageText", chat_id=chat.id, timeout=60)
    engine = open_database(f"sqlite:///{workers.bots[0].database}")
    library = Library(engine, str(chat.id))
    [stored] = library.load(library.keys()).values()
    engine.dispose()
    return stored.article.text


@pytest.mark.slow
def test_an_addition_in_a_group_outlasts_a_kill(tmp_path: Path, cache: Path) -> None:
    """It is done again below the same message, whatever was asked meanwhile."""
    text = "\n".join(f"Tram {n} leaves the depot in street {n * 7}." for n in range(SENTENCES))
    with WAYS["polling"](tmp_path) as workers:
        api, [bot] = workers.api, workers.bots
        ann = api.user(first_name="Ann")
        group = api.supergroup("News", members=[ann])
        bot.wait_until_ready()
        sent = api.document(text.encode(), "trams.txt")
        api.send(group, ann, document=sent, caption="/add@ArticleBot")
        api.wait("sendMessage", chat_id=group.id)  # the progress
        api.send(group, ann, "/articles@ArticleBot")
        api.wait("sendMessage", chat_id=group.id)  # the answer, of the next update
        workers.kill(bot)

        assert told_in_the_end(workers, group) == text
        assert len(sent_to(api, group)) <= 2 + 1  # what was not confirmed yet comes twice


@pytest.mark.slow
def test_a_paste_outlasts_a_kill(tmp_path: Path, cache: Path) -> None:
    """The pieces that had come are put together with those that come behind."""
    pieces = textwrap.wrap(" ".join(f"Tram {n} is late." for n in range(600)), PIECE)
    with WAYS["polling"](tmp_path) as workers:
        api, [bot] = workers.api, workers.bots
        ann = api.user(first_name="Ann")
        private = api.private(ann)
        bot.wait_until_ready()
        for piece in pieces:
            api.send(private, ann, piece)
        time.sleep(1.0)  # they are received, and no progress is shown yet
        before = len(sent_to(api, private))
        workers.kill(bot)

        assert before == 0
        assert told_in_the_end(workers, private).split() == " ".join(pieces).split()
        assert len(sent_to(api, private)) == 1
