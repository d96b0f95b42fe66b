"""What a reader is worth is judged out of fold."""

from __future__ import annotations

from dataclasses import replace

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


def test_a_reader_that_is_right_moves_the_right_sentence_up() -> None:
    """And the confidence is that of a model which has not seen the article."""
    from index.training.reading.reader_fusion import judge_off, judge_on

    sure = (reading_of((0, 1, 2, 3), [-3.0, 4.0, -3.0, -3.0], 0.0),)
    none = (reading_of((0, 1, 2, 3), [-4.0, -4.0, -4.0, -4.0], 0.0),)
    cases = [case_of(f"a{n}", 1, sure) for n in range(30)]
    cases += [case_of(f"b{n}", -1, none) for n in range(30)]
    judged = judge_on(cases)
    answerable = np.array([case.answerable for case in cases])
    assert not judge_off(cases).right.any()
    assert judged.right[answerable].all()
    assert judged.answers[answerable].min() > judged.answers[~answerable].max()


def test_what_is_packaged_is_what_was_fitted() -> None:
    """The settings of the reader give the probabilities of the model that they were made of."""
    from index.reading.reading_confidence import make_model
    from index.training.reading.fit_reader import fit_settings
    from index.training.reading.reader_fusion import (
        READER_WEIGHT,
        combine_windows,
        fit,
        signals_of,
    )

    random = np.random.default_rng(3)
    cases = [
        replace(
            case_of(f"a{n}", n % 2 - 1, (reading_of((0, 1), [4.0 - n % 4, float(n % 3)], 0.0),)),
            signals=tuple(random.normal(size=13).tolist()),
        )
        for n in range(40)
    ]
    reads = [combine_windows(case) for case in cases]
    fitted, packaged = fit(cases, reads), make_model(fit_settings(cases))
    rows = np.array([signals_of(*pair) for pair in zip(cases, reads, strict=True)])
    found = [packaged.probability(row) for row in rows]
    np.testing.assert_allclose(found, fitted.probability(rows), atol=1e-3)
    assert packaged.reader_weight == READER_WEIGHT


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
