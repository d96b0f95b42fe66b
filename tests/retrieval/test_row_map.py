"""Rows of articles: counted up, and never given twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.row_map import RowMap, ScoredSentence


@given(steps=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=30))
def test_every_row_is_that_of_its_sentence(steps):
    """Whatever was added and removed, each row leads to its article and position, once."""
    row_map, kept, given_ = RowMap(), {}, set()
    for key, count in steps:
        if key in kept:
            assert set(row_map.remove(key)) == set(kept.pop(key))
        else:
            kept[key] = row_map.add(key, count)
            assert not given_ & set(kept[key])
            given_ |= set(kept[key])

    assert set(row_map.keys()) == set(kept)
    assert len(row_map) == sum(map(len, kept.values()))
    for key, rows in kept.items():
        assert [row_map.sentence(row, 0.5) for row in rows] == [
            ScoredSentence(key, position, 0.5) for position in range(len(rows))
        ]
    rows = row_map.rows_of([*kept, *kept, 99])
    np.testing.assert_array_equal(rows, sorted(row for own in kept.values() for row in own))
