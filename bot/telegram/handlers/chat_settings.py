"""What a chat may choose: its language, short answers, and to be quiet."""

from __future__ import annotations

import re

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.phrases import languages, phrase
from bot.telegram import sending
from bot.telegram.addressing import GROUPS, command_argument
from bot.telegram.admins import is_from_admin, may_decide
from bot.telegram.bot_context import BotContext
from bot.telegram.store import chats
from bot.telegram.update_filters import given
from bot.telegram.views import View

ON, OFF = "on", "off"
OWN_LANGUAGE = "auto"  # of who asks, each their own
# The data of a button: which setting, and what it becomes; alone, it opens the list of languages.
SETTING_DATA = re.compile(r"^set:(?:(short|quiet):(on|off)|(language):(\w{2}|auto)|(menu|back))$")
LANGUAGES_PER_ROW = 2


async def show_settings(update: Update, context: BotContext) -> None:
    """/settings: what the chat has chosen, with buttons that change it."""
    message = given(update.message)
    if await _may_change(context, message):
        language = context.language_for(message.from_user)
        await sending.reply_with_view(message, _settings_view(context, message, language))


async def set_language(update: Update, context: BotContext) -> None:
    """/language: choose one from buttons; /language de speaks German from now on."""
    message = given(update.message)
    if not await _may_change(context, message):
        return
    wanted = command_argument(message).lower()
    if wanted in {*languages(), OWN_LANGUAGE}:
        await _change(context, message, "language", wanted)
        said = phrase("language_set", context.language_for(message.from_user))
        await sending.reply_with_text(message, said)
    else:
        language = context.language_for(message.from_user)
        await sending.reply_with_view(message, _languages_view(context, language))


async def set_short(update: Update, context: BotContext) -> None:
    """/short [off]: whether answers show the sentence alone."""
    await _switch(update, context, "short")


async def set_quiet(update: Update, context: BotContext) -> None:
    """/quiet [off]: whether the group wants a reaction instead of a refusal."""
    await _switch(update, context, "quiet")


async def press_setting(update: Update, context: BotContext) -> None:
    """A button below /settings or /language."""
    query = given(update.callback_query)
    message, match = query.message, SETTING_DATA.match(given(query.data))
    if not isinstance(message, Message) or match is None:
        return
    if not await may_decide(context.bot, message.chat, query.from_user.id):
        said = phrase("admins_only", context.language_for(query.from_user))
        await query.answer(said)
        return
    name, value = match[1] or match[3], match[2] or match[4]
    if name:
        await _change(context, message, name, value)
    await query.answer()
    language = context.language_for(query.from_user)
    if match[5] == "menu":
        view = _languages_view(context, language)
    else:
        view = _settings_view(context, message, language)
    await sending.replace_text(message, view.last, view.buttons)


async def _switch(update: Update, context: BotContext, name: str) -> None:
    message = given(update.message)
    if not await _may_change(context, message):
        return
    value = OFF if command_argument(message).lower() == OFF else ON
    await _change(context, message, name, value)
    said = phrase(f"{name}_{value}", context.language_for(message.from_user))
    await sending.reply_with_text(message, said)


async def _may_change(context: BotContext, message: Message) -> bool:
    """Whether who wrote *message* decides for the chat; a member of a group is told who does."""
    if message.chat.type not in GROUPS or await is_from_admin(context.bot, message):
        return True
    language = context.language_for(message.from_user)
    await sending.reply_with_text(message, phrase("admins_only", language))
    return False


async def _change(context: BotContext, message: Message, name: str, value: str) -> None:
    """Let *name* be *value* for the chat of *message*, from this update on."""
    known: bool | str | None = None if value == OWN_LANGUAGE else value
    if name != "language":
        known = value == ON
    await context.run(chats.change_setting, context.engine, message.chat_id, name, known)
    context.chat_settings = await context.run(chats.read_settings, context.engine, message.chat_id)


def _settings_view(context: BotContext, message: Message, language: str) -> View:
    chosen = context.chat_settings
    switches = {"short": chosen.short}
    if message.chat.type in GROUPS:
        switches["quiet"] = chosen.quiet
    rows = [
        [_button(_ticked(phrase(f"setting_{name}", language), on), f"{name}:{OFF if on else ON}")]
        for name, on in switches.items()
    ]
    rows.append([_button(f"🌐 {_language_name(chosen.language, language)}", "menu")])
    return View((phrase("settings_now", language),), InlineKeyboardMarkup(rows))


def _languages_view(context: BotContext, language: str) -> View:
    chosen = context.chat_settings.language
    cells = [
        _button(_ticked(_language_name(code, language), code == chosen), f"language:{code}")
        for code in languages()
    ]
    own = _ticked(_language_name(None, language), chosen is None)
    rows = [cells[i : i + LANGUAGES_PER_ROW] for i in range(0, len(cells), LANGUAGES_PER_ROW)]
    rows.append([_button(own, f"language:{OWN_LANGUAGE}")])
    rows.append([_button(phrase("back", language), "back")])
    return View((phrase("language_which", language),), InlineKeyboardMarkup(rows))


def _language_name(code: str | None, language: str) -> str:
    """A language in its own words; None is that of who asks."""
    return phrase("language_auto", language) if code is None else phrase("language_name", code)


def _ticked(label: str, on: bool) -> str:
    return f"{'✅' if on else '▫️'} {label}"


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"set:{data}")
