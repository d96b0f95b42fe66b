"""Encoded windows in memory: encoded once, kept under a byte limit, shared by threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import CancelledError, Future

from cachetools import LRUCache

from index.encoding.token_windows import EncodedSentence

WindowKey = tuple[int, int]  # article key, position of the window's first sentence
Window = Sequence[EncodedSentence]
Encode = Callable[[Sequence[WindowKey]], Sequence[Window]]


class WindowCache:
    """
    The windows that were used last, as many as fit into *limit* bytes.

    Articles never change under their key, so what is encoded once stays right. A window that one
    thread is encoding is waited for by the others, not encoded again. What is not here may still be
    on disk (index.retrieval.token_files). *hits* counts what was here, *misses* what was not.
    """

    def __init__(self, limit: int) -> None:
        self._lock = threading.Lock()
        self._windows: LRUCache[WindowKey, Window] = LRUCache(limit, getsizeof=_bytes_of)
        self._pending: dict[WindowKey, Future[Window]] = {}
        self.hits = self.misses = 0

    @property
    def nbytes(self) -> int:
        """How much memory the windows take, at most the limit."""
        return int(self._windows.currsize)

    def discard(self, articles: Collection[int]) -> None:
        """Keep no window of *articles*, their keys."""
        with self._lock:
            for key in [key for key in self._windows if key[0] in articles]:
                del self._windows[key]

    def get(self, wanted: Sequence[WindowKey], encode: Encode) -> dict[WindowKey, Window]:
        """Return the windows *wanted*; *encode* makes those that nobody makes yet."""
        found: dict[WindowKey, Window] = {}
        while missing := [key for key in wanted if key not in found]:
            known, mine, theirs = self._claim(missing)
            found |= known
            if mine:
                found |= self._fill(mine, encode)
            for key, future in theirs.items():
                try:
                    found[key] = future.result()
                except CancelledError:  # the other thread failed: the next round is our own
                    continue
        return found

    def _claim(
        self, wanted: Sequence[WindowKey]
    ) -> tuple[dict[WindowKey, Window], list[WindowKey], dict[WindowKey, Future[Window]]]:
        """Part *wanted* into what is here, what this thread has to encode, and what others do."""
        with self._lock:
            known = {key: self._windows[key] for key in wanted if key in self._windows}
            rest = [key for key in wanted if key not in known]
            theirs = {key: self._pending[key] for key in rest if key in self._pending}
            mine = [key for key in rest if key not in theirs]
            self._pending |= {key: Future() for key in mine}
            self.hits, self.misses = self.hits + len(known), self.misses + len(rest)
        return known, mine, theirs

    def _fill(self, mine: Sequence[WindowKey], encode: Encode) -> dict[WindowKey, Window]:
        """Encode what this thread has claimed, keep it, and hand it to those who wait."""
        made: dict[WindowKey, Window] = {}
        try:
            made = dict(zip(mine, encode(mine), strict=True))
        finally:
            with self._lock:
                for key, window in made.items():
                    if _bytes_of(window) <= self._windows.maxsize:
                        self._windows[key] = window
                futures = {key: self._pending.pop(key) for key in mine}
            for key, future in futures.items():
                if key in made:
                    future.set_result(made[key])
                else:
                    future.cancel()
        return made


def _bytes_of(window: Window) -> int:
    return sum(sentence.nbytes for sentence in window) + 1
