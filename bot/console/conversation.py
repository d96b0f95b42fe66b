"""A person's conversation with the articles: what was asked and shown, and the commands on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.console.answer_text import (
    NO_ARTICLES,
    answer_text,
    context_text,
    listing_text,
    passages_text,
)
from bot.console.opening import Opening, Wait, in_background
from bot.plain_text import count, one_line, printable
from index.datatypes import Passage
from index.text.context import context_span

if TYPE_CHECKING:
    from bot.console.text_layout import TextStyle
    from index.answering import Answerer

EARLIER_QUESTIONS = 4  # that a question of a conversation is read with
LISTED = 30  # articles that /articles shows

HELP = """\
Type a question and press Enter; the article answers in its own words.
  /more          the next passages for the last question
  /context [N]   the paragraphs around the first (or N-th) passage shown last
  /articles      the articles that are searched
  /article [ID]  search this article only; without ID: all of them again
  /add PATH      add a file, a folder or a web address
  /help          this list
  /quit          leave (so does Ctrl-D)
Ctrl-C stops an answer. Tab completes commands and article ids; arrow up brings back a question."""


class Conversation:
    """
    What has been asked and shown, and the commands on it.

    *opening* gives what answers, *wait* waits for it; *show* gets what the person is to read, laid
    out in the *style* of the moment, because a window changes its width.
    """

    def __init__(
        self,
        opening: Opening,
        show: Callable[[str], None],
        style: Callable[[], TextStyle],
        wait: Wait,
    ) -> None:
        self._opening = opening
        self._show = show
        self._style = style
        self._wait = wait
        self.article: str | None = None  # the id of the only one that is searched; None: all are
        self._questions: list[str] = []
        self._shown: tuple[Passage, ...] = ()  # last
        self._more: tuple[Passage, ...] = ()  # of the last answer, not shown yet
        self.commands: dict[str, Callable[[str], None]] = {
            "/more": self._show_more,
            "/context": self._show_context,
            "/articles": self._show_articles,
            "/article": self._choose_article,
            "/add": self._add,
            "/help": lambda _: self._show(HELP),
        }

    def handle_line(self, line: str) -> bool:
        """
        Answer one line, a question or a command; False when it says to leave.

        Raises UnavailableError when there is nothing that answers, and what asking raises.
        """
        text = " ".join(line.split())
        name, _, argument = text.partition(" ")
        if name == "/add":  # a path may hold several spaces
            argument = line.strip()[len(name) :].strip()
        if name in ("/quit", "/exit"):
            return False
        if not text:
            return True
        if name in self.commands:
            self.commands[name](argument)
        elif name.startswith("/"):
            self._show(f"There is no command {printable(name)}; /help lists them.")
        else:
            self._ask(text)
        return True

    def _answerer(self) -> Answerer:
        return self._opening.answerer(self._wait)

    def _ask(self, question: str) -> None:
        answerer = self._answerer()
        history = tuple(self._questions[-EARLIER_QUESTIONS:])
        article = self.article
        work = in_background(
            lambda: (
                answerer.answer(question, article=article, history=history),
                answerer.count_articles(article),
            )
        )
        answer, articles = self._wait(work, "reading…")
        self._questions = [*history, question]
        shown = len(answer.passages) if answer.answered else 1
        self._shown = answer.passages[:shown]
        self._more = (*answer.passages[shown:], *answer.further)
        self._show(answer_text(answer, self._style(), articles=articles))

    def _show_more(self, _: str) -> None:
        if not self._more:
            self._show("There are no more passages; ask something else.")
            return
        number = self._answerer().max_passages
        self._shown, self._more = self._more[:number], self._more[number:]
        self._show(passages_text(self._shown, self._style()))

    def _show_context(self, number: str) -> None:
        if not self._shown:
            self._show("There is no passage yet; ask something first.")
        elif number and not (number.isdecimal() and 1 <= int(number) <= len(self._shown)):
            shown = count(len(self._shown), "passage")
            self._show(f"The last reply showed {shown}; say which by its number, /context 1.")
        else:
            passage = self._shown[int(number or 1) - 1]
            self._show(context_text(passage, context_span(passage), self._style()))

    def _show_articles(self, _: str) -> None:
        infos = self._answerer().library.listing()
        self._opening.article_ids = [info.id for info in infos]
        if not infos:
            self._show(NO_ARTICLES)
            return
        self._show(listing_text(infos[:LISTED], self._style()))
        if len(infos) > LISTED:
            left = count(len(infos) - LISTED, "article")
            self._show(f"… and {left} more; `article-bot list` shows all.")

    def _choose_article(self, article: str) -> None:
        if article:
            library = self._answerer().library
            article = library.complete(article)
            title = one_line(library.get(article).article.title)
            self._show(f"Only this article is searched now: {title}")
        else:
            self._show("All articles are searched now.")
        self.article = article or None
        self._questions = []

    def _add(self, path: str) -> None:
        if not path:
            self._show("Say what to add: /add story.txt, /add https://example.org/story.")
            return
        from bot.console.conversation_adding import add_path

        answerer = self._answerer()
        work = in_background(lambda: add_path(answerer, path))
        self._show(self._wait(work, "reading…"))
        self._opening.article_ids = [info.id for info in answerer.library.listing()]
