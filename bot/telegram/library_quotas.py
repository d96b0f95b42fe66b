"""How much a chat may add: articles, characters, additions an hour. It waits for the database."""

from __future__ import annotations

from bot.phrases import phrase
from bot.telegram import instruments
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
    for name, used, limit in (
        ("quota_articles", library.count() + 1, settings.max_articles),
        ("quota_characters", library.characters() + characters, settings.max_characters),
        (
            "quota_additions",
            addition_times.count_additions(shared.engine, chat) + 1,
            settings.additions_per_hour,
        ),
    ):
        if used > limit:
            instruments.drop("quota")
            raise QuotaError(name, limit)
