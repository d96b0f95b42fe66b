"""The windows of a question compete with each other, wherever their sentences stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_readings import candidates_of, reading_of, source_of

from index.reading.question_reading import LEAST, combine_readings, read_candidates
from index.reading.reading_windows import ArticleWindow
from index.reading.window_reading import NOTHING, WindowReading

SCORES = st.one_of(st.floats(-20, 20, width=32), st.just(float(NOTHING)))


@st.composite
def questions(draw: st.DrawFn) -> tuple[int, list[WindowReading]]:
    """A number of sentences, and windows of some of these, with any scores."""
    count = draw(st.integers(1, 12))
    windows = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, count - 1))
        positions = range(start, draw(st.integers(start, count - 1)) + 1)
        scores = [draw(SCORES) for _ in positions]
        windows.append(reading_of(positions, scores, draw(st.floats(-20, 20, width=32))))
    return count, windows


@given(questions())
def test_all_that_was_read_shares_one_probability(read: tuple[int, list[WindowReading]]) -> None:
    """Sentences and "none of them" make 1; what is as good as impossible has the least."""
    count, windows = read
    found = combine_readings(count, windows, [window.positions for window in windows])
    total = np.exp(found.sentences).sum() + np.exp(found.none)
    assert 1 - 1e-6 <= total <= 1 + count * np.exp(LEAST) + 1e-6
    assert (found.sentences >= LEAST).all()
    assert found.none <= 0


@given(questions())
def test_windows_are_told_from_the_best_on(read: tuple[int, list[WindowReading]]) -> None:
    """One number each, whatever their order."""
    count, windows = read
    found = combine_readings(count, windows, [window.positions for window in windows])
    assert found.gains.tolist() == sorted(found.gains.tolist(), reverse=True)
    assert len(found.gains) == len(windows)


def test_the_windows_of_a_question_share_one_probability() -> None:
    """Two windows beside each other: each sentence by its own log odds; the rest is not read."""
    windows = [reading_of((0, 1), [0.5, 2.0], 0.3), reading_of((3,), [1.0], 1.0)]
    read = combine_readings(4, windows, [(0, 1), (3,)])
    gains = np.array([0.2, 1.7, 0.0])
    expected = gains - np.logaddexp.reduce([*gains, 0.0])
    assert read.sentences[[0, 1, 3]] == pytest.approx(expected, abs=1e-5)
    assert read.sentences[2] == LEAST
    assert 2 not in read.words


def test_a_sentence_in_two_windows_counts_once() -> None:
    """As the window says that thinks more of it."""
    low, high = reading_of((0, 1), [0.0, 1.0], sure=-5), reading_of((1, 2), [3.0, 0.0], sure=-1)
    read = combine_readings(3, [low, high], [(0, 1), (1, 2)])
    mass = 1 + np.exp(0.0) + np.exp(3.0) + np.exp(0.0)
    assert np.exp(read.sentences[1]) == pytest.approx(np.exp(3.0) / mass, abs=1e-5)
    assert read.sure.tolist() == [-5, -1, -1]


@given(questions())
def test_the_order_of_windows_does_not_matter(read: tuple[int, list[WindowReading]]) -> None:
    """What a question is told does not depend on which window is read first."""
    count, windows = read
    one_way = combine_readings(count, windows, [window.positions for window in windows])
    back = windows[::-1]
    other_way = combine_readings(count, back, [window.positions for window in back])
    np.testing.assert_allclose(one_way.sentences, other_way.sentences, atol=1e-9)
    assert one_way.none == pytest.approx(other_way.none)


def test_nothing_read_leaves_nothing_but_none() -> None:
    """Without a window it is certain that none of what was read answers."""
    read = combine_readings(2, [], [])
    assert (read.sentences.tolist(), read.none, read.words) == ([LEAST, LEAST], 0.0, {})


def test_sentences_that_are_no_candidates_take_their_share() -> None:
    """A window reaches beyond the candidates; what stands there is as likely, and is not told."""
    source = source_of(["One came.", "Two came.", "Three came."])
    windows, readings = [ArticleWindow(source, range(3))], [reading_of(range(3), [1.0, 2.0, 3.0])]
    whole = read_candidates(candidates_of(source), windows, readings)
    part = read_candidates(candidates_of(source, first=2), windows, readings)
    assert part.sentences == pytest.approx(whole.sentences[:2])
    assert part.none == pytest.approx(whole.none)
    assert len(part.sure) == 2


def test_windows_of_several_articles_compete() -> None:
    """A sure sentence of one article makes a less sure one of another improbable."""
    first, second = source_of(["One came."], key=1), source_of(["Two came."], key=2)
    windows = [ArticleWindow(first, range(1)), ArticleWindow(second, range(1))]
    candidates = candidates_of(first, second)
    [alone, _] = read_candidates(candidates, windows[:1], [reading_of((0,), [2.0])]).sentences
    beside = read_candidates(
        candidates, windows, [reading_of((0,), [2.0]), reading_of((0,), [6.0])]
    ).sentences
    assert np.exp(alone) > 0.5 > np.exp(beside[0])
    assert np.exp(beside).sum() < 1
