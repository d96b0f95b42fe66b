"""The answerers of all libraries that the bot is asked about."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from cachetools import LRUCache
from sqlalchemy import Engine

from bot.telegram import instruments
from index.answering import Answerer
from index.errors import LibraryError
from index.retrieval.corpus import TOKEN_CACHE_BYTES, Corpus
from index.retrieval.token_cache import WindowCache
from index.storage.database import SHARED
from index.storage.library import Library

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.resources import Models

log = logging.getLogger(__name__)

MAX_PASSAGES = 3
MAX_OPEN = 16  # answerers of chats with articles of their own, beside the shared one


class AnswererPool:
    """
    An answerer for each library of a database, opened when it is first asked.

    The models and the memory for encoded text are shared by all. Answerers of chats that have not
    asked for long are closed when there are too many.
    """

    def __init__(self, engine: Engine, models: Models, settings: Settings) -> None:
        self._engine = engine
        self.encoder = models.encoder
        self._models = models
        self._settings = settings
        self.windows = WindowCache(TOKEN_CACHE_BYTES)
        self._shared = self._open(SHARED)
        self._opened: LRUCache[str, Answerer] = LRUCache(MAX_OPEN)
        self._lock = threading.Lock()

    def _open(self, chat: str) -> Answerer:
        library = Library(self._engine, chat)
        folder = self._settings.cache
        corpus = Corpus(library, self.encoder, cache=folder, windows=self.windows)
        reranker, reader = self._models.reranker, self._models.reader
        return Answerer(
            corpus, reranker, MAX_PASSAGES, self._settings.threshold, reader, instruments.note_time
        )

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

    def drop(self, chat: str, articles: Sequence[int]) -> None:
        """Hold nothing any more of *chat*, which has had *articles* (their keys)."""
        with self._lock:
            self._opened.pop(chat, None)
        self.windows.discard(articles)
        if self._models.reader is not None:
            self._models.reader.forget()

    def first_with_articles(self, chats: Sequence[str]) -> Answerer:
        """Answer from the first of *chats* that has articles of its own, else the shared ones."""
        for chat in chats:
            if Library(self._engine, chat).count():
                return self._of(chat)
        return self._shared

    def refresh(self, chats: Collection[str] | None = None) -> None:
        """Let the libraries of *chats* that are open, None for all, follow the database."""
        with self._lock:
            opened = [self._shared, *self._opened.values()]
        for answerer in opened:
            if chats is None or answerer.library.chat in chats:
                try:
                    answerer.corpus.refresh()
                except LibraryError as exc:  # whoever asks it tries again
                    log.warning("a library cannot follow the database (%s)", exc)
