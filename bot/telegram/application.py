"""The application of python-telegram-bot: which update goes to which handler."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.telegram import failures
from bot.telegram.bot_context import BotApplication, BotContext, BotData
from bot.telegram.chat_order import ChatOrderProcessor
from bot.telegram.handlers import (
    arrivals,
    article_cards,
    article_choice,
    article_list,
    article_titles,
    bringing,
    buttons,
    channels,
    chat_commands,
    chat_settings,
    floods,
    forgetting_chats,
    guests,
    inline,
    members,
    questions,
)
from bot.telegram.handlers.article_titles import GIVES_TITLE
from bot.telegram.handlers.bringing import CAPTION_ADDS
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.own_articles import CARD_DATA
from bot.telegram.retrying_rate_limiter import RetryingRateLimiter
from bot.telegram.telegram_time import noting_dates
from bot.telegram.update_filters import EDITED_BY_PERSON, FROM_PERSON, IN_GROUPS, IN_PRIVATE, NEW
from bot.telegram.update_reading import PollingRequest
from bot.telegram.views import BUTTON_DATA

# Seconds that Telegram may take to answer. A message whose answer is not waited for was mostly
# sent, and would be sent twice.
REQUEST_TIMEOUT = 30.0
MAX_CONNECTIONS = 64  # at the same time; requests beyond wait for one
# Of the handlers that come before all others, the first one first.
ARRIVAL_GROUP, GUARD_GROUP, FLOOD_GROUP, SETTINGS_GROUP, BUTTONS_GROUP = range(-5, 0)

Handler: TypeAlias = BaseHandler[Any, BotContext, Any]
Callback: TypeAlias = Callable[[Update, BotContext], Coroutine[Any, Any, None]]

# Commands that everybody may use in every chat.
_COMMANDS: dict[str, Callback] = {
    "ask": questions.ask,
    "start": chat_commands.start,
    "help": chat_commands.show_help,
    "articles": article_list.list_articles,
    "article": article_choice.show_article,
    "settings": chat_settings.show_settings,
    "language": chat_settings.set_language,
    "short": chat_settings.set_short,
    "add": bringing.add,
    "use": article_cards.use,
    "remove": article_cards.remove,
    "rename": article_titles.rename,
    "forget": forgetting_chats.forget,
}


def make_application(
    token: str, api_url: str, inbox: Inbox, request: BaseRequest | None = None
) -> BotApplication:
    """
    Make the application, all but what its handlers share (BotData.shared).

    Updates come through *inbox*; what is sent for them is kept beside them.

    *request* makes the requests to Telegram, None for what uses the network.
    """
    # Polls have a connection of their own, or else they would wait behind answers.
    polling = request or PollingRequest(connection_pool_size=1, httpx_kwargs=noting_dates())
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(request or make_request())
        .get_updates_request(polling)
        .context_types(ContextTypes(context=BotContext, bot_data=BotData))
        .rate_limiter(RetryingRateLimiter(Outbox(inbox)))
        .update_queue(inbox)
        .concurrent_updates(ChatOrderProcessor(inbox))
        .build()
    )
    inbox.bot = application.bot
    add_handlers(application)
    return application


def make_request() -> BaseRequest:
    """Make what calls Telegram, with the patience that an answer deserves."""
    return HTTPXRequest(
        connection_pool_size=MAX_CONNECTIONS,
        pool_timeout=REQUEST_TIMEOUT,
        connect_timeout=REQUEST_TIMEOUT,
        read_timeout=REQUEST_TIMEOUT,
        write_timeout=REQUEST_TIMEOUT,
        httpx_kwargs=noting_dates(),
    )


def add_handlers(application: BotApplication) -> None:
    """Let *application* answer; of the handlers that fit, the first one works."""
    application.add_handler(TypeHandler(Update, arrivals.note_arrival), ARRIVAL_GROUP)
    application.add_handler(TypeHandler(Update, members.leave_unserved_chat), GUARD_GROUP)
    application.add_handler(TypeHandler(Update, floods.draw_on_allowance), FLOOD_GROUP)
    application.add_handler(TypeHandler(Update, members.read_settings), SETTINGS_GROUP)
    application.add_handler(CallbackQueryHandler(buttons.refuse_forged), BUTTONS_GROUP)
    application.add_handlers([*_message_handlers(), *_post_handlers(), *_other_handlers()])
    application.add_error_handler(failures.on_error)


def _message_handlers() -> list[Handler]:
    """What is said in private chats and groups."""
    copied = filters.IS_AUTOMATIC_FORWARD & NEW
    return [
        MessageHandler(copied, channels.copied_post),
        MessageHandler(filters.StatusUpdate.MIGRATE & NEW, members.migration),
        *(CommandHandler(name, callback, FROM_PERSON) for name, callback in _COMMANDS.items()),
        MessageHandler(FROM_PERSON & CAPTION_ADDS, bringing.add),
        MessageHandler(FROM_PERSON & ~filters.COMMAND & GIVES_TITLE, article_titles.take_title),
        CommandHandler("quiet", chat_settings.set_quiet, IN_GROUPS),
        CommandHandler("index", channels.index_from_afar, IN_PRIVATE),
        MessageHandler(IN_PRIVATE & filters.COMMAND, chat_commands.no_command),
        MessageHandler(IN_PRIVATE, questions.private_message),
        MessageHandler(IN_GROUPS & ~filters.COMMAND, questions.group_message),
        MessageHandler(EDITED_BY_PERSON, questions.edited_question),
    ]


def _post_handlers() -> list[Handler]:
    """What is posted in channels."""
    return [
        MessageHandler(filters.UpdateType.CHANNEL_POST, channels.channel_post),
        MessageHandler(filters.UpdateType.EDITED_CHANNEL_POST, channels.edited_post),
    ]


def _other_handlers() -> list[Handler]:
    """Guest messages, inline queries, buttons, and where the bot is."""
    return [
        MessageHandler(filters.UpdateType.GUEST_MESSAGE, guests.guest_message),
        InlineQueryHandler(inline.inline_query),
        CallbackQueryHandler(buttons.press, BUTTON_DATA),
        CallbackQueryHandler(article_choice.ask_all_articles, article_choice.WIDENING_DATA),
        CallbackQueryHandler(article_list.turn_page, article_list.PAGE_DATA),
        CallbackQueryHandler(article_cards.press_card, CARD_DATA),
        CallbackQueryHandler(forgetting_chats.press_forget, forgetting_chats.FORGET_DATA),
        CallbackQueryHandler(chat_settings.press_setting, chat_settings.SETTING_DATA),
        CallbackQueryHandler(buttons.ask_offered, chat_commands.QUESTION_DATA),
        CallbackQueryHandler(buttons.expired_button),
        ChatMemberHandler(members.membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ]
