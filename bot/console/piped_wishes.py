"""What piped lines get that ask nothing: "in short", "show me more", "thanks", "/more"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from bot.console.answer_commands import AnswerCommands
from bot.console.answer_text import answer_text
from bot.console.last_answer import LastAnswer
from bot.console.screen import Screen
from bot.phrases import phrase
from bot.wishes import ABOUT_ANSWER, ORDINALS, SAID, Wish, read_wish
from index.errors import QuestionError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from bot.console.text_layout import TextStyle
    from index.answering import Answerer

T = TypeVar("T")


@dataclass
class PipedWishes:
    """
    What is done with the *last* answer of *answerer*, told to *show* in a *style*.

    Lines that are piped are no conversation, and a command that would change how the next ones are
    asked is refused.
    """

    answerer: Answerer
    show: Callable[[str], None]
    style: TextStyle
    last: LastAnswer = field(default_factory=LastAnswer)

    def grant(self, line: str) -> bool:
        """Do what *line* wishes; False when it is a question. Raises QuestionError."""
        screen = Screen(self.show, lambda: self.style, _result, lambda text, _: self.show(text))
        on_answer = AnswerCommands(self.last, screen, lambda: self.answerer)
        name, _, argument = line.partition(" ")
        if name.lower() in on_answer.commands:
            on_answer.commands[name.lower()](argument.strip())
            return True
        if name[:1] == "/" and name[1:].isalpha():
            raise QuestionError(
                f"{name} is for the console in a terminal; a line that is piped may be "
                '{"question": …, "article": ID}.'
            )
        wish = read_wish(line)
        if wish is None or (wish.kind == "short" and self.last.answer is None):
            return False
        self._grant(wish, on_answer)
        return True

    def _grant(self, wish: Wish, on_answer: AnswerCommands) -> None:
        answer = self.last.answer
        if wish.kind not in ABOUT_ANSWER:
            self.show(phrase(SAID.get(wish.kind, "description"), wish.language))
        elif answer is None:
            self.show(phrase("nothing_yet", wish.language))
        elif wish.kind == "short":
            style = replace(self.style, short=True)
            self.show(answer_text(answer, style, articles=self.last.articles))
        elif wish.kind in ORDINALS:
            on_answer.show_nth(ORDINALS[wish.kind])
        else:
            named = {"where": "/context", "wrong": "/bad"}
            on_answer.commands[named.get(wish.kind, f"/{wish.kind}")]("")


def _result(work: Future[T], _: str) -> T:
    return work.result()
