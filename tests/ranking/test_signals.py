"""The signals of an answer, by exact numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fakes import loaded_article

from index.encoding.protocol import TokenVectors
from index.encoding.token_windows import describe_sentence, quantise
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.ranker import Head, rank
from index.ranking.signals import NO_CONTENT_GAP, Signals, measure_signals
from index.text.words import find_words

# Only the match of a token counts, each token the same.
HEAD = Head(
    token=np.zeros(11, np.float32),
    token_bias=np.float32(0),
    pair=np.array([1, 0, 0, 0, 0, 0, 0, 0, 0], np.float32),
    hidden=np.zeros((1, 9), np.float32),
    hidden_bias=np.zeros(1, np.float32),
    hidden_out=np.zeros(1, np.float32),
    sentence=np.zeros(4, np.float32),
)
AXES = {"cat": 0, "dog": 1, "rome": 2}


def vectors_of(text: str) -> np.ndarray:
    """One unit vector a word: known words on an axis, others in no direction of theirs."""
    found = find_words(text)
    vectors = np.zeros((len(found), 3), np.float32)
    for row, word in zip(vectors, found, strict=True):
        if word.form in AXES:
            row[AXES[word.form]] = 1
    return vectors


def signals_of(question: str, *sentences: str) -> Signals:
    """Measure *question* against *sentences* of one article."""
    query, candidates = asked(question, *sentences)
    return measure_signals(query, candidates, rank(query, candidates, HEAD))


def asked(question: str, *sentences: str) -> tuple[Query, Candidates]:
    """Make a query and candidates; cosines fall by a tenth from .5."""
    vectors, count = vectors_of(question), len(sentences)
    spans = np.array([(w.start, w.end) for w in find_words(question)], np.int32).reshape(-1, 2)
    tokens = TokenVectors(np.ones(3, np.float32), vectors, vectors, spans)
    candidates = Candidates(
        sentences=[
            describe_sentence(text, "en", quantise(np.stack([vectors_of(text)] * 2)))
            for text in sentences
        ],
        sources=[loaded_article(sentences)] * count,
        positions=range(count),
        cosines=0.5 - np.arange(count, dtype=np.float32) / 10,
    )
    return Query(question, tokens), candidates


def test_score_and_its_share_of_the_softmax() -> None:
    """The best score, and how much of the softmax over all sentences it holds."""
    signals = signals_of("cat dog", "cat", "dog cat", "x")
    share = math.exp(1) / (math.exp(0.5) + math.exp(1) + math.exp(0))
    assert (signals.score, signals.log_share) == pytest.approx((1, math.log(share)))


def test_cosine_is_the_best_of_all() -> None:
    """Pooled vectors may favour another sentence than the one that is best."""
    assert signals_of("dog", "cat", "dog").cosine == pytest.approx(0.5)


def test_support_comes_from_the_best_sentence_and_its_neighbours() -> None:
    """Tokens matched beside the best sentence are supported, those far away are not."""
    assert signals_of("cat dog rome", "cat dog", "rome").support == pytest.approx(1)
    assert signals_of("cat dog rome", "cat dog", "x", "rome").support == pytest.approx(2 / 3)


def test_gap_is_what_content_words_miss() -> None:
    """A word that is there has none; one that nothing resembles has its whole IDF."""
    assert signals_of("the cat", "a cat").gap == 0
    assert signals_of("the cat flies", "a cat").gap == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    ("question", "expected"),
    [("which cat flies", 0), ("which lizard flies", 1), ("did the cat see a dog fly", 0)],
)
def test_a_question_of_strange_words_is_unsupported(question: str, expected: float) -> None:
    """When nothing comes near to most of its words, the article is about something else."""
    assert signals_of(question, "a cat", "a dog").unsupported == expected


def test_gap_without_content_words() -> None:
    """A bare "why?" has a middling gap and no content words."""
    signals = signals_of("why", "a cat")
    assert (signals.gap, signals.content_words) == (NO_CONTENT_GAP, 0)


def test_missing_names_and_numbers() -> None:
    """Names and numbers that no sentence has are missing; the question word is no name."""
    assert signals_of("what did Rome and Paris do in 1999", "rome", "x").missing_names == (
        pytest.approx(2 / 3)
    )


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("how many cats", "a cat", 1),
        ("how many cats", "three cats", 0),
        ("how many cats", "12 cats", 0),
        ("how many of the 12 cats", "12 cats", 1),
        ("who has cats", "a cat", 0),
    ],
)
def test_a_number_is_expected(question: str, sentence: str, expected: float) -> None:
    """A question with "how many" wants a number that the question does not already say."""
    assert signals_of(question, sentence).no_number == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("when did the cat come", "the cat came", 1),
        ("when did the cat come", "the cat came in May", 0),
        ("which year was it", "it was 1999", 0),
    ],
)
def test_a_date_is_expected(question: str, sentence: str, expected: float) -> None:
    """A question with "when" wants a date or a time."""
    assert signals_of(question, sentence).no_date == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [("the cat, aged 7, came", 0), ("the cat came after two days", 2), ("a cat born in Rome", 0)],
)
def test_an_age_is_expected(sentence: str, expected: float) -> None:
    """A question with "how old" wants an age, and not any number."""
    assert signals_of("how old is the cat", sentence).no_number == expected


def test_names_far_from_the_best_sentence() -> None:
    """A name beside the best sentence supports it, one elsewhere does not."""
    question = "what did Rome and Paris do"
    assert signals_of(question, "cat rome did do", "paris").distant_names == 0
    assert signals_of(question, "cat rome did do", "x", "paris").distant_names == pytest.approx(
        1 / 2
    )


@pytest.mark.parametrize(("sentence", "expected"), [("it was 1999", 0), ("it was 2001", 1)])
def test_the_year_of_the_question_is_expected(sentence: str, expected: float) -> None:
    """A question about 1999 is not answered by a sentence about 2001."""
    assert signals_of("what was in 1999", sentence).other_year == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("why did the cat not come", "the cat came", 1),
        ("why didn’t the cat come", "the cat never came", 0),
        ("why did the cat come", "the cat did not come", 0),
    ],
)
def test_a_negated_question_wants_a_negated_sentence(
    question: str, sentence: str, expected: float
) -> None:
    """What did not happen is not answered by what happened."""
    assert signals_of(question, sentence).denied == expected
