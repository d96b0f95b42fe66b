"""What is known of a question and its candidates before any weight, by exact numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_vectors import candidates_of, query_of, sentence_of

from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.features import PAIR_FEATURES, TOKEN_FEATURES, extract_features
from index.ranking.word_matches import NO_WORD, owning_words
from index.text.words import find_words


def pair_feature(name: str, query: Query, candidates: Candidates) -> list[list[float]]:
    """One of the pair features, a row for each token of the question."""
    table: list[list[float]] = extract_features(query, candidates).pairs[
        ..., PAIR_FEATURES.index(name)
    ]
    return np.array(table).tolist()


def token_feature(name: str, query: Query, candidates: Candidates) -> list[float]:
    """One of the token features."""
    values: list[float] = (
        extract_features(query, candidates).tokens[:, TOKEN_FEATURES.index(name)].tolist()
    )
    return values


def test_words_are_found_by_their_stem() -> None:
    """The word feature is 1 where the very word stands in the sentence."""
    assert pair_feature("word", query_of("cats?"), candidates_of("A cat.", "A dog.")) == [
        [1, 0],
        [0, 0],
    ]


def test_a_match_falls_behind_the_best_of_all_sentences() -> None:
    """How far behind tells what the cosine alone does not: whether another sentence has more."""
    query, candidates = query_of("cat dog"), candidates_of("cat", "x", "dog")
    assert pair_feature("lead", query, candidates) == [[0, -1, -1], [-1, -1, 0]]
    assert pair_feature("inner_lead", query, candidates) == [[0, -1, -1], [-1, -1, 0]]


def test_neighbours_lend_their_matches() -> None:
    """A sentence knows what the ones before and after it match; the edges have no neighbour."""
    query, candidates = query_of("cat"), candidates_of("cat", "x", "dog")
    assert pair_feature("before", query, candidates) == [[0, 1, 0]]
    assert pair_feature("after", query, candidates) == [[0, 0, 0]]
    assert pair_feature("word_nearby", query, candidates) == [[0, 1, 0]]


def test_neighbours_are_found_by_position() -> None:
    """Candidates of a library come in any order, and a missing neighbour is none."""
    candidates = candidates_of("x", "cat", "y", positions=[7, 6, 9])
    assert pair_feature("before", query_of("cat"), candidates) == [[1, 0, 0]]


def test_sentences_of_other_articles_are_no_neighbours() -> None:
    """The same position in another article is somewhere else."""
    own = candidates_of("cat", "x")
    candidates = replace(own, sources=[replace(own.sources[0], key=key) for key in (1, 2)])
    assert pair_feature("before", query_of("cat"), candidates) == [[0, 0]]


def test_the_paragraph_lends_its_best_match() -> None:
    """Every sentence of a paragraph gets the best of it."""
    candidates = candidates_of("cat", "x", "dog", paragraphs=[1, 1, 2])
    assert pair_feature("paragraph", query_of("cat"), candidates) == [[1, 1, 0]]


def test_token_features_describe_the_words() -> None:
    """Stop words, question words, punctuation, names, numbers and the title are told apart."""
    query = query_of("Who is Rome 42?")
    candidates = candidates_of("Rome is old.", title="Rome_2")
    names = ["stop", "question", "punctuation", "capital", "number", "absent", "title"]
    assert {name: token_feature(name, query, candidates) for name in names} == {
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
            replace(source, article=replace(source.article, language=language))
            for language in languages
        ],
        sentences=list(map(sentence_of, texts, languages)),
    )
    assert pair_feature("word", query, candidates)[1] == [1, 0, 1]
    assert token_feature("title", query, candidates) == [0, 1, 0]
    assert token_feature("question", query, candidates) == [1, 0, 0]
    assert token_feature("absent", query, candidates) == [1, 0, 0]


def test_a_sentence_that_asks_is_marked() -> None:
    """A question in the article repeats the words and answers nothing."""
    features = extract_features(query_of("cat"), candidates_of("“A cat?”", "A cat."))
    assert features.sentences[:, 2].tolist() == pytest.approx([0.1, 0])


def test_tokens_belong_to_the_word_they_start_in() -> None:
    """Pieces of a word share it; punctuation has none."""
    spans = np.array([[0, 3], [3, 7], [7, 8], [9, 12]], np.int32)
    assert owning_words(spans, find_words("Taliban, why")) == [0, 0, NO_WORD, 1]
