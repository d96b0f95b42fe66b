"""A person's conversation with the articles: what was asked and shown, and the commands on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.article_names import find_article
from bot.console.answer_commands import AnswerCommands
from bot.console.answer_text import NO_ARTICLES, answer_text, listing_text
from bot.console.console_help import help_text
from bot.console.last_answer import LastAnswer
from bot.console.opening import Opening, in_background
from bot.console.screen import Screen
from bot.language_note import deserves_language_note
from bot.nearest_command import nearest_command
from bot.phrases import phrase
from bot.plain_text import count, one_line, printable
from bot.wishes import ABOUT_ANSWER, ORDINALS, SAID, Wish, read_wish
from index.datatypes import Answer, Turn
from index.errors import NotFoundError

if TYPE_CHECKING:
    from index.answering import Answerer

EARLIER_TURNS = 12  # that a question of a conversation is read with
LISTED = 30  # articles that /articles shows
LEAVING = ("/quit", "/exit")


class Conversation:
    """
    What has been asked and shown, and the commands on it.

    *opening* gives what answers, *screen* is what it is shown on; with *short* answers are one
    sentence long.
    """

    def __init__(self, opening: Opening, screen: Screen, *, short: bool = False) -> None:
        self._opening = opening
        self._screen = screen
        self.article: str | None = None  # the id of the only one that is searched; None: all are
        self.short = short
        self._turns: list[Turn] = []
        self._last = LastAnswer()
        self._language_told = False  # that other languages than English are not read
        self._on_answer = AnswerCommands(self._last, screen, self._answerer)
        self.commands: dict[str, Callable[[str], None]] = {
            **self._on_answer.commands,
            "/articles": self._show_articles,
            "/article": self._choose_article,
            "/add": self._add,
            "/short": self._set_short,
            "/help": lambda _: screen.show(help_text(screen.style())),
        }

    def handle_line(self, line: str) -> bool:
        """
        Answer one line, a question or a command; False when it says to leave.

        Raises UnavailableError when there is nothing that answers, and what asking raises.
        """
        name, _, argument = line.strip().partition(" ")  # a path may hold several spaces
        if name.startswith("/"):
            return self._obey(name, argument.strip())
        wish = read_wish(line)
        if wish is not None:
            return self._grant(wish, line)
        if name:
            self._ask(line.strip())
        return True

    def _obey(self, name: str, argument: str) -> bool:
        command = self.commands.get(name.lower())
        if command is not None:
            command(argument)
        elif name.lower() in LEAVING:
            return False
        else:
            near = nearest_command(name, [*self.commands, *LEAVING])
            meant = f"; did you mean {near}? " if near else "; "
            self._screen.show(f"There is no command {printable(name)}{meant}/help lists them.")
        return True

    def _grant(self, wish: Wish, line: str) -> bool:
        """Do what *wish* says, written as *line*; False when it says to leave."""
        known = self._last.answer is not None
        if wish.kind == "short" and not known:
            self._ask(line.strip())  # a summary of the article
        elif wish.kind in ABOUT_ANSWER and not known:
            self._screen.show(phrase("nothing_yet", wish.language))
        elif wish.kind in SAID:
            self._screen.show(phrase(SAID[wish.kind], wish.language))
        elif wish.kind in ORDINALS:
            self._on_answer.show_nth(ORDINALS[wish.kind])
        elif wish.kind == "short" and self._last.answer is not None:
            style = replace(self._screen.style(), short=True)
            self._screen.show(answer_text(self._last.answer, style, articles=self._last.articles))
        elif wish.kind == "wrong":
            self.commands["/bad"]("")
        else:
            command = {"where": "/context"}.get(wish.kind, f"/{wish.kind}")
            self.commands[command]("")
        return wish.kind != "leave"

    def _answerer(self) -> Answerer:
        return self._opening.answerer(self._screen.wait)

    def _ask(self, question: str) -> None:
        answerer = self._answerer()
        try:
            answer, articles = self._answer(answerer, question)
        except NotFoundError:
            if self.article is None:
                raise
            self._screen.show(f"{self.article} is gone; all articles are searched again.")
            self.article = None
            answer, articles = self._answer(answerer, question)
        self._turns = [*self._turns[1 - EARLIER_TURNS :], replace(answer.turn, question=question)]
        self._last.replace_with(answer, articles, short=self.short)
        style = replace(self._screen.style(), short=self.short)
        self._screen.show(answer_text(answer, style, articles=articles))
        if not self._language_told and deserves_language_note(answerer, answer):
            self._language_told = True
            self._screen.show(phrase("english_only"))

    def _answer(self, answerer: Answerer, question: str) -> tuple[Answer, int]:
        """Ask in the background; the answer, and how many articles were asked."""
        history, article = tuple(self._turns), self.article
        work = in_background(
            lambda: (
                answerer.answer(question, article=article, history=history),
                answerer.count_articles(article),
            )
        )
        answered: tuple[Answer, int] = self._screen.wait(work, "reading…")
        return answered

    def _set_short(self, choice: str) -> None:
        wanted = {"": not self.short, "on": True, "off": False}.get(choice.lower())
        if wanted is None:
            self._screen.show("Say /short on or /short off.")
            return
        self.short = wanted
        said = "one sentence each" if wanted else "whole passages"
        self._screen.show(f"Answers are {said} from now on.")

    def _show_articles(self, _: str) -> None:
        infos = self._answerer().library.listing()
        self._opening.article_ids = [info.id for info in infos]
        if not infos:
            self._screen.show(NO_ARTICLES)
            return
        self._screen.show(listing_text(infos[:LISTED], self._screen.style()))
        if len(infos) > LISTED:
            left = count(len(infos) - LISTED, "article")
            self._screen.show(f"… and {left} more; `article-bot list` shows all.")

    def _choose_article(self, name: str) -> None:
        library = self._answerer().library
        article = find_article(library, name) if name else None
        if article:
            title = one_line(library.get(article).article.title)
            self._screen.show(f"Only this article is searched now: {title}")
        else:
            self._screen.show("All articles are searched now.")
        self.article = article
        self._turns = []

    def _add(self, path: str) -> None:
        if not path:
            self._screen.show("Say what to add: /add story.txt, /add https://example.org/story.")
            return
        from bot.console.conversation_adding import add_path

        answerer = self._answerer()
        work = in_background(lambda: add_path(answerer, path))
        self._screen.show(self._screen.wait(work, "reading…"))
        self._opening.article_ids = [info.id for info in answerer.library.listing()]
