"""Windows are encoded once, kept under a limit, and shared by threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.token_windows import describe_sentence, quantise
from index.retrieval.token_cache import Window, WindowCache, WindowKey

LIMIT = 20_000


def window_of(key: WindowKey) -> Window:
    """Make a window of one sentence, with as many tokens as its number says."""
    vectors = np.full((key[1], 4), key[0], np.float32)
    return [describe_sentence(f"Sentence {key}.", "en", quantise(vectors))]


def encode(wanted: Sequence[WindowKey]) -> list[Window]:
    """Make all windows that are wanted."""
    return [window_of(key) for key in wanted]


def text_of(window: Window) -> str:
    """Return the text by which a window is known."""
    return window[0].text


@given(st.lists(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 900)), max_size=6)))
def test_the_limit_holds_and_every_window_is_the_right_one(asked: list[set[WindowKey]]) -> None:
    """Whatever is asked for comes, and what is kept never takes more than the limit."""
    cache = WindowCache(LIMIT)
    for wanted in asked:
        found = cache.get(sorted(wanted), encode)
        assert {key: text_of(window) for key, window in found.items()} == {
            key: f"Sentence {key}." for key in wanted
        }
        assert cache.nbytes <= LIMIT


def test_what_is_kept_is_not_encoded_again() -> None:
    """Only windows that are missing are asked of the encoder."""
    cache, calls = WindowCache(LIMIT), []

    def counted(wanted: Sequence[WindowKey]) -> list[Window]:
        calls.extend(wanted)
        return encode(wanted)

    cache.get([(1, 0), (1, 1)], counted)
    cache.get([(1, 1), (1, 2)], counted)
    assert calls == [(1, 0), (1, 1), (1, 2)]


def test_a_window_on_its_way_is_waited_for() -> None:
    """Two threads that want the same window encode it once."""
    cache, calls = WindowCache(LIMIT), []
    started, finish = threading.Event(), threading.Event()

    def slow(wanted: Sequence[WindowKey]) -> list[Window]:
        calls.extend(wanted)
        started.set()
        finish.wait(10)
        return encode(wanted)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.get, [(1, 0)], slow)
        started.wait(10)
        second = threads.submit(cache.get, [(1, 0), (1, 1)], encode)
        while not cache.get([(1, 1)], encode):
            pass
        finish.set()
        assert set(first.result(10)) | set(second.result(10)) == {(1, 0), (1, 1)}
    assert calls == [(1, 0)]


def test_a_failure_is_that_of_who_encoded() -> None:
    """Who waits for a window whose encoding fails encodes it after all."""
    cache = WindowCache(LIMIT)
    started, finish = threading.Event(), threading.Event()

    def failing(wanted: Sequence[WindowKey]) -> list[Window]:
        started.set()
        finish.wait(10)
        raise MemoryError

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.get, [(1, 0)], failing)
        started.wait(10)
        second = threads.submit(cache.get, [(1, 0)], encode)
        finish.set()
        with pytest.raises(MemoryError):
            first.result(10)
        assert text_of(second.result(10)[1, 0]) == "Sentence (1, 0)."
