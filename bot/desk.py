"""An open library that questions are put to, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.datatypes import Answer

if TYPE_CHECKING:
    from index.retrieval.corpus import Corpus
    from index.storage.library import Library


@dataclass(frozen=True, slots=True)
class Desk:
    """An open library and what is needed to answer from it."""

    library: Library
    corpus: Corpus
    max_passages: int = 3
    threshold: float | None = None

    def ask(
        self,
        question: str,
        *,
        article: str | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        """Answer *question*; raise QuestionError, NotFoundError or LibraryError."""
        from index.answering import answer_question

        return answer_question(
            whole_text(question),
            self.corpus,
            article=article,
            history=[whole_text(earlier) for earlier in history],
            max_passages=self.max_passages,
            threshold=self.threshold,
        )

    def count_articles(self, article: str | None = None) -> int:
        """How many articles a question is answered from."""
        return 1 if article is not None else self.library.count()


def whole_text(text: str) -> str:
    """*text* with halves of surrogate pairs, which no model reads, as U+FFFD."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)
