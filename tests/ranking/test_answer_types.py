"""What a question asks for, and the tokens that are of that kind, by exact numbers."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from fakes import loaded_article
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.protocol import Encoder, TokenVectors
from index.encoding.token_windows import EncodedSentence, describe_sentence, quantise
from index.ranking import answer_types as module
from index.ranking.answer_types import (
    AnswerTypes,
    expected_answer,
    packaged_answer_types,
    write_answer_types,
)
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.features import extract_features
from index.ranking.token_matches import answer_type_scores, match_tokens

EYE = np.eye(2, dtype=np.float32)
ASKING = np.array([True, False])


def types_of(*, echo: float = 0.0) -> AnswerTypes:
    """Two types in two dimensions: a question wants what its question words point at."""
    asked = np.vstack([EYE, np.zeros((4, 2), np.float32)])
    return AnswerTypes(
        asked, np.zeros(2, np.float32), EYE, 0 * EYE, np.array([echo, 0], np.float32)
    )


def tokens_of(*axes: int) -> TokenVectors:
    """Tokens on one of two axes, the same in both layers."""
    spans = np.array([(i, i + 1) for i in range(len(axes))], np.int32).reshape(-1, 2)
    return TokenVectors(EYE[0], EYE[list(axes)], EYE[list(axes)], spans)


def sentences_of(*sentences: list[int]) -> list[EncodedSentence]:
    """Sentences whose tokens lie on those axes."""
    arrays = [EYE[axes].reshape(-1, 2) for axes in sentences]
    return [describe_sentence("", "en", quantise(np.stack([array, array]))) for array in arrays]


def scores_of(
    query: TokenVectors, sentences: list[EncodedSentence], answer_types: AnswerTypes
) -> list[float]:
    """The feature "kind" of each sentence."""
    expected = expected_answer(query, ASKING[: len(query.vectors)], answer_types)
    values: list[float] = answer_type_scores(
        match_tokens(query, sentences, expected), expected
    ).tolist()
    return values


def test_the_sentence_with_what_is_wanted_leads() -> None:
    """The best token of a sentence counts, and the sentence that has the best of all gets 0."""
    sentences = sentences_of([1, 1], [1, 0], [1])
    assert scores_of(tokens_of(0, 1), sentences, types_of()) == [-1, 0, -1]


def test_what_the_question_says_is_not_what_it_asks() -> None:
    """A token that the question has too falls behind one of another kind."""
    sentences = sentences_of([0], [1])
    assert scores_of(tokens_of(0, 0), sentences, types_of(echo=-3)) == [-2, 0]


def test_a_sentence_without_tokens_offers_as_little_as_the_worst() -> None:
    """Nothing can be said of it, so it does not lead."""
    assert scores_of(tokens_of(0, 1), sentences_of([], [0], [1]), types_of()) == [-1, 0, -1]


def test_without_tokens_all_sentences_are_alike() -> None:
    """Neither an empty question nor sentences that are all empty make a difference."""
    assert scores_of(tokens_of(), sentences_of([0], [1]), types_of()) == [0, 0]
    assert scores_of(tokens_of(0, 1), sentences_of([], []), types_of()) == [0, 0]


def test_a_question_without_question_word_asks_by_its_first_token() -> None:
    """Of a bare "capital of France" the first word says what is wanted."""
    expected = expected_answer(tokens_of(1, 0), np.array([False, False]), types_of())
    assert expected is not None
    assert expected.directions[0].tolist() == [0, 1]


@given(st.lists(st.lists(st.integers(0, 1), max_size=4), max_size=5), st.floats(-3, 3))
def test_the_best_is_always_nought(sentences: list[list[int]], echo: float) -> None:
    """Scores are measured from the best, so that they move no threshold."""
    scores = scores_of(tokens_of(0, 1), sentences_of(*sentences), types_of(echo=echo))
    assert max(scores, default=0) == 0


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file keeps the answer types of a model, for it and for no other."""
    monkeypatch.setattr(module, "ANSWER_TYPES_FILE", tmp_path / "answer_types.npz")
    answer_types, name = types_of(echo=-0.5), "a" * 32
    write_answer_types(answer_types, name)
    read = packaged_answer_types.__wrapped__(f"{name}-int8")
    assert read is not None
    for field in fields(AnswerTypes):
        assert np.array_equal(getattr(read, field.name), getattr(answer_types, field.name))
    assert packaged_answer_types.__wrapped__("b" * 32) is None


def test_a_date_answers_when(encoder: Encoder) -> None:
    """Of two sentences with the words of the question, that with a year answers "when"."""
    texts = ["She moved to Rome with her sister.", "She moved to Rome in 1990."]
    query = Query(
        "When did she move to Rome?", encoder.encode_tokens(["When did she move to Rome?"])[0]
    )
    encoded = encoder.encode_tokens(texts)
    candidates = Candidates(
        sentences=[
            describe_sentence(text, "en", quantise(np.stack([tokens.vectors, tokens.inner])))
            for text, tokens in zip(texts, encoded, strict=True)
        ],
        sources=[loaded_article(texts)] * 2,
        positions=range(2),
        cosines=np.zeros(2, np.float32),
    )
    answer_types = packaged_answer_types(encoder.identity)
    assert answer_types is not None
    assert extract_features(query, candidates, answer_types).sentences[:, 3].argmax() == 1
