"""The application of python-telegram-bot: which update goes to which handler."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from telegram import Update
from telegram.constants import UpdateType
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.telegram.bot_context import Office
from bot.telegram.handlers import buttons, channels, chat_commands, inline, members, questions
from bot.telegram.rate_limiter import Courier
from bot.telegram.store import posts
from bot.telegram.update_order import ByChat, Locks

# Edited messages are not among them: nobody is answered twice.
ALLOWED_UPDATES = [
    UpdateType.MESSAGE,
    UpdateType.CHANNEL_POST,
    UpdateType.EDITED_CHANNEL_POST,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
    UpdateType.GUEST_MESSAGE,
]
# Seconds that Telegram may take to answer. A message whose answer is not waited for was mostly
# sent, and would be sent twice.
TIMEOUT = 30.0
GUARD = -1  # the group of the handler that comes before all others
CONNECTIONS = 64  # at the same time; requests beyond wait for one

_NEW = filters.UpdateType.MESSAGE
_PRIVATE = filters.ChatType.PRIVATE & _NEW
_GROUPS = filters.ChatType.GROUPS & _NEW

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def make_application(token: str, api_url: str, locks: Locks) -> AnyApplication:
    """Make the application, which has no handlers yet."""
    return (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .rate_limiter(Courier())
        .concurrent_updates(ByChat(locks))
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(TIMEOUT)
        .connect_timeout(TIMEOUT)
        .read_timeout(TIMEOUT)
        .write_timeout(TIMEOUT)
        .build()
    )


def add_handlers(application: AnyApplication, office: Office) -> None:
    """Let *application* answer from *office*; of the handlers that fit, the first one works."""
    pieces = questions.Pieces()
    application.add_handler(TypeHandler(Update, partial(members.guard, office)), GUARD)
    mine: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {
        "ask": questions.ask,
        "start": chat_commands.start,
        "help": chat_commands.show_help,
        "articles": chat_commands.list_articles,
        "article": chat_commands.show_article,
    }
    application.add_handlers(
        [
            MessageHandler(
                filters.IS_AUTOMATIC_FORWARD & _NEW, partial(posts.note_forward, office)
            ),
            MessageHandler(filters.StatusUpdate.MIGRATE & _NEW, partial(members.migration, office)),
            *(
                CommandHandler(name, partial(handler, office), filters=_NEW)
                for name, handler in mine.items()
            ),
            CommandHandler("quiet", partial(chat_commands.set_quiet, office), filters=_GROUPS),
            CommandHandler("index", partial(channels.index_from_afar, office), filters=_PRIVATE),
            MessageHandler(_PRIVATE & filters.COMMAND, partial(chat_commands.no_command, office)),
            MessageHandler(_PRIVATE, partial(questions.private_message, office, pieces)),
            MessageHandler(_GROUPS & ~filters.COMMAND, partial(questions.group_message, office)),
            MessageHandler(filters.UpdateType.CHANNEL_POST, partial(channels.channel_post, office)),
            MessageHandler(
                filters.UpdateType.EDITED_CHANNEL_POST, partial(channels.edited_post, office)
            ),
            MessageHandler(filters.UpdateType.GUEST_MESSAGE, partial(inline.guest_message, office)),
            InlineQueryHandler(partial(inline.inline_query, office)),
            CallbackQueryHandler(partial(buttons.press, office), buttons.PATTERN),
            CallbackQueryHandler(partial(chat_commands.ask_all, office), f"^{chat_commands.ALL}$"),
            CallbackQueryHandler(partial(buttons.expire, office)),
            ChatMemberHandler(
                partial(members.membership, office), ChatMemberHandler.MY_CHAT_MEMBER
            ),
        ]
    )
