"""What processes claim of a library before they encode it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from sqlalchemy import Engine, select

from index.datatypes import Article, Sentence, Span
from index.storage import claims, leases
from index.storage.claims import Claims
from index.storage.database import open_database
from index.storage.engine import writing
from index.storage.leases import LEASE
from index.storage.library import Library, open_library
from index.storage.records import EncodedArticle

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


def split(*texts: str) -> list[EncodedArticle]:
    """Articles that are not encoded yet; their ids are their texts."""
    return [
        EncodedArticle(Article(text, text, text), (Sentence(Span(0, len(text)), 0),))
        for text in texts
    ]


def ids(found: Sequence[EncodedArticle]) -> list[str]:
    """The ids of articles that are to be encoded."""
    return [new.article.id for new in found if new.sentences]


def test_what_one_has_claimed_another_leaves(opened: Opened) -> None:
    """It is told what that was, to look again later."""
    first, second = opened(), opened()
    first.take(split("One.", "Two."))
    mine, others = second.take(split("Two.", "Three."))

    assert (ids(mine), ids(others)) == (["Three."], ["Two."])


def test_a_claim_ends_with_the_next_one(opened: Opened) -> None:
    """What was not stored until then failed, and anybody may try again."""
    first, second = opened(), opened()
    first.take(split("One."))
    first.take(split("Two."))

    assert ids(second.take(split("One."))[0]) == ["One."]


def test_what_was_stored_meanwhile_is_not_encoded(opened: Opened, shelf: Library) -> None:
    """Though it is claimed still."""
    (one,) = split("One.")
    first, second = opened(), opened()
    first.take([one])
    vectors = np.ones((1, 4), dtype=np.float32)
    shelf.add([EncodedArticle(one.article, one.sentences, vectors)], "m")
    mine, others = second.take([one])

    assert [new.article.id for new in mine] == ["One."]
    assert (ids(mine), others) == ([], [])


def test_a_text_that_comes_twice_is_encoded_once(opened: Opened) -> None:
    """In a chunk as well; the second one finds the first stored."""
    (one,) = split("One.")
    mine, _ = opened().take([one, EncodedArticle(Article("b", "B", "One."), one.sentences)])

    assert len(mine) == 2
    assert ids(mine) == ["One."]


def test_claims_of_one_that_shows_no_life_are_taken_over(
    opened: Opened, shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of another machine, of which nothing else is known."""
    now = [1000.0]
    first, second = opened(), opened()
    first.take(split("One."))
    with writing(shelf.engine) as connection:
        connection.execute(claims.adders.insert(), {"name": ELSEWHERE, "beat": 3})
        connection.execute(claims.claims.update().values(adder=ELSEWHERE))
    monkeypatch.setattr(leases.time, "monotonic", lambda: now[0])
    before = second.take(split("One."))
    now[0] += LEASE + 1
    after = second.take(split("One."))

    assert [ids(part) for part in before] == [[], ["One."]]
    assert [ids(part) for part in after] == [["One."], []]


def test_nothing_is_left_of_one_that_has_ended(opened: Opened, shelf: Library) -> None:
    """Neither it nor its claims."""
    with opened() as process:
        process.take(split("One."))
        during = rows(shelf.engine)

    assert (during, rows(shelf.engine)) == (2, 0)


def rows(engine: Engine) -> int:
    """How many rows there are of processes and their claims."""
    with engine.connect() as connection:
        return sum(
            len(connection.execute(select(table)).all()) for table in (claims.adders, claims.claims)
        )
