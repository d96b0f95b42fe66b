"""What the handlers share: the answerers, the database, and threads to wait in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from cachetools import LRUCache
from sqlalchemy import Engine
from telegram import Chat
from telegram.constants import ChatType

from bot.telegram.update_order import Allowance, Locks
from index.answering import Answerer
from index.encoding.threads import available_cores
from index.retrieval.corpus import TOKEN_CACHE_BYTES, Corpus
from index.retrieval.token_cache import WindowCache
from index.storage.database import SHARED
from index.storage.library import Library

if TYPE_CHECKING:
    from bot.config import Settings
    from index.encoding.protocol import Encoder
    from index.ranking.crossencoder import Reranker

T = TypeVar("T")

MAX_PASSAGES = 3
OPEN_ANSWERERS = 16  # of chats with articles of their own, beside the shared one


class Answerers:
    """
    An answerer for each library of a database, opened when it is first asked.

    The models and the memory for encoded text are shared by all. Answerers of chats that have not
    asked for long are closed when there are too many.
    """

    def __init__(
        self, engine: Engine, encoder: Encoder, reranker: Reranker | None, settings: Settings
    ) -> None:
        self._engine = engine
        self.encoder = encoder
        self._reranker = reranker
        self._settings = settings
        self._windows = WindowCache(TOKEN_CACHE_BYTES)
        self._shared = self._open(SHARED)
        self._opened: LRUCache[str, Answerer] = LRUCache(OPEN_ANSWERERS)
        self._lock = threading.Lock()

    def _open(self, chat: str) -> Answerer:
        library = Library(self._engine, chat)
        folder = self._settings.cache
        corpus = Corpus(library, self.encoder, cache=folder, windows=self._windows)
        return Answerer(corpus, self._reranker, MAX_PASSAGES, self._settings.threshold)

    @property
    def shared(self) -> Answerer:
        """The answerer of the shared library."""
        return self._shared

    def _of(self, chat: str) -> Answerer:
        """The answerer of the library of *chat*."""
        with self._lock:
            if chat not in self._opened:
                self._opened[chat] = self._open(chat)
            return self._opened[chat]

    def first_with_articles(self, chats: Sequence[str]) -> Answerer:
        """Answer from the first of *chats* that has articles of its own, else the shared ones."""
        for chat in chats:
            if Library(self._engine, chat).count():
                return self._of(chat)
        return self._shared


@dataclass(frozen=True)
class Office:
    """Everything that a handler needs; *threads* do what would hold up the event loop."""

    engine: Engine
    answerers: Answerers
    settings: Settings
    allowance: Allowance
    locks: Locks
    # More threads than cores would only take turns in the same encoder.
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max(available_cores(), 2), "article-bot")
    )

    async def run(self, work: Callable[[], T]) -> T:
        """Do *work* in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

    def serves(self, chat: Chat) -> bool:
        """Whether the operator lets the bot speak in *chat*; in private everybody may ask."""
        allowed = self.settings.chats
        return not allowed or chat.type == ChatType.PRIVATE or chat.id in allowed
