"""What answers, opened while a person types already."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from answerers import FixedAnswerer

from bot.console.opening import Opening, in_background
from index.errors import LibraryError, ModelError, UnavailableError


def wait(future: Future[Any], _: str) -> Any:
    """Wait without showing anything."""
    return future.result(30)


def test_what_fails_in_the_background_is_raised_where_it_is_used() -> None:
    """An error of a thread reaches who waits for its result."""
    with pytest.raises(ZeroDivisionError):
        in_background(lambda: 1 / 0).result(30)


def test_ids_are_known_once_it_is_open() -> None:
    """The ids of the articles, which Tab completes, are read when the library is open."""
    opening = Opening(FixedAnswerer, print)  # type: ignore[arg-type]

    opening.answerer(wait)

    assert opening.article_ids == ["guests"]
    assert not opening.under_way


def test_model_that_does_not_load_is_told_and_tried_again() -> None:
    """A failure to open is told once; who asks next opens again."""
    shown: list[str] = []
    answerer = FixedAnswerer()
    attempts = iter([ModelError("there is\nno model."), None])

    def open_answerer() -> FixedAnswerer:
        if failure := next(attempts):
            raise failure
        return answerer

    opening = Opening(open_answerer, shown.append)  # type: ignore[arg-type]
    opening._future.exception(30)

    assert opening.answerer(wait) is answerer  # type: ignore[comparison-overlap]
    assert shown == ["article-bot: there is no model."]


def test_failure_that_a_question_waits_for_is_told_once() -> None:
    """Whoever waits for what does not open hears the reason once."""
    shown: list[str] = []
    asked = threading.Event()

    def open_answerer() -> Any:
        asked.wait(30)
        raise LibraryError("it is locked.")

    def wait_for(future: Future[Any], reason: str) -> Any:
        asked.set()
        return wait(future, reason)

    with pytest.raises(UnavailableError):
        Opening(open_answerer, shown.append).answerer(wait_for)

    assert shown == ["article-bot: it is locked."]


def test_unexpected_failure_to_open_is_one_line() -> None:
    """An exception that nobody expected is told with the way to its traceback."""
    shown: list[str] = []

    with pytest.raises(UnavailableError):
        Opening(lambda: 1 / 0, shown.append).answerer(wait)  # type: ignore[arg-type, return-value]

    assert shown[0].startswith("article-bot: unexpected ZeroDivisionError (division by zero);")


def test_what_takes_long_is_known_and_what_went_wrong_is_told() -> None:
    """A notice that ends with "…" is what goes on; any other is shown."""
    shown: list[str] = []
    heard: list[Callable[[str], None]] = []
    opening = Opening(FixedAnswerer, shown.append, heard.append)  # type: ignore[arg-type]

    heard[0]("preparing the model…")
    heard[0]("the reader cannot be used.")

    assert opening.doing == "preparing the model…"
    assert shown == ["article-bot: the reader cannot be used."]
