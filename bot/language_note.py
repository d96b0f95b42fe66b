"""When somebody should hear that the packaged model knows English only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.datatypes import Answer
from index.languages.registry import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from index.answering import Answerer


def deserves_language_note(answerer: Answerer, answer: Answer) -> bool:
    """Whether *answer* quotes an article in a language that the model of *answerer* cannot read."""
    if answer.kind != "answer" or not answer.passages:
        return False
    foreign = answer.passages[0].article.language != DEFAULT_LANGUAGE
    return foreign and answerer.knows_english_only
