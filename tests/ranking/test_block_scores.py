"""What headings, questions, options and headers are worth goes to what stands below them."""

from __future__ import annotations

import numpy as np
import pytest
from built_texts import built

from index.ranking.block_scores import HEADING_LOSS, pass_on

TABLE = "# Cats\n\n| Year | Cats | Dogs |\n|---|---|---|\n| 2020 | 5 | 7 |\n| 2021 | 6 | 8 |"


def best_when(text: str, top: str) -> str:
    """The best sentence when the one that begins with *top* has matched best."""
    candidates = built(text)
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
        ("Cats sleep. This is a condensed version of it.", "This", "Cats sleep."),
        ("The cat sleeps.\n\nThe dog barks.", "The dog", "The dog barks."),
    ],
)
def test_what_points_somewhere_gives_way(text: str, top: str, best: str) -> None:
    """The best sentence below takes its place; a line of the page goes last."""
    assert best_when(text, top).startswith(best)


def test_a_heading_with_nothing_below_is_all_there_is() -> None:
    """The scores of a text that only has a heading stay finite and in their order."""
    assert best_when("# Cats", "# Cats") == "# Cats"


def test_a_heading_says_less_than_a_sentence() -> None:
    """What a heading passes on is a little less than it has itself; a question gives all of it."""

    def passed(text: str) -> float:
        candidates = built(text)
        return float(pass_on(candidates, np.array([9, 0, 0], np.float32)[: len(candidates)]).max())

    assert passed("# Cats\n\nThey sleep all day.") == 9 - HEADING_LOSS
    assert passed("Q. Cats?\n\nA. They sleep all day.") == 9


def test_a_question_is_answered_by_what_follows_it() -> None:
    """The first sentence of an answer that says something, however well a later one matches."""
    text = "Q. Why?\n\nA. Yes. They do like it. Cats are odd."

    assert best_when(text, "Q. Why") == "They do like it."
