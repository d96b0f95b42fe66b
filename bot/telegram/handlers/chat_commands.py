"""Commands other than /ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes
from telegram.helpers import create_deep_linked_url

from bot.phrases import language_of, phrase
from bot.telegram import sending
from bot.telegram.addressing import GROUPS, command_argument, is_from_person
from bot.telegram.admins import is_from_admin
from bot.telegram.bot_context import Office
from bot.telegram.chat_question import answer, conversation_of, speaks
from bot.telegram.handlers.questions import inquire
from bot.telegram.markup import quiet_names, shortened
from bot.telegram.profile import notes
from bot.telegram.store import chats
from bot.telegram.views import View
from index.datatypes import Article
from index.errors import NotFoundError
from index.storage.database import SHARED

Context = ContextTypes.DEFAULT_TYPE

LISTED = 20  # articles, the newest first; more would not be read
TITLE = 80  # characters of a title in the list
SUMMARY = "what is this about?"  # as index.text.messages understands it
DEEP = "a_"  # a deep link's payload that begins so names an article
ALL = "all"  # the data of the button that leads back to all articles
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,62}")  # what an id may be made of to fit into a link


async def start(office: Office, update: Update, context: Context) -> None:
    """/start: a greeting, or with the payload of a deep link its article."""
    message = update.message
    if message is None or not is_from_person(message):
        return
    payload = context.args[0] if context.args else ""
    if payload.startswith(DEEP) and message.chat.type == ChatType.PRIVATE:
        await _narrow(office, message, payload.removeprefix(DEEP))
        return
    await sending.say(message, phrase("start", speaks(message)))


async def show_help(office: Office, update: Update, context: Context) -> None:
    """/help: how to ask; admins also hear what they can do."""
    message = update.message
    if message is None or not is_from_person(message):
        return
    language = speaks(message)
    lines = [phrase("help", language)]
    if await _runs_it(office, message, context):
        lines += [phrase("help_group", language), phrase("help_channel", language)]
        lines += [f"⚠️ {note}" for note in notes(context.bot.bot, language)]
    await sending.say(message, "\n".join(lines))


async def list_articles(office: Office, update: Update, context: Context) -> None:
    """/articles: what is asked here, the newest first; it offers to end the narrowing to one."""
    message = update.message
    if message is None or not is_from_person(message):
        return
    language = speaks(message)
    inquiry = await inquire(office, message, "")
    owner, number, articles = await office.run(partial(_newest, office, inquiry.libraries))
    if not articles:
        await sending.say(message, phrase("no_articles", language))
        return
    # A link leads into a private chat, which knows shared articles only.
    linked = owner == SHARED and message.chat.type == ChatType.PRIVATE
    lines = [_line(article, context.bot.username if linked else None) for article in articles]
    if number > len(articles):
        more = f"{number - len(articles):,}"
        lines.append(phrase("listing_more", language, count=more))
    narrowed = await office.run(partial(chats.scope_of, office.engine, inquiry.conversation))
    buttons = None
    if narrowed is not None:
        button = InlineKeyboardButton(phrase("all_articles", language), callback_data=ALL)
        buttons = InlineKeyboardMarkup([[button]])
    text = "\n".join([phrase("listing", language), *lines])
    await sending.reply(message, View((text,), buttons))


async def show_article(office: Office, update: Update, _: Context) -> None:
    """/article: what it is about; /article ID: only that one is asked from now on."""
    message = update.message
    if message is None or not is_from_person(message):
        return
    name = command_argument(message)
    if name:
        await _narrow(office, message, name)
    else:
        await answer(office, await inquire(office, message, SUMMARY))


async def ask_all(office: Office, update: Update, _: Context) -> None:
    """End the narrowing to one article."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return
    language = language_of(query.from_user.language_code)
    conversation = conversation_of(query.message)
    await office.run(partial(chats.narrow, office.engine, conversation, None))
    await query.answer(phrase("unscoped", language))
    await sending.edit(query.message, phrase("unscoped", language), None)


async def set_quiet(office: Office, update: Update, context: Context) -> None:
    """/quiet [off]: whether the group wants a reaction instead of a refusal."""
    message = update.message
    if message is None or not is_from_person(message):
        return
    language = speaks(message)
    if not await is_from_admin(context.bot, message):
        await sending.say(message, phrase("admins_only", language))
        return
    quiet = command_argument(message).lower() != "off"
    change = partial(chats.change_setting, office.engine, message.chat_id, "quiet", value=quiet)
    await office.run(change)
    await sending.say(message, phrase("quiet_on" if quiet else "quiet_off", language))


async def no_command(_: Office, update: Update, __: Context) -> None:
    """A command that the bot does not have, in a private chat."""
    if update.message is not None and is_from_person(update.message):
        await sending.say(update.message, phrase("no_command", speaks(update.message)))


async def _narrow(office: Office, message: Message, name: str) -> None:
    """Ask only the article *name* from now on, and say what it is about."""
    inquiry = await inquire(office, message, SUMMARY)

    def narrow() -> None:
        answerer = office.answerers.first_with_articles(inquiry.libraries)
        answerer.library.get(name)
        chats.narrow(office.engine, inquiry.conversation, name)

    try:
        await office.run(narrow)
    except NotFoundError:
        await sending.say(message, phrase("no_article", inquiry.language))
        return
    await answer(office, inquiry)
    await sending.say(message, phrase("scoped", inquiry.language))


def _newest(office: Office, libraries: Sequence[str]) -> tuple[str, int, list[Article]]:
    """The chat that is asked, how many articles it has, and the newest ones."""
    library = office.answerers.first_with_articles(libraries).library
    keys = library.keys()
    loaded = library.load(keys[: -LISTED - 1 : -1])
    return library.chat, len(keys), [loaded[key].article for key in sorted(loaded, reverse=True)]


def _line(article: Article, username: str | None) -> str:
    """One line of the list, with a link that opens the article if there can be one."""
    title = shortened(article.title, TITLE)
    if username and _PAYLOAD.fullmatch(article.id):
        link = create_deep_linked_url(username, f"{DEEP}{article.id}")
        return f'• <a href="{escape(link)}">{escape(title, quote=False)}</a>'
    return f"• {quiet_names(title)} – <code>{escape(article.id, quote=False)}</code>"


async def _runs_it(office: Office, message: Message, context: Context) -> bool:
    """Whether who wrote *message* is an operator of the bot, or an admin of the group."""
    sender = message.from_user
    if sender is not None and sender.id in office.settings.operators:
        return True
    return message.chat.type in GROUPS and await is_from_admin(context.bot, message)
