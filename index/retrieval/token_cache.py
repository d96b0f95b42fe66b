"""Encoded windows in memory: encoded once, kept under a byte limit, shared by threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future

from cachetools import LRUCache

from index.encoding.token_windows import EncodedSentence

Place = tuple[int, int]  # article key, position of the window's first sentence
Window = Sequence[EncodedSentence]
Encode = Callable[[Sequence[Place]], Sequence[Window]]


class WindowCache:
    """
    The windows that were used last, as many as fit into *limit* bytes.

    Articles never change under their key, so what is encoded once stays right. A window that one
    thread is encoding is waited for by the others, not encoded again. What is not here may still be
    on disk (index.retrieval.token_files).
    """

    def __init__(self, limit: int) -> None:
        self._lock = threading.Lock()
        self._windows: LRUCache[Place, Window] = LRUCache(limit, getsizeof=_bytes_of)
        self._pending: dict[Place, Future[Window]] = {}

    @property
    def nbytes(self) -> int:
        """How much memory the windows take, at most the limit."""
        return int(self._windows.currsize)

    def get(self, wanted: Sequence[Place], encode: Encode) -> dict[Place, Window]:
        """Return the windows *wanted*; *encode* makes those that nobody makes yet."""
        found: dict[Place, Window] = {}
        while missing := [place for place in wanted if place not in found]:
            known, mine, theirs = self._claim(missing)
            found |= known
            if mine:
                found |= self._fill(mine, encode)
            for place, future in theirs.items():
                try:
                    found[place] = future.result()
                except CancelledError:  # the other thread failed: the next round is our own
                    continue
        return found

    def _claim(
        self, wanted: Sequence[Place]
    ) -> tuple[dict[Place, Window], list[Place], dict[Place, Future[Window]]]:
        """Part *wanted* into what is here, what this thread has to encode, and what others do."""
        with self._lock:
            known = {place: self._windows[place] for place in wanted if place in self._windows}
            rest = [place for place in wanted if place not in known]
            theirs = {place: self._pending[place] for place in rest if place in self._pending}
            mine = [place for place in rest if place not in theirs]
            self._pending |= {place: Future() for place in mine}
        return known, mine, theirs

    def _fill(self, mine: Sequence[Place], encode: Encode) -> dict[Place, Window]:
        """Encode what this thread has claimed, keep it, and hand it to those who wait."""
        made: dict[Place, Window] = {}
        try:
            made = dict(zip(mine, encode(mine), strict=True))
        finally:
            with self._lock:
                for place, window in made.items():
                    if _bytes_of(window) <= self._windows.maxsize:
                        self._windows[place] = window
                futures = {place: self._pending.pop(place) for place in mine}
            for place, future in futures.items():
                if place in made:
                    future.set_result(made[place])
                else:
                    future.cancel()
        return made


def _bytes_of(window: Window) -> int:
    return sum(sentence.nbytes for sentence in window) + 1
