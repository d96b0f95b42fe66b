"""What a reader is worth is judged out of fold, and its windows compete with each other."""

from __future__ import annotations

import numpy as np
import pytest

from index.reading.window_reading import WindowReading
from index.training.reading.reading_cases import ReadingCase

pytestmark = pytest.mark.slow  # importing scikit-learn takes seconds


def reading_of(positions: tuple[int, ...], scores: list[float], null: float) -> WindowReading:
    """A window that says so much for its sentences."""
    words = np.array([(10 * at, 10 * at + 5) for at in positions], np.int64)
    return WindowReading(
        positions, np.array(scores, np.float32), null, words, np.zeros(len(scores), np.float32)
    )


def case_of(article: str, right: int, readings: tuple[WindowReading, ...]) -> ReadingCase:
    """A question to four sentences, of which the first ranking prefers the first."""
    return ReadingCase(
        file="written", article=article, id="1", question="why?", matched=False,
        answerable=right >= 0, off_topic=False, gold=tuple(at == right for at in range(4)),
        answer="", words=None, confidence=0.4, signals=(0.0,) * 13, ranked=((0, 1.0), (1, 0.9)),
        sentences=tuple((10 * at, 10 * at + 9) for at in range(4)), readings=readings, text="",
    )  # fmt: skip


def test_the_windows_of_a_question_share_one_probability() -> None:
    """All sentences that were read and the one null make 1; the others have next to nothing."""
    from index.training.reading.reader_fusion import LEAST, combine_windows

    case = case_of("a", 1, (reading_of((0, 1), [0.5, 2.0], 0.3), reading_of((3,), [1.0], 1.0)))
    read = combine_windows(case)
    seen = read.sentences[[0, 1, 3]]
    assert np.exp([*seen, read.none]).sum() == pytest.approx(1, abs=1e-5)
    assert read.sentences[2] == LEAST
    assert read.words[1] == (10, 15)


def test_a_sentence_in_two_windows_counts_once() -> None:
    """As the window says that thinks more of it."""
    from index.training.reading.reader_fusion import combine_windows

    low, high = reading_of((0, 1), [0.0, 1.0], 0.0), reading_of((1, 2), [3.0, 0.0], 0.0)
    read = combine_windows(case_of("a", 1, (low, high)))
    mass = 1 + np.exp(0.0) + np.exp(3.0) + np.exp(0.0)
    assert np.exp(read.sentences[1]) == pytest.approx(np.exp(3.0) / mass, abs=1e-5)


def test_a_reader_that_is_right_moves_the_right_sentence_up() -> None:
    """The weight of the reader is found over other articles than those it is judged on."""
    from index.training.reading.reader_fusion import judge_off, judge_on

    sure = (reading_of((0, 1, 2, 3), [-3.0, 4.0, -3.0, -3.0], 0.0),)
    none = (reading_of((0, 1, 2, 3), [-4.0, -4.0, -4.0, -4.0], 0.0),)
    cases = [case_of(f"a{n}", 1, sure) for n in range(30)]
    cases += [case_of(f"b{n}", -1, none) for n in range(30)]
    judged, weights = judge_on(cases, None)
    answerable = np.array([case.answerable for case in cases])
    assert not judge_off(cases).right.any()
    assert judged.right[answerable].all()
    assert (weights > 0).all()
    assert judged.answers[answerable].min() > judged.answers[~answerable].max()


def test_the_first_tier_is_cut_where_other_folds_are_right() -> None:
    """A fold in which all that is sure is wrong does not move its own threshold."""
    from index.training.reading.judge_reader import first_tier
    from index.training.reading.reader_fusion import ARTICLE_FOLDS

    folds = np.repeat(np.arange(ARTICLE_FOLDS), 10)
    sure = np.tile(np.linspace(0.05, 0.95, 10), ARTICLE_FOLDS)
    right = (sure > 0.5) & (folds != 0)
    inside = first_tier(sure, right, folds, 1.0)
    assert (inside[folds == 0] == (sure[folds == 0] > 0.5)).all()


def test_questions_of_one_style_weigh_more_when_they_surprise() -> None:
    """A wording that is mostly not answered counts more where it is."""
    from index.training.reading.style_weights import LEAST, MOST, weigh_by_style
    from index.training.reading.tokenised_texts import ReadQuestion, ReadText

    made = []
    for n in range(40):
        betrayed = ReadQuestion(f"{n}-no", "how much was it?", frozenset(), None, "", False)
        gold = frozenset({0} if n == 3 else ())
        same = ReadQuestion(f"{n}-same", "how much was it?", gold, None, "", False)
        yes = ReadQuestion(f"{n}-yes", "who came?", frozenset({0}), None, "", False)
        made.append(ReadText(f"t{n}", "written", (), "", (), (betrayed, same, yes)))
    weights = weigh_by_style(made)
    assert weights["3-same"] == MOST
    assert weights["5-no"] == weights["5-same"] < 1
    assert min(weights.values()) >= LEAST
