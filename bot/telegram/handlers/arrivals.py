"""Every update that comes: it is counted, and the lines of the log that are about it know it."""

from __future__ import annotations

from telegram import Update

from bot.telegram import instruments
from bot.telegram.bot_context import BotContext
from bot.telegram.log_lines import request_id


async def note_arrival(update: Update, context: BotContext) -> None:  # noqa: ARG001 (a handler's)
    """Count *update* by what it holds."""
    request_id.set(update.update_id)
    kinds = (name for name in Update.__slots__ if not name.startswith("_") and name != "update_id")
    kind = next((name for name in kinds if getattr(update, name) is not None), "unreadable")
    instruments.count("updates", kind=kind)
