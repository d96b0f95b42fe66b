"""Many questions at once: each is answered from one state of the library, and nothing twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fakes import HashingEncoder, put_article
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering import Answerer
from index.datatypes import Answer
from index.encoding.protocol import TokenVectors
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.library import Library, open_library

WORDS = ("storm", "pier", "harbour", "town", "boat", "mayor", "school", "bridge")

Put = Callable[[str, str], None]


class CountingEncoder(HashingEncoder):
    """A hashing encoder that remembers every text whose tokens it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: Counter[str] = Counter()
        self._counting = threading.Lock()

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        with self._counting:
            self.texts.update(texts)
        return super().encode_tokens(texts)


def told(answer: Answer) -> list[tuple[str, int, float]]:
    """Everything of an answer that was computed: where its hits stand, and their scores."""
    return [(hit.article.id, hit.span.start, hit.score) for hit in answer.hits]


def test_answers_hold_while_articles_come_and_go(library: Library, put: Put) -> None:
    """What stays in the library is answered the same, whatever is added or removed meanwhile."""
    put("stays", "The storm broke the pier. Nobody was hurt.\n\nThe mayor came.")
    corpus = Corpus(library, HashingEncoder())
    question = "what broke the pier?"
    expected = told(Answerer(corpus).answer(question, article="stays"))
    done = threading.Event()

    def ask() -> list[list[tuple[str, int, float]]]:
        answers = []
        while not done.is_set() or not answers:
            answers.append(told(Answerer(corpus).answer(question, article="stays")))
            assert Answerer(corpus).answer(question).hits
        return answers

    with ThreadPoolExecutor(4) as threads:
        askers = [threads.submit(ask) for _ in range(3)]
        try:
            for number in range(12):
                put(f"new{number}", f"The boat number{number} reached the harbour.")
                if number % 2:
                    library.remove([f"new{number - 1}"])
        finally:
            done.set()
        answers = [answer for asker in askers for answer in asker.result(60)]

    assert all(answer == expected for answer in answers)


def test_what_was_added_before_a_question_is_in_its_answer(library: Library, put: Put) -> None:
    """Each thread finds its own article at once, also while others refresh."""
    corpus = Corpus(library, HashingEncoder())

    def add_and_ask(number: int) -> str:
        put(f"a{number}", f"The lantern{number} stands on the hill.")
        answer = Answerer(corpus).answer(f"where is the lantern{number}?")
        return answer.hits[0].article.id

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(add_and_ask, range(12)))
    assert found == [f"a{number}" for number in range(12)]


def test_no_window_is_encoded_twice(library: Library, put: Put) -> None:
    """Many first questions at once encode each window of the article once."""
    text = "\n\n".join(f"The {word} of the town is old." for word in WORDS)
    put("a", text)
    encoder = CountingEncoder()
    corpus = Corpus(library, encoder)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda word: Answerer(corpus).answer(f"the {word}?"), WORDS))
    counts = [count for window, count in encoder.texts.items() if window in text]
    assert set(counts) == {1}


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=12),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
)
def test_what_is_remembered_scores_like_what_is_new(
    sentences: list[list[str]], question: list[str]
) -> None:
    """A second answer, from all caches, has the scores of the first, and of a new corpus."""
    library = open_library(open_database("sqlite://"), "chat")
    put_article(library, "a", " ".join(f"{' '.join(words).capitalize()}." for words in sentences))
    asked = " ".join(question)
    corpus = Corpus(library, HashingEncoder())
    first, second = (Answerer(corpus).answer(asked) for _ in range(2))
    new = Answerer(Corpus(library, HashingEncoder())).answer(asked)
    assert told(first) == told(second)
    assert [hit[:2] for hit in told(first)] == [hit[:2] for hit in told(new)]
    np.testing.assert_allclose(
        [hit[2] for hit in told(first)], [hit[2] for hit in told(new)], rtol=1e-5
    )
    assert (first.passages, first.confidence) == (second.passages, second.confidence)
