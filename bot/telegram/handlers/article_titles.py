"""Another title for an article: /rename, and the reply to the bot's request for one."""

from __future__ import annotations

import re
from contextlib import suppress

from telegram import ForceReply, Message, Update
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import filters
from telegram.helpers import create_deep_linked_url

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import command_argument, is_reply_to, words_of
from bot.telegram.bot_context import BotContext
from bot.telegram.handlers.bringing import may_change_library
from bot.telegram.markup import MAX_TITLE, quiet_names, shortened
from bot.telegram.own_articles import find_by_key, find_meant, key_below
from bot.telegram.update_filters import given
from index.datatypes import Article
from index.errors import NotFoundError
from index.storage.library import Library

# A link in the bot's own request for a title says which article it is for: it lasts as long as the
# message, and needs no row of a table.
RENAME_PREFIX = "r_"
_RENAME_LINK = re.compile(rf"\?start={RENAME_PREFIX}(\d{{1,18}})$", re.ASCII)


class _GivesTitle(filters.MessageFilter):
    """Messages that reply to the bot's request for a title."""

    def filter(self, message: Message) -> bool:
        """Whether *message* passes."""
        return _key_in_request(message) is not None


GIVES_TITLE = _GivesTitle("GIVES_TITLE")


async def rename(update: Update, context: BotContext) -> None:
    """/rename ARTICLE TITLE, or /rename TITLE in reply to what the bot has said of an article."""
    message = given(update.message)
    if not await may_change_library(context, message):
        return
    language = context.language_for(message.from_user)
    words = command_argument(message)
    name, _, title = ("", "", words) if key_below(message) else words.partition(" ")
    found = await context.run(find_meant, context.shared, message, name)
    if not title.strip():
        await sending.reply_with_text(message, phrase("rename_usage", language))
    elif found is None:
        await sending.reply_with_text(message, phrase("which_article", language))
    else:
        await _rename(context, message, found[0], title)


async def take_title(update: Update, context: BotContext) -> None:
    """A reply to the bot's request for a title: it is the title."""
    message = given(update.message)
    if not await may_change_library(context, message):
        return
    key = given(_key_in_request(message))
    article = await context.run(find_by_key, context.shared, message.chat_id, key)
    language = context.language_for(message.from_user)
    if article is None:
        await sending.reply_with_text(message, phrase("no_article", language))
    elif not words_of(message).strip():
        await request_title(message, article, key, language)
    else:
        await _rename(context, message, article, words_of(message))


async def _rename(context: BotContext, message: Message, article: Article, title: str) -> None:
    new = shortened(title, MAX_TITLE)
    library = Library(context.engine, str(message.chat_id))
    language = context.language_for(message.from_user)
    try:
        await context.run(library.rename, article.id, new)
    except NotFoundError:
        await sending.reply_with_text(message, phrase("no_article", language))
        return
    await sending.reply_with_text(message, phrase("renamed", language, title=quiet_names(new)))


async def request_title(message: Message, article: Article, key: int, language: str) -> None:
    """Ask for another title of *article*, to be written as a reply."""
    link = create_deep_linked_url(message.get_bot().username, f"{RENAME_PREFIX}{key}")
    title = quiet_names(shortened(article.title, MAX_TITLE), f'<a href="{link}">', "</a>")
    with suppress(BadRequest, Forbidden):  # the chat may not let the bot
        await message.reply_text(
            phrase("rename_prompt", language, title=title),
            parse_mode=ParseMode.HTML,
            reply_markup=ForceReply(selective=message.chat.type != ChatType.PRIVATE),
            link_preview_options=sending.NO_PREVIEW,
        )


def _key_in_request(message: Message) -> int | None:
    """The key in the link of the bot's request for a title, if *message* replies to one."""
    original = message.reply_to_message
    if original is None or not is_reply_to(message, message.get_bot().bot):
        return None
    links = (_RENAME_LINK.search(entity.url or "") for entity in original.entities or ())
    return next((int(match[1]) for match in links if match), None)
