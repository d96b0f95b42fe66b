"""
Updates as Telegram sends them, read one by one.

python-telegram-bot reads a batch as a whole: one update that it cannot read (a server of another
version writes a field differently) would be fetched again for ever, and those behind it never.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from itertools import count
from typing import Any

from telegram import Update
from telegram.request import HTTPXRequest

from bot.telegram import instruments
from bot.telegram.telegram_time import LATE, age_of

log = logging.getLogger(__name__)

Json = dict[str, Any]
_skipped = count(1)


def readable(update: Json) -> Json:
    """
    *update* as it is when it can be read, else an update with its number alone.

    No handler is for such a one, but it counts as received. One line of the log names it, without
    a word of what it holds.
    """
    try:
        Update.de_json(update, None)
    except Exception as exc:  # whatever a constructor makes of fields that it does not expect
        instruments.drop("unreadable")
        kinds = ", ".join(sorted(kind for kind in update if kind != "update_id"))[:100]
        log.warning(
            "update %s (%s) cannot be read (%s) and is skipped; it is number %d of those",
            *(update.get("update_id"), kinds, type(exc).__name__, next(_skipped)),
        )
        return {"update_id": int(update["update_id"])}
    return update


def owner_of(update: object) -> int | None:
    """
    Whose updates *update* is in line with: its chat's, or its user's where there is none.

    The inbox keeps it there, and finds it there when it comes again.
    """
    if not isinstance(update, Update):
        return None
    owner = update.effective_chat or update.effective_user
    return None if owner is None else owner.id


def may_be_dropped(update: Update) -> bool:
    """Whether *update* is somebody's who can ask again: no post, no news of a chat."""
    if update.callback_query or update.inline_query or update.guest_message:
        return True
    message = update.message or update.edited_message
    if message is None:
        return False
    moved = message.migrate_to_chat_id or message.migrate_from_chat_id
    return not (message.is_automatic_forward or moved)


def sent_at(update: Update) -> dt.datetime | None:
    """When somebody has written, or last changed, the message that *update* is; None for others."""
    message = update.message or update.edited_message
    return None if message is None else message.edit_date or message.date


def stale_at(update: Update) -> float:
    """When what is said to *update* must be made anew, to say that it is late; monotonic."""
    sent = sent_at(update)
    age = dt.timedelta() if sent is None else age_of(sent)
    left = LATE - age if age < LATE else LATE
    return time.monotonic() + left.total_seconds()


class PollingRequest(HTTPXRequest):
    """Makes the requests for updates, and leaves out of an answer what cannot be read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """The answer of Telegram to getUpdates; raises TelegramError when it is no JSON."""
        answer: Json = HTTPXRequest.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            answer["result"] = [readable(update) for update in updates if "update_id" in update]
        return answer
