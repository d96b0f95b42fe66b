"""Which of a chat's own articles is meant: by its key, by a name, by the message about it."""

from __future__ import annotations

import re

from telegram import Message

from bot.article_names import find_article
from bot.telegram.added_views import REMOVE, RENAME, SURE, USE
from bot.telegram.addressing import is_reply_to
from bot.telegram.bot_context import SharedResources
from index.datatypes import Article
from index.errors import NotFoundError
from index.storage.library import Library

CARD_DATA = re.compile(rf"^a:(\d{{1,18}})(?::({USE}|{RENAME}|{REMOVE}|{SURE}))?$", re.ASCII)


def find_by_key(shared: SharedResources, chat: int, key: int) -> Article | None:
    """The article *key* of *chat* itself, None when it has none."""
    stored = Library(shared.engine, str(chat)).load([key]).get(key)
    return None if stored is None else stored.article


def find_meant(shared: SharedResources, message: Message, name: str) -> tuple[Article, int] | None:
    """The article that is called *name*, or else that of the message that is replied to."""
    library = Library(shared.engine, str(message.chat_id))
    key = key_below(message)
    if not name and key is not None:
        article = find_by_key(shared, message.chat_id, key)
        return None if article is None else (article, key)
    if not name:
        return None
    try:
        stored = library.get(find_article(library, name))
    except NotFoundError:
        return None
    return stored.article, stored.key


def key_below(message: Message) -> int | None:
    """The key of the article that the message is about to which *message* replies."""
    original = message.reply_to_message
    if original is None or original.reply_markup is None:
        return None
    if not is_reply_to(message, message.get_bot().bot):
        return None
    for row in original.reply_markup.inline_keyboard:
        for button in row:
            if match := CARD_DATA.match(str(button.callback_data)):
                return int(match[1])
    return None
