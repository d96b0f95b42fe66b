"""An answer below the very question that is asked is sure."""

from __future__ import annotations

import numpy as np
import pytest
from small_vectors import sentence_of

from index.datatypes import Article, LoadedArticle
from index.ranking.asked_questions import ASKED_CONFIDENCE, asked_confidence
from index.ranking.candidate_sentences import Candidates
from index.text.blocks import find_blocks
from index.text.sentences import split_sentences

TEXT = """# Cats

**How do I wash the grey cat?** With a brush. Never with water.

# Nights

Cats sleep.

## Why do cats purr?

They are glad."""


def confidence(question: str, best: str) -> float:
    """How sure the sentence *best* of the text is, asked *question*."""
    blocks = find_blocks(TEXT)
    sentences = split_sentences(TEXT, "en", blocks)
    article = Article("a", "A", TEXT)
    source = LoadedArticle(1, article, sentences, blocks=blocks)
    texts = [article.cut(sentence.span) for sentence in sentences]
    count = len(texts)
    encoded = [sentence_of(text) for text in texts]
    candidates = Candidates([source] * count, range(count), np.zeros(count, np.float32), encoded)
    return asked_confidence(question, candidates, np.array([t == best for t in texts], np.float32))


@pytest.mark.parametrize("best", ["With a brush.", "Never with water."])
def test_the_same_question_is_answered_for_certain(best: str) -> None:
    """Whatever stands in the answer belongs to it; signs and capitals do not count."""
    assert confidence("how do i wash the grey cat", best) == 1.0


def test_a_heading_asks_as_well() -> None:
    """What stands below a heading that is a question answers it."""
    assert confidence("why do cats purr", "They are glad.") == 1.0


def test_fewer_words_are_less_sure() -> None:
    """Two of the three words that carry the topic: the answer may be about more."""
    sure = confidence("wash a cat", "With a brush.")
    assert sure == pytest.approx(ASKED_CONFIDENCE * 4 / 5)


@pytest.mark.parametrize(
    ("question", "best"),
    [("how do I wash the dog?", "With a brush."), ("how do I?", "With a brush.")],
)
def test_another_question_tells_nothing(question: str, best: str) -> None:
    """A word that the text's question lacks makes it another one; so does none at all."""
    assert confidence(question, best) == 0.0


def test_only_an_answer_has_a_question() -> None:
    """A sentence elsewhere is not surer because of the question."""
    assert confidence("how do I wash the grey cat?", "Cats sleep.") == 0.0
