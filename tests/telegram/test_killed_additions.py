"""A bot that is killed while somebody adds to it: once, for all tests of this module."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bots import sent_to
from fake_telegram.world import Chat
from killed_bots import WAYS, Workers

from index.storage.database import open_database
from index.storage.library import Library

DOCUMENT = "\n".join(f"Tram {n} leaves the depot in street {n * 7}." for n in range(1_000))
PIECE = 3_950  # characters of a piece of a paste, nearly as many as a message may have
PASTE = textwrap.wrap(" ".join(f"Tram {n} is late." for n in range(600)), PIECE)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Outcome:
    """The text of the one article that a chat has, and how many messages it was sent."""

    text: str
    messages: int


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory, cache: object
) -> Iterator[tuple[Outcome, Outcome]]:
    """Kill a bot while a group's document is encoded and the pieces of a paste are awaited."""
    with WAYS["polling"](tmp_path_factory.mktemp("killed")) as workers:
        api, [bot] = workers.api, workers.bots
        ann = api.user(first_name="Ann")
        group, private = api.supergroup("News", members=[ann]), api.private(ann)
        bot.wait_until_ready()
        sent = api.document(DOCUMENT.encode(), "trams.txt")
        api.send(group, ann, document=sent, caption="/add@ArticleBot")
        api.wait("sendMessage", chat_id=group.id)  # the progress
        for piece in PASTE:
            api.send(private, ann, piece)
        api.send(group, ann, "/articles@ArticleBot")
        api.wait("sendMessage", chat_id=group.id)  # the answer, of the next update
        time.sleep(0.5)  # the pieces have come, and a second and a half is left to wait for more
        assert not sent_to(api, private)
        workers.kill(bot)
        yield outcome(workers, group), outcome(workers, private)


def outcome(workers: Workers, chat: Chat) -> Outcome:
    """Wait until *chat* has its article."""
    edit = workers.api.wait("editMessageText", chat_id=chat.id, timeout=60)
    while not edit.params["text"].startswith("Added:"):
        edit = workers.api.wait("editMessageText", chat_id=chat.id, timeout=60)
    engine = open_database(f"sqlite:///{workers.bots[0].database}")
    library = Library(engine, str(chat.id))
    [stored] = library.load(library.keys()).values()
    engine.dispose()
    return Outcome(stored.article.text, len(sent_to(workers.api, chat)))


def test_an_addition_in_a_group_outlasts_a_kill(outcomes: tuple[Outcome, Outcome]) -> None:
    """It is done again below the same message, whatever was asked meanwhile."""
    group, _ = outcomes

    assert group.text == DOCUMENT
    assert group.messages <= 2 + 1  # what was not confirmed yet comes twice


def test_a_paste_outlasts_a_kill(outcomes: tuple[Outcome, Outcome]) -> None:
    """The pieces that had come are put together with those that come behind."""
    _, private = outcomes

    assert private.text.split() == " ".join(PASTE).split()
    assert private.messages == 1
