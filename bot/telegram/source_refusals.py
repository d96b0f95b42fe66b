"""Why something is not added, in the words of the chat's language."""

from __future__ import annotations

import logging

from bot.phrases import numeral, phrase
from bot.plain_text import one_line
from bot.telegram.library_quotas import QuotaError
from bot.telegram.markup import quiet_names
from index.errors import ArticleBotError, ArticleError, InterruptionError

log = logging.getLogger(__name__)

# Bytes of a file that the Bot API hands out; one of one's own may hand out more.
MAX_DOWNLOAD = 20 * 1024 * 1024


def refusal_of(error: ArticleBotError, name: str, language: str) -> str:
    """One sentence about *error*, as HTML, for what is called *name*."""
    shown = quiet_names(name)
    if isinstance(error, QuotaError):
        return phrase(error.name, language, limit=numeral(error.limit, language))
    if isinstance(error, InterruptionError):
        return phrase("adding_stopped", language, source=shown)
    if not isinstance(error, ArticleError):
        log.error("something cannot be added: %s", one_line(str(error)))
        return phrase("failed", language)
    if error.refusal == "extra":
        log.warning("a document cannot be read: %s", one_line(str(error)))
    return phrase(f"refused_{error.refusal or 'damaged'}", language, source=shown)


def too_large(name: str, size: int, language: str) -> str:
    """Say that a document of *size* bytes cannot be had from Telegram."""
    megabytes, limit = -(-size // 2**20), MAX_DOWNLOAD // 2**20
    return phrase("too_large", language, source=quiet_names(name), size=megabytes, limit=limit)
