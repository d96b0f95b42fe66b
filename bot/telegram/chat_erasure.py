"""All that a chat has stored, deleted at once: rows, articles, and what is made of them."""

from __future__ import annotations

import logging

from bot.telegram.bot_context import SharedResources
from bot.telegram.offered_questions import forget_offered
from bot.telegram.store import chat_rows
from index.retrieval.forgetting import forget
from index.storage.erasing import erase_library, erasing
from index.storage.library import Library

log = logging.getLogger(__name__)


def erase_chat(shared: SharedResources, chat: int) -> None:
    """Delete all that is stored of *chat*; call it in a thread. Raises LibraryError."""
    library = Library(shared.engine, str(chat))
    with erasing(shared.engine) as connection:
        chat_rows.delete_rows(connection, chat)
        keys = erase_library(connection, library.chat)
    forget_caches(shared, library, keys)
    log.info("all that was stored of the chat %d is deleted (%d articles)", chat, len(keys))


def remove_article(shared: SharedResources, chat: int, article: str) -> None:
    """Remove the article *article* from those of *chat*, with all that is made of it."""
    library = Library(shared.engine, str(chat))
    key = library.get(article).key
    library.remove([article])
    forget_caches(shared, library, [key])


def forget_caches(shared: SharedResources, library: Library, keys: list[int]) -> None:
    """Let memory and cache folder hold nothing of the articles *keys*, which are gone."""
    shared.answerers.drop(library.chat, keys)
    forget_offered()
    forget(library, shared.settings.cache)
