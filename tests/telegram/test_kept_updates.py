"""The tables of the inbox and the outbox, as several workers use them, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.telegram.store import kept_updates, sent_calls, worker_beats
from bot.telegram.store.kept_updates import MAX_WAITING, KeptUpdate, Outcome, Worker
from bot.telegram.store.replies import open_store
from bot.telegram.store.sent_calls import CallPlace
from bot.telegram.store.tables import inbox, outbox
from index.storage.database import open_database
from index.storage.engine import writing

ONE, TWO = Worker(1, "one"), Worker(1, "two")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that a bot has opened, of each kind."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    engine = open_database(url)
    open_store(engine)
    yield engine
    engine.dispose()


def receive(
    engine: Engine, worker: Worker, number: int, chat: int = 7, *, droppable: bool = False
) -> Outcome:
    """Let *worker* receive an update."""
    given = KeptUpdate(number, chat, f"update {number}")
    with writing(engine) as connection:
        return kept_updates.receive(connection, worker, given, takes=True, droppable=droppable)


def finish(engine: Engine, worker: Worker, number: int, chat: int = 7) -> int | None:
    """Let *worker* be done with an update; return the number of the one that it takes next."""
    with writing(engine) as connection:
        given = KeptUpdate(number, chat, "")
        following = kept_updates.finish(connection, worker, given, takes=True)
    return None if following is None else following.number


def take(engine: Engine, worker: Worker) -> list[int]:
    """Let *worker* take what nobody works on."""
    with writing(engine) as connection:
        return [kept.number for kept in kept_updates.take_waiting(connection, worker, 10)]


def release(engine: Engine, worker: Worker) -> None:
    """Free what *worker* has taken."""
    with writing(engine) as connection:
        worker_beats.release(connection, worker.bot, [worker.name])


def test_of_a_chat_one_worker_has_one_update(engine: Engine) -> None:
    """Whoever receives the next one, it waits for the one before; another chat does not."""
    outcomes = [receive(engine, ONE, 1), receive(engine, TWO, 2), receive(engine, TWO, 3, chat=8)]

    assert outcomes == ["taken", "waits", "taken"]
    assert take(engine, TWO) == []


def test_who_is_done_takes_the_next_of_the_chat(engine: Engine) -> None:
    """In their order, whoever has received them."""
    for number, worker in ((1, ONE), (2, TWO), (3, TWO)):
        receive(engine, worker, number)

    assert [finish(engine, ONE, number) for number in (1, 2, 3)] == [2, 3, None]


def test_what_goes_on_beside_holds_up_no_other(engine: Engine) -> None:
    """Its chat goes on; when its worker ends, it is the first of its chat again."""
    for number in (1, 2, 3):
        receive(engine, ONE, number)
    with writing(engine) as connection:
        following = kept_updates.put_aside(connection, ONE, KeptUpdate(1, 7, ""), takes=True)
        undone = kept_updates.is_undone(connection, 1, 7, 1)
    after = finish(engine, ONE, 2)
    release(engine, ONE)

    assert following is not None
    assert (following.number, undone, after) == (2, True, 3)
    assert take(engine, TWO) == [1]


def test_a_repeated_update_is_known(engine: Engine) -> None:
    """While it is worked on and when it is done, by any worker; another bot has its own."""
    receive(engine, ONE, 1)
    during = receive(engine, TWO, 1)
    finish(engine, ONE, 1)

    assert (during, receive(engine, TWO, 1)) == ("known", "known")
    assert receive(engine, Worker(2, "another bot's"), 1) == "taken"


def test_what_is_done_says_nothing_any_more(engine: Engine) -> None:
    """Its number stays, not a word of the update or of what was sent."""
    receive(engine, ONE, 1)
    with writing(engine) as connection:
        sent_calls.record(connection, ONE, CallPlace(7, 1, 1), "the answer")
    finish(engine, ONE, 1)

    with engine.connect() as connection:
        assert connection.execute(select(inbox.c.update_id, inbox.c.content)).all() == [(1, None)]
        assert connection.execute(select(outbox)).all() == []


def test_what_one_has_left_the_other_takes(engine: Engine) -> None:
    """The first of each chat, and nobody takes it twice."""
    for number, chat in ((1, 7), (2, 7), (3, 8)):
        receive(engine, ONE, number, chat)
    release(engine, ONE)

    assert (take(engine, TWO), take(engine, ONE)) == ([1, 3], [])
    assert finish(engine, TWO, 1) == 2


def test_a_chat_has_room_for_so_much(engine: Engine) -> None:
    """What is beyond is known afterwards, and never worked on; a post has room always."""
    numbers = range(1, MAX_WAITING + 4)
    outcomes = [receive(engine, ONE, number, droppable=True) for number in numbers]

    assert outcomes == ["taken", *["waits"] * MAX_WAITING, "crowded", "crowded"]
    assert receive(engine, ONE, numbers[-1], droppable=True) == "known"
    assert receive(engine, ONE, 100) == "waits"


def test_numbers_are_forgotten_when_they_cannot_come_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two days; what waits is never forgotten."""
    receive(engine, ONE, 1)
    receive(engine, ONE, 2)
    finish(engine, ONE, 1)
    later = kept_updates.time.time() + kept_updates.REMEMBERED + 10
    monkeypatch.setattr(kept_updates.time, "time", lambda: later)
    receive(engine, ONE, kept_updates.FORGET_EVERY)

    with engine.connect() as connection:
        assert connection.scalars(select(inbox.c.update_id)).all() == [2, 500]


def test_a_commit_that_was_lost_on_its_way_back_is_no_repetition(engine: Engine) -> None:
    """Who has taken an update and does not know it gets it again."""
    assert [receive(engine, ONE, 1), receive(engine, ONE, 1)] == ["taken", "taken"]


def test_a_call_that_was_confirmed_is_not_made_again(engine: Engine) -> None:
    """One that was not is made again as it was kept, by the one who took the update over."""
    receive(engine, ONE, 1)
    with writing(engine) as connection:
        sent_calls.record(connection, ONE, CallPlace(7, 1, 1), "first")
        sent_calls.confirm(connection, ONE, CallPlace(7, 1, 1), "done")
        sent_calls.record(connection, ONE, CallPlace(7, 1, 2), "second")
    release(engine, ONE)
    take(engine, TWO)

    with writing(engine) as connection:
        first = sent_calls.record(connection, TWO, CallPlace(7, 1, 1), "other words")
        second = sent_calls.record(connection, TWO, CallPlace(7, 1, 2), "other words")
        late = sent_calls.record(connection, ONE, CallPlace(7, 1, 3), "of who was slow")
    assert first is not None
    assert second is not None
    assert (first.result, second.result) == ("done", None)
    assert second.request == "second"
    assert late is None
