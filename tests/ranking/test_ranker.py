"""Matches between question and sentences, and the head that scores them, by exact numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fakes import loaded_article

from index.encoding.protocol import TokenVectors
from index.encoding.token_windows import EncodedSentence, describe_sentence, quantise
from index.ranking.answer_types import ExpectedAnswer
from index.ranking.candidates import Candidates, Query
from index.ranking.features import (
    PAIR_FEATURES,
    SENTENCE_FEATURES,
    TOKEN_FEATURES,
    extract_features,
)
from index.ranking.ranker import Head, packaged_head, rank, score, token_weights
from index.ranking.token_matches import match_tokens
from index.ranking.word_matches import NO_WORD, owning_words
from index.text.words import find_words

AXES = {"cat": 0, "cats": 0, "dog": 1, "rome": 2}


def vectors_of(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors of four dimensions and spans: known words on an axis, others on the last."""
    found = list(re.finditer(r"\w+|[^\w\s]", text))
    vectors = np.zeros((len(found), 4), np.float32)
    for row, word in zip(vectors, found, strict=True):
        row[AXES.get(word.group().casefold(), 3)] = 1
    return vectors, np.array([word.span() for word in found], np.int32).reshape(-1, 2)


def query_of(text: str) -> Query:
    """Encode *text* with those vectors."""
    vectors, spans = vectors_of(text)
    return Query(
        text, TokenVectors(np.eye(4, dtype=np.float32)[0], vectors, vectors[:, ::-1], spans)
    )


def sentence_of(text: str, language: str = "en") -> EncodedSentence:
    """Encode *text* with those vectors."""
    vectors, _ = vectors_of(text)
    return describe_sentence(text, language, quantise(np.stack([vectors, vectors[:, ::-1]])))


def candidates_of(
    *texts: str, title: str = "", paragraphs: Sequence[int] = (), positions: Sequence[int] = ()
) -> Candidates:
    """Sentences of one article; cosines fall by a tenth from 1."""
    count = len(texts)
    order = positions or range(count)
    placed: dict[int, tuple[str, int]] = dict.fromkeys(range(max(order, default=-1) + 1), ("", 0))
    placed |= dict(zip(order, zip(texts, paragraphs or [1] * count, strict=True), strict=True))
    source = loaded_article(
        [text for text, _ in placed.values()],
        title=title,
        paragraphs=[paragraph for _, paragraph in placed.values()],
    )
    return Candidates(
        sources=[source] * count,
        positions=order,
        cosines=1 - np.arange(count, dtype=np.float32) / 10,
        sentences=[sentence_of(text) for text in texts],
    )


def pair(name: str, query: Query, candidates: Candidates) -> list[list[float]]:
    """One of the pair features, a row for each token of the question."""
    table: list[list[float]] = extract_features(query, candidates).pairs[
        ..., PAIR_FEATURES.index(name)
    ]
    return np.array(table).tolist()


def told(name: str, query: Query, candidates: Candidates) -> list[float]:
    """One of the token features."""
    values: list[float] = (
        extract_features(query, candidates).tokens[:, TOKEN_FEATURES.index(name)].tolist()
    )
    return values


def plain_head(**weights: float) -> Head:
    """Weigh every token the same, and only the features that are named."""
    return Head(
        token=np.zeros(len(TOKEN_FEATURES), np.float32),
        token_bias=np.float32(0),
        pair=np.array([weights.get(name, 0) for name in PAIR_FEATURES], np.float32),
        hidden=np.zeros((1, len(PAIR_FEATURES)), np.float32),
        hidden_bias=np.zeros(1, np.float32),
        hidden_out=np.zeros(1, np.float32),
        sentence=np.array([weights.get("cosine", 0), 0, 0, 0], np.float32),
    )


def tokens_of(*rows: tuple[float, float]) -> TokenVectors:
    """Tokens in two dimensions; in the inner layer these are the other way round."""
    vectors = np.array(rows, np.float32).reshape(-1, 2)
    return TokenVectors(vectors[:1], vectors, vectors[:, ::-1], np.zeros((len(rows), 2), np.int32))


def along(*rows: tuple[float, float]) -> EncodedSentence:
    """A sentence with those vectors in both layers."""
    vectors = np.array(rows, np.float32).reshape(-1, 2)
    return describe_sentence("", "en", quantise(np.stack([vectors, vectors])))


def test_each_token_takes_its_best_cosine() -> None:
    """MaxSim: the nearest token of the sentence counts; the other way it is a mean."""
    matches = match_tokens(
        tokens_of((1, 0), (0.6, 0.8)), [along((0, 1), (0.8, 0.6)), along((0, 1))], None
    )
    assert matches.best[0] == pytest.approx(np.array([[0.8, 0], [0.96, 0.8]]), abs=3e-3)
    assert matches.best[1] == pytest.approx(np.array([[1, 1], [1, 0.6]]), abs=3e-3)
    assert matches.covered == pytest.approx([(0.8 + 0.96) / 2, 0.8], abs=3e-3)


def test_a_sentence_without_tokens_matches_nothing() -> None:
    """An empty sentence between others keeps its place and gets 0."""
    full, empty = along((0, 1)), along()
    matches = match_tokens(tokens_of((0, 1)), [empty, full, empty], None)
    assert matches.best[0] == pytest.approx(np.array([[0, 1, 0]]))
    assert matches.covered == pytest.approx([0, 1, 0])


def test_tokens_belong_to_the_word_they_start_in() -> None:
    """Pieces of a word share it; punctuation has none."""
    spans = np.array([[0, 3], [3, 7], [7, 8], [9, 12]], np.int32)
    assert owning_words(spans, find_words("Taliban, why")) == [0, 0, NO_WORD, 1]


def test_words_are_found_by_their_stem() -> None:
    """The word feature is 1 where the very word stands in the sentence."""
    assert pair("word", query_of("cats?"), candidates_of("A cat.", "A dog.")) == [[1, 0], [0, 0]]


def test_what_is_wanted_is_one_more_row() -> None:
    """A direction takes no part in the matches, and is offered by each token beside them."""
    expected = ExpectedAnswer(np.array([[0, 2], [3, 0]], np.float32), np.zeros(2, np.float32))
    matches = match_tokens(tokens_of((1, 0)), [along((0.6, 0.8)), along((1, 0), (0, 1))], expected)
    assert matches.best[0] == pytest.approx(np.array([[0.6, 1]]), abs=3e-3)
    assert matches.offered == pytest.approx(np.array([[1.6, 0, 2], [1.8, 3, 0]]), abs=9e-3)


def test_a_match_falls_behind_the_best_of_all_sentences() -> None:
    """How far behind tells what the cosine alone does not: whether another sentence has more."""
    query, candidates = query_of("cat dog"), candidates_of("cat", "x", "dog")
    assert pair("lead", query, candidates) == [[0, -1, -1], [-1, -1, 0]]
    assert pair("inner_lead", query, candidates) == [[0, -1, -1], [-1, -1, 0]]


def test_neighbours_lend_their_matches() -> None:
    """A sentence knows what the ones before and after it match; the edges have no neighbour."""
    query, candidates = query_of("cat"), candidates_of("cat", "x", "dog")
    assert pair("before", query, candidates) == [[0, 1, 0]]
    assert pair("after", query, candidates) == [[0, 0, 0]]
    assert pair("word_nearby", query, candidates) == [[0, 1, 0]]


def test_neighbours_are_found_by_position() -> None:
    """Candidates of a library come in any order, and a missing neighbour is none."""
    candidates = candidates_of("x", "cat", "y", positions=[7, 6, 9])
    assert pair("before", query_of("cat"), candidates) == [[1, 0, 0]]


def test_sentences_of_other_articles_are_no_neighbours() -> None:
    """The same position in another article is somewhere else."""
    own = candidates_of("cat", "x")
    candidates = replace(own, sources=[replace(own.sources[0], key=key) for key in (1, 2)])
    assert pair("before", query_of("cat"), candidates) == [[0, 0]]


def test_the_paragraph_lends_its_best_match() -> None:
    """Every sentence of a paragraph gets the best of it."""
    candidates = candidates_of("cat", "x", "dog", paragraphs=[1, 1, 2])
    assert pair("paragraph", query_of("cat"), candidates) == [[1, 1, 0]]


def test_token_features_describe_the_words() -> None:
    """Stop words, question words, punctuation, names, numbers and the title are told apart."""
    query = query_of("Who is Rome 42?")
    candidates = candidates_of("Rome is old.", title="Rome_2")
    names = ["stop", "question", "punctuation", "capital", "number", "absent", "title"]
    assert {name: told(name, query, candidates) for name in names} == {
        "stop": [1, 1, 0, 0, 0],
        "question": [1, 0, 0, 0, 0],
        "punctuation": [0, 0, 0, 0, 1],
        "capital": [0, 0, 1, 0, 0],
        "number": [0, 0, 0, 1, 0],
        "absent": [1, 0, 0, 1, 0],
        "title": [0, 0, 1, 0, 0],
    }


def test_each_sentence_is_searched_in_its_language() -> None:
    """A word is stemmed as the sentence's own are; the question is read in its own language."""
    query = query_of("Welche Häuser?")
    languages = ["de", "en", "en"]
    texts = ["Das Haus.", "Two houses.", "Häuser."]
    own = candidates_of(*texts, title="Haus")
    [source, *_] = own.sources
    candidates = replace(
        own,
        sources=[
            replace(source, article=replace(source.article, language=one)) for one in languages
        ],
        sentences=list(map(sentence_of, texts, languages)),
    )
    assert pair("word", query, candidates)[1] == [1, 0, 1]
    assert told("title", query, candidates) == [0, 1, 0]
    assert told("question", query, candidates) == [1, 0, 0]
    assert told("absent", query, candidates) == [1, 0, 0]


def test_a_sentence_that_asks_is_marked() -> None:
    """A question in the article repeats the words and answers nothing."""
    features = extract_features(query_of("cat"), candidates_of("“A cat?”", "A cat."))
    assert features.sentences[:, 2].tolist() == pytest.approx([0.1, 0])


def test_the_head_averages_over_tokens() -> None:
    """Without other weights the score is the mean of the matches."""
    head = plain_head(match=1)
    ranking = rank(query_of("cat dog"), candidates_of("cat", "cat dog", "rome"), head)
    assert ranking.scores.tolist() == pytest.approx([0.5, 1, 0])
    assert ranking.order == [1, 0, 2]


def test_heavier_tokens_count_more() -> None:
    """Weights are softplus of the token features; the score is a weighted mean."""
    head = plain_head(match=1)
    head.token[TOKEN_FEATURES.index("capital")] = 2
    features = extract_features(query_of("cat Rome"), candidates_of("cat", "rome"))
    weights = token_weights(features, head)
    assert weights.tolist() == pytest.approx([np.log(2), np.log1p(np.exp(2))])
    assert score(features, weights, head).tolist() == pytest.approx(
        [weights[0] / weights.sum(), weights[1] / weights.sum()]
    )


def test_hidden_units_add_to_each_token() -> None:
    """The hidden layer is a tanh over the pair features."""
    head = plain_head()
    head.hidden[0, PAIR_FEATURES.index("match")] = 3
    head.hidden_bias[0] = -1
    head.hidden_out[0] = 2
    scores = rank(query_of("cat"), candidates_of("cat", "dog"), head).scores
    assert scores.tolist() == pytest.approx([2 * np.tanh(2), 2 * np.tanh(-1)])


def test_without_tokens_the_cosines_decide() -> None:
    """A question of emoji only is ranked by its pooled vector."""
    ranking = rank(query_of(""), candidates_of("cat", "dog"), plain_head(match=1, cosine=1))
    assert ranking.scores.tolist() == pytest.approx([1.0, 0.9])


def test_equal_scores_keep_the_order_of_the_candidates() -> None:
    """The first of two equals stands first."""
    assert rank(query_of("cat"), candidates_of("x", "y", "z"), plain_head(match=1)).order == [
        0,
        1,
        2,
    ]


def test_no_candidates() -> None:
    """Nothing to rank gives no scores."""
    assert rank(query_of("cat"), candidates_of()).scores.shape == (0,)


def test_one_sentence() -> None:
    """A single candidate is ranked with the packaged weights."""
    assert rank(query_of("Who is the cat?"), candidates_of("A cat.")).order == [0]


def test_packaged_weights_fit_the_features() -> None:
    """The file was made for the features of this version."""
    head = packaged_head()
    assert (head.token.shape, head.pair.shape, head.hidden.shape[1], head.sentence.shape) == (
        (len(TOKEN_FEATURES),),
        (len(PAIR_FEATURES),),
        len(PAIR_FEATURES),
        (len(SENTENCE_FEATURES),),
    )


def test_other_scripts_are_ranked_by_their_words() -> None:
    """Words are matched in any script."""
    query, candidates = query_of("首都 是"), candidates_of("北京是首都。", "天气好。")
    assert rank(query, candidates, plain_head(word=1)).order[0] == 0
