"""Which updates a handler is for, so that it need not ask; handlers combine these by `&`."""

from __future__ import annotations

from typing import TypeVar

from telegram import Message
from telegram.ext import filters

from bot.telegram.addressing import is_from_person

T = TypeVar("T")


class _WrittenByAPerson(filters.MessageFilter):
    """Messages that a person wrote, not a bot, nor Telegram itself; see is_from_person."""

    def filter(self, message: Message) -> bool:
        """Whether *message* passes."""
        return is_from_person(message)


NEW = filters.UpdateType.MESSAGE  # no edit, no post, no guest message
WRITTEN_BY_A_PERSON = _WrittenByAPerson("WRITTEN_BY_A_PERSON")
FROM_PERSON = NEW & WRITTEN_BY_A_PERSON
EDITED_BY_PERSON = filters.UpdateType.EDITED_MESSAGE & WRITTEN_BY_A_PERSON
IN_PRIVATE = filters.ChatType.PRIVATE & FROM_PERSON
IN_GROUPS = filters.ChatType.GROUPS & FROM_PERSON


def given(part: T | None) -> T:
    """
    The *part* of an update that the handler's filter has seen to be there.

    Raises TypeError when the handler was added with another filter.
    """
    if part is None:
        raise TypeError("the handler got an update of a kind that it is not for")
    return part
