"""An answerer that always answers the same, for tests of the ways in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from fakes import hit_of

from index.datatypes import Answer, Article, Passage, Span
from index.errors import NotFoundError, QuestionError
from index.text.sentences import split_sentences

TEXT = "One came.\n\nTwo came. They sat.\n\nThree came.\n\nFour came."
ARTICLE = Article("guests", "The guests", TEXT)
SENTENCES = split_sentences(TEXT)


def passage(words: str) -> Passage:
    """Make a passage of *words*, all of it the best sentence."""
    start = TEXT.index(words)
    span = Span(start, start + len(words))
    return Passage(ARTICLE, span, span, "sentence", 1.0, SENTENCES)


PASSAGES = (
    passage("They sat."),
    passage("Three came."),
    passage("Four came."),
    passage("One came."),
)


@dataclass
class FixedAnswerer:
    """It answers every question with the same passages and remembers what was asked."""

    answered: bool = True
    max_passages: int = 2
    asked: list[tuple[str, str | None, tuple[Any, ...]]] = field(default_factory=list)
    during: Callable[[], None] = lambda: None  # happens while an answer is computed

    def __post_init__(self) -> None:
        self.library = SimpleNamespace(
            chat="", listing=lambda: [LISTED], get=self.get, complete=self.complete
        )

    def get(self, id: str) -> SimpleNamespace:  # noqa: A002
        if id != "guests":
            raise NotFoundError(f"there is no article {id!r}.")
        return SimpleNamespace(article=ARTICLE)

    def complete(self, id: str) -> str:  # noqa: A002
        self.get("guests" if id and "guests".startswith(id) else id)
        return "guests"

    def answer(
        self,
        question: str,
        *,
        article: str | None = None,
        history: Sequence[Any] = (),
    ) -> Answer:
        self.during()
        if not question:
            raise QuestionError("the question is empty; ask something.")
        if article not in (None, "guests"):
            raise NotFoundError(f"there is no article {article!r}.")
        self.asked.append((question, article, tuple(history)))
        hits = tuple(hit_of(ARTICLE, quoted.best, quoted.score) for quoted in PASSAGES)
        shown, further = PASSAGES[: self.max_passages], PASSAGES[self.max_passages :]
        return Answer(question, "may" if self.answered else "not", 0.9, shown, hits, 1.0, further)

    def count_articles(self, article: str | None = None) -> int:
        return 1 if article else 3


LISTED = SimpleNamespace(id="guests", title="The guests", characters=56, sentences=5, other_ids=())
