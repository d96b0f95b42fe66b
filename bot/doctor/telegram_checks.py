"""Telegram: the token, what BotFather allows, the webhook, and the clock beside Telegram's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx
from telegram import User

from bot.config import PREFIX, Settings
from bot.doctor.findings import Finding, advice, failed, ok
from bot.phrases import FALLBACK, phrase
from bot.plain_text import count
from bot.telegram.bot_token import find_token, refused_token
from index.errors import StoppedError, UsageError

TIMEOUT = 10.0  # seconds for each call
MAX_SKEW = 60.0  # seconds that the clock may be wrong; messages that have waited are told by it
RECENT = 3600.0  # seconds; an error of the webhook before that is over
MANY_WAITING = 100  # updates, which a bot that runs has answered after some seconds

Json = dict[str, Any]


class Call(NamedTuple):
    """What a method gave, and when Telegram says that it was, in seconds since 1970."""

    result: Json
    date: float | None


def examine_telegram(settings: Settings) -> Iterator[Finding]:
    """
    Ask the Bot API who the bot is and where updates go.

    Raises UsageError when the token is none or is refused, StoppedError when Telegram is not there.
    """
    token = find_token(settings)
    me = call(settings, token, "getMe")
    user = User.de_json(me.result, None)
    yield ok("token", f"@{user.username} answers at {settings.api_url}")
    if user.can_read_all_group_messages:
        yield ok("privacy mode", "off, so mentions in groups arrive")
    else:
        yield advice("privacy mode", phrase("note_privacy", FALLBACK))
    if user.supports_inline_queries:
        yield ok("inline mode", "on")
    else:
        yield advice("inline mode", phrase("note_inline", FALLBACK))
    yield _examine_webhook(call(settings, token, "getWebhookInfo").result)
    yield _examine_clock(me.date)


def call(settings: Settings, token: str, method: str) -> Call:
    """Call *method*, once; no message of what fails has the token, which is in the address."""
    address = settings.api_url.rstrip("/")
    try:
        response = httpx.post(f"{address}/bot{token}/{method}", timeout=TIMEOUT)
        given = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
        reason = type(exc).__name__
        raise StoppedError(
            f"the Bot API cannot be reached at {address} ({reason}); check the network, and "
            f"{PREFIX}API_URL if it is set."
        ) from None
    if response.status_code in (401, 404):
        raise UsageError(refused_token())
    if not given.get("ok"):
        said = f"{response.status_code}, {given.get('description')}"
        raise StoppedError(f"the Bot API does not answer {method} ({said}); try again later.")
    date = response.headers.get("Date")
    return Call(given["result"], parsedate_to_datetime(date).timestamp() if date else None)


def _examine_webhook(info: Json) -> Finding:
    waiting = info.get("pending_update_count", 0)
    many = waiting > MANY_WAITING
    url, waits = info.get("url"), f"{count(waiting, 'update')} waiting"
    ago = time.time() - info.get("last_error_date", 0)
    if url and waiting and ago < RECENT:
        why = info.get("last_error_message", "")
        said = f"Telegram could not deliver to {url} {ago / 60:.0f} minutes ago ({why})"
        return failed(
            "webhook", f"{said}, {waits}; check that the bot runs behind it, with its certificate."
        )
    place = f"updates go to {url}" if url else "none, updates are polled"
    if many:
        return advice("webhook", f"{place}, {waits}; start the bot, or more of its processes.")
    return ok("webhook", f"{place}, {waits}")


def _examine_clock(date: float | None) -> Finding:
    """Compare the clock with what Telegram says the time is."""
    if date is None:
        return advice("clock", "the Bot API does not say what time it is; compare it yourself.")
    ahead = time.time() - date
    if abs(ahead) <= MAX_SKEW:
        return ok("clock", f"within {MAX_SKEW:.0f} seconds of Telegram's")
    side = "ahead of" if ahead > 0 else "behind"
    said = f"{abs(ahead):.0f} seconds {side} Telegram's, so messages look as if they had waited"
    return failed("clock", f"{said}; let the machine set it, by systemd-timesyncd for one.")
