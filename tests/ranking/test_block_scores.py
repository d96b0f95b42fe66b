"""What headings, questions, options and headers are worth goes to what stands below them."""

from __future__ import annotations

import numpy as np
import pytest
from small_vectors import sentence_of

from index.datatypes import Article, LoadedArticle
from index.encoding.joined_rows import headers_of, with_header
from index.ranking.block_scores import pass_on, row_confidence, row_scores
from index.ranking.candidate_sentences import Candidates
from index.text.blocks import find_blocks
from index.text.sentences import split_sentences

TABLE = "# Cats\n\n| Year | Cats | Dogs |\n|---|---|---|\n| 2020 | 5 | 7 |\n| 2021 | 6 | 8 |"


def candidates_of(text: str) -> Candidates:
    """All sentences of a text, rows with their headers."""
    blocks = find_blocks(text)
    sentences = split_sentences(text, "en", blocks)
    article = Article("a", "A", text)
    headers = headers_of(sentences, blocks)
    source = LoadedArticle(1, article, sentences, blocks=blocks, headers=headers)
    encoded = [sentence_of(article.cut(sentence.span)) for sentence in sentences]
    joined = [
        with_header(sentence, encoded[headers[i]]) if i in headers else sentence
        for i, sentence in enumerate(encoded)
    ]
    count = len(sentences)
    return Candidates([source] * count, range(count), np.zeros(count, np.float32), joined)


def best_when(text: str, top: str) -> str:
    """The best sentence when the one that begins with *top* has matched best."""
    candidates = candidates_of(text)
    texts = [sentence.text for sentence in candidates.sentences]
    scores = np.arange(len(texts), 0, -1).astype(np.float32)
    scores[[text.startswith(top) for text in texts].index(True)] = 100
    return texts[int(pass_on(candidates, scores).argmax())]


@pytest.mark.parametrize(
    ("text", "top", "best"),
    [
        ("# Cats\n\nThey sleep.\n\n# Dogs\n\nThey bark.", "# Dogs", "They bark."),
        ("# Cats\n\n## Food\n\nThey eat fish.", "# Cats", "They eat fish."),
        ("Q. Why?\n\nA. Yes. They like it.\n\nQ. Who?\n\nA. Ann.", "Q. Why", "They like it."),
        ("  -n\n     Number the lines.\n\n  -s\n     Squeeze blank ones.", "-s", "Squeeze"),
        ("Bring these:\n\n- A cat\n- A dog", "Bring", "- A cat"),
        (TABLE, "| Year", "| 2020"),
        ("We use cookies to improve it.\n\nCats sleep.", "We use", "Cats sleep."),
        ("The cat sleeps.\n\nThe dog barks.", "The dog", "The dog barks."),
    ],
)
def test_what_points_somewhere_gives_way(text: str, top: str, best: str) -> None:
    """The best sentence below takes its place; a line of the page goes last."""
    assert best_when(text, top).startswith(best)


def test_a_heading_with_nothing_below_is_all_there_is() -> None:
    """The scores of a text that only has a heading stay finite and in their order."""
    assert best_when("# Cats", "# Cats") == "# Cats"


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("how many dogs in 2021", "| 2021 | 6 | 8 |"),
        ("cats in 2020?", "| 2020 | 5 | 7 |"),
        ("dogs in 2019", None),
        ("how many dogs", None),
        ("what happened in 2021", None),
    ],
)
def test_a_cell_is_looked_up(question: str, row: str | None) -> None:
    """A row that has one word below a header that has another; not when a number is missing."""
    candidates = candidates_of(TABLE)

    worth = row_scores(question, candidates)

    found = [candidates.sentences[i].text for i in np.flatnonzero(worth)]
    assert found == ([] if row is None else [row])


def test_a_cell_that_was_looked_up_is_sure() -> None:
    """The more of the question's words it has, the surer; another sentence is not."""
    worth = row_scores("dogs in 2021", candidates_of(TABLE))

    assert row_confidence(worth, worth) == pytest.approx(0.9)
    assert row_confidence(worth, -worth) == 0
