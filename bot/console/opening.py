"""What answers, opened in the background while a person types already."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from bot.console.terminal import error_line
from bot.plain_text import describe_failure
from index.errors import ArticleBotError, UnavailableError

if TYPE_CHECKING:
    from index.answering import Answerer

T = TypeVar("T")

LOADING = "loading the model…"

# Waits until a future is done, and shows the reason meanwhile.
Wait = Callable[[Future[Any], str], Any]


def in_background(work: Callable[[], T]) -> Future[T]:
    """Do *work* in a thread that neither Ctrl-C nor leaving has to wait for."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as exc:  # it is raised where the result is used
            future.set_exception(exc)

    threading.Thread(target=run, daemon=True).start()
    return future


class Opening:
    """
    What answers, being opened; a failure is told once to *show*, then it is tried again.

    *listen* is given what hears of what takes long (it ends with "…") and of what went wrong.
    """

    def __init__(
        self,
        open_answerer: Callable[[], Answerer],
        show: Callable[[str], None],
        listen: Callable[[Callable[[str], None]], None] = lambda _: None,
    ) -> None:
        self._open_answerer = open_answerer
        self._show = show
        self.doing = LOADING
        self._started = time.monotonic()
        listen(self._hear)
        self.article_ids: list[str] = []
        self._future = in_background(self._open)

    def _open(self) -> Answerer:
        try:
            answerer = self._open_answerer()
            self.article_ids = [info.id for info in answerer.library.listing()]
        except Exception as exc:
            known = isinstance(exc, ArticleBotError)
            self._show(error_line(str(exc) if known else describe_failure(exc)))
            raise UnavailableError from exc
        return answerer

    def _hear(self, said: str) -> None:
        if said.endswith("…"):
            self.doing = said
        else:
            self._show(error_line(said))

    @property
    def seconds(self) -> int:
        """For how long it has been opened."""
        return int(time.monotonic() - self._started)

    @property
    def under_way(self) -> bool:
        """Whether it is not open yet, and has not failed."""
        return not self._future.done()

    def answerer(self, wait: Wait) -> Answerer:
        """Wait with *wait* until it is open; raise UnavailableError when it does not open."""
        if self._future.done() and self._future.exception():
            self._future = in_background(self._open)
        answerer: Answerer = wait(self._future, self.doing)
        return answerer
