"""What processes claim of a library before they encode it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from sqlalchemy import Engine, select

from index.datatypes import Article, Sentence, Span
from index.storage import claim_rows
from index.storage.claims import Claims
from index.storage.database import open_database
from index.storage.engine import writing
from index.storage.leases import BEAT, LEASE
from index.storage.library import Library, open_library
from index.storage.records import EncodedArticle
from index.text.articles import digest

ELSEWHERE = "another machine//1/2/abc"
Opened = Callable[[], Claims]


@pytest.fixture
def shelf(empty_url: str) -> Iterator[Library]:
    """An empty library of each kind of database."""
    engine = open_database(empty_url)
    yield open_library(engine, "5")
    engine.dispose()


@pytest.fixture
def opened(shelf: Library) -> Iterator[Opened]:
    """Give a function that lets one more process begin to claim."""
    begun: list[Claims] = []

    def begin() -> Claims:
        begun.append(Claims(shelf))
        return begun[-1]

    yield begin
    for process in begun:
        process.__exit__(None, None, None)


def test_what_one_has_claimed_another_leaves(opened: Opened) -> None:
    """It is told what that was, to look again later."""
    first, second = opened(), opened()
    first.take(["1", "2"])

    assert second.take(["2", "3"]) == ({"3"}, {"2"})


def test_a_claim_ends_with_the_next_one(opened: Opened) -> None:
    """What was not stored until then failed, and anybody may try again."""
    first, second = opened(), opened()
    first.take(["1"])
    first.take(["2"])

    assert second.take(["1"]) == ({"1"}, set())


def test_what_was_stored_meanwhile_is_nobodys(opened: Opened, shelf: Library) -> None:
    """Though it is claimed still."""
    text = digest("One.")
    first, second = opened(), opened()
    first.take([text])
    store_one(shelf)

    assert second.take([text]) == (set(), set())


def test_claims_of_one_that_shows_no_life_are_taken_over(
    opened: Opened, shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of another machine, of which nothing else is known."""
    now = [1000.0]
    first, second = opened(), opened()
    first.take(["1"])
    with writing(shelf.engine) as connection:
        connection.execute(claim_rows.adders.insert(), {"name": ELSEWHERE, "beat": 3})
        connection.execute(claim_rows.claims.update().values(adder=ELSEWHERE))
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    before = second.take(["1"])
    for _ in range(LEASE + 2):
        now[0] += BEAT
        after = second.take(["1"])

    assert (before, after) == ((set(), {"1"}), ({"1"}, set()))


def test_a_document_is_read_by_one(opened: Opened, shelf: Library) -> None:
    """The others wait until its text is stored, and then know it by that."""
    text = digest("One.")
    first, second = opened(), opened()
    states = [first.document("bytes"), second.document("bytes")]
    first.holds("bytes", text)
    first.take([text])
    states.append(second.document("bytes"))
    store_one(shelf)
    first.take(["2"])
    states.append(second.document("bytes"))

    assert states == ["", None, None, text]


def test_a_document_is_read_again_where_its_text_is_gone(opened: Opened, shelf: Library) -> None:
    """And where it could not be read, by whoever comes next."""
    text = digest("One.")
    first, second = opened(), opened()
    first.document("bytes")
    first.holds("bytes", text)
    first.take([text])
    store_one(shelf)
    shelf.remove(["a"])
    first.take(["2"])
    states = [second.document("bytes")]
    second.leave("bytes")
    states.append(first.document("bytes"))

    assert states == ["", ""]


def test_what_is_to_be_said_is_said_by_one(opened: Opened) -> None:
    """Though it has ended when another one comes to it."""
    first, second = opened(), opened()
    second.take(["1"])
    said = [first.says("Line 7 is bad.")]
    first.__exit__(None, None, None)
    said += [second.says("Line 7 is bad."), second.says("Line 8 is bad.")]

    assert said == [True, False, True]


def test_who_comes_later_is_told_again(opened: Opened) -> None:
    """Whatever else lives: what was said before, somebody else has read."""
    first, second = opened(), opened()
    second.take(["1"])
    first.says("Line 7 is bad.")
    first.__exit__(None, None, None)
    third = opened()

    assert [third.says("Line 7 is bad."), third.says("Line 7 is bad.")] == [True, False]


def test_what_an_interrupted_one_had_to_say_another_says(opened: Opened) -> None:
    """It may not have come to it: files of folders are listed at the end."""
    first, second = opened(), opened()
    second.take(["1"])
    first.says("Line 7 is bad.")
    first.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert second.says("Line 7 is bad.")


def test_nothing_is_left_of_one_that_has_ended(opened: Opened, shelf: Library) -> None:
    """Neither it nor its claims."""
    with opened() as process:
        process.take(["1"])
        process.says("Line 7 is bad.")
        during = rows(shelf.engine)

    assert (during, rows(shelf.engine)) == (3, 0)


def store_one(shelf: Library) -> None:
    """Store an article whose text is "One."."""
    article, sentences = Article("a", "A", "One."), (Sentence(Span(0, 4), 0),)
    shelf.add([EncodedArticle(article, sentences, np.ones((1, 4), dtype=np.float32))], "m")


def rows(engine: Engine) -> int:
    """How many rows there are of processes and their claims."""
    with engine.connect() as connection:
        return sum(
            len(connection.execute(select(table)).all())
            for table in (claim_rows.adders, claim_rows.claims)
        )
