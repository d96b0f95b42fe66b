"""The commands of a conversation that are about its last answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.console.answer_text import context_text, passages_text, whole_article
from bot.console.last_answer import LastAnswer
from bot.console.screen import Screen
from bot.console.votes import note_vote
from bot.phrases import phrase
from bot.plain_text import count
from index.datatypes import Passage
from index.text.context import context_span

if TYPE_CHECKING:
    from index.answering import Answerer


class AnswerCommands:
    """What can be done with the *last* answer, on the *screen*; *answerer* gives what answers."""

    def __init__(self, last: LastAnswer, screen: Screen, answerer: Callable[[], Answerer]) -> None:
        self._last = last
        self._screen = screen
        self._answerer = answerer
        self.commands: dict[str, Callable[[str], None]] = {
            "/more": self._show_more,
            "/context": self._show_context,
            "/open": self._open,
            "/good": lambda _: self._vote(1),
            "/bad": lambda _: self._vote(-1),
        }

    def _show_more(self, _: str) -> None:
        if not self._last.more:
            self._screen.show(phrase("nothing_more"))
            return
        passages = self._last.take_more(self._answerer().max_passages)
        self._screen.show(passages_text(passages, self._screen.style()))

    def show_nth(self, number: int) -> None:
        """Show passage *number*, from 0: one of the last reply in its context, or one beyond it."""
        beyond = self._last.more[number - len(self._last.shown) :][:1]
        if number < len(self._last.shown):
            self._show_context(str(number + 1))
        elif beyond:
            self._screen.show(passages_text(beyond, self._screen.style()))
        else:
            self._screen.show(phrase("nothing_more"))

    def _show_context(self, number: str) -> None:
        if passage := self._passage(number, "/context"):
            around = context_span(passage)
            self._screen.show(context_text(passage, around, self._screen.style()))

    def _open(self, number: str) -> None:
        if passage := self._passage(number, "/open"):
            self._screen.page(*whole_article(passage, self._screen.style()))

    def _passage(self, number: str, command: str) -> Passage | None:
        """The passage that *number* means, "" for the first; None after saying what it can be."""
        passage = self._last.passage(number)
        if passage is None and not self._last.shown:
            self._screen.show("There is no passage yet; ask something first.")
        elif passage is None:
            shown = count(len(self._last.shown), "passage")
            self._screen.show(f"The last reply showed {shown}; say which by number, {command} 1.")
        return passage

    def _vote(self, value: int) -> None:
        if self._last.answer is None:
            self._screen.show(phrase("nothing_yet"))
            return
        note_vote(self._last.answer, self._answerer().library.chat, value)
        self._screen.show(phrase("noted" if value > 0 else "corrected"))
