"""How much a chat may add: articles, characters, additions an hour. It waits for the database."""

from __future__ import annotations

from bot.phrases import phrase
from bot.telegram.bot_context import SharedResources
from bot.telegram.store import addition_times
from index.errors import ArticleBotError
from index.storage.library import Library


class QuotaError(ArticleBotError):
    """
    Raised when a chat has added as much as it may.

    *name* is that of the phrase that says so, *limit* what is filled in.
    """

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(phrase(name, limit=f"{limit:,}"))
        self.name, self.limit = name, limit


def check_quotas(shared: SharedResources, chat: int, characters: int = 0) -> None:
    """Raise QuotaError unless *chat* may add an article of so many *characters* now."""
    settings, library = shared.settings, Library(shared.engine, str(chat))
    if library.count() >= settings.max_articles:
        raise QuotaError("quota_articles", settings.max_articles)
    if library.characters() + characters > settings.max_characters:
        raise QuotaError("quota_characters", settings.max_characters)
    if addition_times.count_additions(shared.engine, chat) >= settings.additions_per_hour:
        raise QuotaError("quota_additions", settings.additions_per_hour)
