"""How the bot presents itself in Telegram, and what only its owner can change there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    User,
)
from telegram.error import TelegramError

from bot.phrases import FALLBACK, languages, phrase

log = logging.getLogger(__name__)

# The commands of each menu, with the phrase that describes them.
EVERYWHERE = {
    **{name: name for name in ("ask", "articles", "article")},
    "settings": "settings",
    "help": "help_command",
}
# Who changes the articles of a chat: everybody in private, in a group its admins.
IN_CHARGE = {name: f"{name}_command" for name in ("add", "use", "rename", "remove", "forget")}
_MENUS: tuple[tuple[BotCommandScope, dict[str, str]], ...] = (
    (BotCommandScopeAllPrivateChats(), {**EVERYWHERE, **IN_CHARGE}),
    (BotCommandScopeAllGroupChats(), EVERYWHERE),
    (
        BotCommandScopeAllChatAdministrators(),
        {**EVERYWHERE, **IN_CHARGE, "quiet": "quiet"},
    ),
)


async def present(bot: Bot) -> None:
    """Set the menus of commands and the descriptions, in each language; what fails is logged."""
    for language in languages():
        # The language without a code is for everybody who speaks none of the others.
        code = None if language == FALLBACK else language
        about, short = phrase("description", language), phrase("short_description", language)
        calls: list[Callable[[], Awaitable[bool]]] = [
            *(
                partial(bot.set_my_commands, _commands(menu, language), scope, code)
                for scope, menu in _MENUS
            ),
            partial(bot.set_my_description, about, code),
            partial(bot.set_my_short_description, short, code),
        ]
        for call in calls:
            try:
                await call()
            except TelegramError as exc:
                log.warning("the bot's profile in %s is not complete (%s)", language, exc)


def notes(user: User, language: str) -> list[str]:
    """What the owner of the bot must still tell BotFather, as *user* (from getMe) shows it."""
    missing = []
    if not user.can_read_all_group_messages:
        missing.append(phrase("note_privacy", language))
    if not user.supports_inline_queries:
        missing.append(phrase("note_inline", language))
    return missing


def _commands(menu: dict[str, str], language: str) -> list[BotCommand]:
    return [BotCommand(name, phrase(words, language)) for name, words in menu.items()]
