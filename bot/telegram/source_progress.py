"""One message that shows, by being edited, how far a source is read and what became of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from telegram import Message
from telegram.error import TelegramError

from bot.phrases import numeral, phrase
from bot.telegram import sending
from bot.telegram.markup import quiet_names
from bot.telegram.update_work import WORK
from bot.telegram.views import View
from index.errors import InterruptionError

INTERVAL = 2.5  # seconds between two edits; Telegram takes no more of them


class SourceProgress:
    """
    The message below *message* about what is called *name*.

    Its `reading` and `encoding` may be called in any thread; they raise InterruptionError once the
    work is to end.
    """

    def __init__(self, message: Message, name: str, language: str) -> None:
        self._message, self._language = message, language
        self._name = quiet_names(name)
        self._words = phrase("adding_reading", language, source=self._name)
        self._shown = ""
        self._sent: list[int] = []
        self._following: asyncio.Task[None] | None = None
        self._cancelled = False

    async def start(self) -> None:
        """Send the message, and keep it up with what is done."""
        self._shown = self._words
        self._sent = await sending.reply_with_view(self._message, View((self._words,)))
        self._following = asyncio.create_task(self._follow())

    def reading(self, done: int, total: int) -> None:
        """So many pages of *total* are read."""
        self._say(
            "adding_pages", page=numeral(done, self._language), pages=numeral(total, self._language)
        )

    def encoding(self, done: int, total: int) -> None:
        """So many sentences of *total* are encoded."""
        self._say("adding_encoding", percent=100 * done // max(total, 1))

    def cancel(self) -> None:
        """Let the thread that works end at its next step."""
        self._cancelled = True

    def check(self) -> None:
        """Raise InterruptionError once the work is to end."""
        if self._cancelled:
            raise InterruptionError("the bot is told to stop; send it again.")

    async def finish(self, view: View) -> None:
        """Show *view* in the place of the message, which it is about."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        if self._sent:
            self._sent = await sending.replace_reply(self._message, self._sent, view)
        else:
            self._sent = await sending.reply_with_view(self._message, view)

    def _say(self, name: str, **values: object) -> None:
        self.check()
        self._words = phrase(name, self._language, source=self._name, **values)

    async def _follow(self) -> None:
        WORK.set(None)  # who takes the update over need not repeat these
        while self._sent:
            await asyncio.sleep(INTERVAL)
            words = self._words
            if words != self._shown:
                self._shown = words
                with suppress(TelegramError):  # the end is told all the same
                    await self._message.get_bot().edit_message_text(
                        words, self._message.chat_id, self._sent[0], parse_mode="HTML"
                    )
