"""Rows, and items that are laid out like rows, are looked up by their words."""

from __future__ import annotations

import numpy as np
import pytest
from built_texts import built

from index.ranking.table_scores import (
    KEY_WORTH,
    LABEL_WORTH,
    key_scores,
    label_scores,
    row_confidence,
    row_scores,
)

TABLE = "# Cats\n\n| Year | Cats | Dogs |\n|---|---|---|\n| 2020 | 5 | 7 |\n| 2021 | 6 | 8 |"
PRICES = "# Boat hire\n\n- Canoe: 9 euros an hour\n- Rowing boat: 12 euros\n- Raft: not for hire"


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
    candidates = built(TABLE)

    worth = row_scores(question, candidates)

    found = [candidates.sentences[i].text for i in np.flatnonzero(worth)]
    assert found == ([] if row is None else [row])


def test_a_cell_that_was_looked_up_is_sure() -> None:
    """The more of the question's words it has, the surer; another sentence is not."""
    worth = row_scores("dogs in 2021", built(TABLE))

    assert row_confidence(worth, worth) == pytest.approx(0.9)
    assert row_confidence(worth, -worth) == 0


@pytest.mark.parametrize(
    ("question", "text", "rows"),
    [
        ("how many birds in 2021", TABLE, ["| 2021 | 6 | 8 |"]),
        ("birds in 2019", TABLE, []),
        ("birds in 2021", TABLE + "\n\nIn 2021 there were many birds.", []),
    ],
)
def test_a_number_that_only_a_row_has_is_its_key(question: str, text: str, rows: list[str]) -> None:
    """A sentence about the same in another year gives way; one about that year does not."""
    candidates = built(text)

    worth = key_scores(question, candidates)

    assert [candidates.sentences[i].text for i in np.flatnonzero(worth)] == rows
    assert set(worth.tolist()) <= {0, KEY_WORTH}


@pytest.mark.parametrize(
    ("question", "worth"),
    [
        ("hire of a canoe", [0, 1, 0, 0]),
        ("canoe price", [0, 0.5, 0, 0]),
        ("what does the hire cost", [0, 0, 0, 0]),
    ],
)
def test_a_label_is_looked_up(question: str, worth: list[float]) -> None:
    """An item is found by the words before its colon, together with those of its heading."""
    found = label_scores(question, built(PRICES))

    assert found.tolist() == [LABEL_WORTH * share for share in worth]
