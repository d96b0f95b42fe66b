"""What two workers do at once with one database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from local_bot import CHANNEL, PRIVATE, TOKEN, LocalBot, message, post
from sqlalchemy import Engine
from telegram import Bot, Message

from bot.config import Settings
from bot.telegram.post_articles import index_post
from bot.telegram.store import chats, posts, replies
from bot.telegram.store.posts import Forward
from bot.telegram.store.reply_values import Conversation
from index.storage.library import Library

POST = "The harbour of Lindholm is open. " + "Ships come and go. " * 30
EDIT = "The harbour of Lindholm is closed. " + "Divers found cracks. " * 30


@pytest.fixture(params=["sqlite", "postgresql"])
def workers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[LocalBot]]:
    """Two bots on one database, of each kind."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    made = [LocalBot(Settings(), url) for _ in range(2)]
    yield made
    for bot in made:
        bot.close()


def at_once(*works: Callable[[], object]) -> None:
    """Do all *works* in threads at the same time; raise what one of them raises."""
    start, failures = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for failure in failures:
        raise failure


def test_an_edit_wins_over_its_post(
    workers: list[LocalBot], caplog: pytest.LogCaptureFixture
) -> None:
    """Whichever worker is first, the article says what was edited last."""
    first, second = workers
    chats.change_setting(first.engine, CHANNEL["id"], "indexed", True)
    bot = Bot(TOKEN)
    library = Library(first.engine, str(CHANNEL["id"]))
    for number in range(10, 14):
        given = post(POST, message_id=number, date=1000)
        new, edited = (
            Message.de_json(given | fields, bot)
            for fields in ({}, {"text": EDIT, "edit_date": 2000})
        )
        at_once(partial(index_post, first.shared, new), partial(index_post, second.shared, edited))

        assert library.get(f"post-{number}").article.text.startswith("The harbour of Lindholm is c")
    assert not caplog.records


def test_what_two_workers_note_is_noted_once(workers: list[LocalBot]) -> None:
    """Settings, narrowings, copies of posts and votes."""
    engines = [bot.engine for bot in workers]
    workers[0].receive(message=message(PRIVATE, "what conditions did the US set?"))
    for number in range(3):
        forward, place = Forward(-5, number, -6, number), Conversation(-5, number)

        def note(engine: Engine, number: int = number) -> None:
            chats.change_setting(engine, -number - 9, "short", True)
            chats.narrow(engine, Conversation(-5, number), "a")
            posts.save_forward(engine, Forward(-5, number, -6, number))
            replies.vote(engine, PRIVATE["id"], 1, number, 1)

        at_once(*(partial(note, engine) for engine in engines))

        assert chats.read_settings(engines[0], -number - 9).short
        assert chats.scope_of(engines[0], place) == "a"
        assert posts.find_forward(engines[0], -5, number) == forward
