"""A library ready for questions: what is found, and how it follows the database."""

from __future__ import annotations

from collections import Counter

import numpy as np
from fakes import HashingEncoder, put_article

from index.ranking.candidate_sentences import Query
from index.retrieval.candidates import NEAREST, NEIGHBOURS, RANK_ALL, WINDOWS
from index.retrieval.corpus import Corpus
from index.storage.library import Library


def asked(text: str) -> Query:
    """Encode a question."""
    return Query(text, HashingEncoder().encode_tokens([text])[0])


def find(corpus: Corpus, words: str, keys: list[int] | None = None) -> list[str]:
    """Find the sentences for a question, in the order in which they come."""
    corpus.refresh()
    found = corpus.find(asked(words), keys)
    return [sentence.text for sentence in found.sentences]


def test_few_sentences_all_come(library: Library) -> None:
    """A small library is ranked as a whole, whatever the question."""
    put_article(library, "a", "One storm. It came.")
    put_article(library, "b", "Two storms.")
    assert find(Corpus(library, HashingEncoder()), "pier") == [
        "One storm.",
        "It came.",
        "Two storms.",
    ]


def test_an_article_narrows_the_search(library: Library) -> None:
    """With keys, no other article is looked at."""
    put_article(library, "a", "One storm.")
    put_article(library, "b", "Two storms.")
    keys = [library.get("b").key]
    assert find(Corpus(library, HashingEncoder()), "storm", keys) == ["Two storms."]


def test_of_many_sentences_the_nearest_come_with_their_neighbours(library: Library) -> None:
    """In a large library the sentence that says the same is found, and those beside it."""
    lines = [f"Line number{i} about thing{i}." for i in range(RANK_ALL + 50)]
    put_article(library, "a", "\n\n".join(lines))

    found = find(Corpus(library, HashingEncoder()), lines[120])

    assert set(lines[120 - NEIGHBOURS : 121 + NEIGHBOURS]) <= set(found)
    assert len(found) <= (2 * NEIGHBOURS + 1) * NEAREST


def test_a_question_encodes_few_windows(library: Library) -> None:
    """However many windows hold a near sentence, those of the nearest alone are encoded."""
    for number in range(8 * WINDOWS):
        lines = [f"A storm at pier {number}.", *(f"Line{i} of page{number}." for i in range(5))]
        put_article(library, f"a{number}", "\n\n".join(lines))
    corpus, encoded = Corpus(library, HashingEncoder()), Counter[str]()
    corpus.refresh()
    whole = corpus.encoder.encode_tokens
    corpus.encoder.encode_tokens = (  # type: ignore[method-assign]
        lambda texts: (encoded.update(texts), whole(texts))[1]
    )

    found = corpus.find(asked("storm at the pier"))

    assert encoded.total() == WINDOWS
    assert set(found.keys) <= set(library.keys())


def test_cosines_are_those_of_the_vectors(library: Library) -> None:
    """Each sentence brings its exact cosine with the question."""
    put_article(library, "a", "One storm. It came.")
    corpus, encoder = Corpus(library, HashingEncoder()), HashingEncoder()
    corpus.refresh()
    question = asked("the storm came")

    found = corpus.find(question)

    expected = encoder.encode(["One storm.", "It came."]) @ question.tokens.pooled
    np.testing.assert_allclose(found.cosines, expected, atol=1e-6)


def test_tokens_are_those_of_the_sentence(library: Library) -> None:
    """Each sentence brings its own tokens, cut out of its window."""
    put_article(library, "a", "One storm. It came.\n\nNobody was hurt.")
    corpus = Corpus(library, HashingEncoder())
    corpus.refresh()

    found = corpus.find(asked("storm"))

    assert [len(sentence.layers) for sentence in found.sentences] == [2, 2, 3]


def test_a_new_article_is_found_after_refresh(library: Library) -> None:
    """What another process adds is in the next answer."""
    corpus = Corpus(library, HashingEncoder())
    assert find(corpus, "storm") == []
    put_article(library, "a", "One storm.")
    assert find(corpus, "storm") == ["One storm."]


def test_a_removed_article_is_gone(library: Library) -> None:
    """What is removed is in no later answer."""
    put_article(library, "a", "One storm.")
    corpus = Corpus(library, HashingEncoder())
    find(corpus, "storm")
    library.remove(["a"])
    assert find(corpus, "storm") == []


def test_an_article_removed_between_refresh_and_find_is_left_out(library: Library) -> None:
    """A removal by another process in the middle of a question spoils nothing."""
    put_article(library, "a", "One storm.")
    put_article(library, "b", "Two storms.")
    corpus = Corpus(library, HashingEncoder())
    corpus.refresh()

    library.remove(["a"])
    found = corpus.find(asked("storm"))

    assert [source.article.id for source in found.sources] == ["b"]


def test_words_find_what_vectors_miss(library: Library) -> None:
    """In a large library a sentence that has the rare word comes too, however far its vector."""
    filler = "\n\n".join(f"The harbour and pier {i} of the town." for i in range(RANK_ALL + 50))
    put_article(library, "a", filler)
    put_article(library, "b", " ".join(["Zorblax", *(f"other{i}" for i in range(40))]) + ".")
    found = find(Corpus(library, HashingEncoder()), "the harbour and pier of the town zorblax")
    assert any(text.startswith("Zorblax") for text in found)


def test_mistyped_words_are_those_of_the_articles(library: Library) -> None:
    """The vocabulary follows the library."""
    put_article(library, "a", "The lighthouse stands.")
    corpus = Corpus(library, HashingEncoder())
    corpus.refresh()
    corpus.encoder.count_tokens = lambda texts: [2] * len(texts)  # type: ignore[method-assign]
    assert corpus.spell("the lighthuose?") == "the lighthouse?"


def test_the_newest_articles_come_first(library: Library) -> None:
    """As many keys as asked for, the last one added first."""
    for name in ("a", "b", "c"):
        put_article(library, name, f"One {name}.")
    corpus = Corpus(library, HashingEncoder())
    corpus.refresh()
    assert corpus.newest(2) == [library.get("c").key, library.get("b").key]


def test_articles_are_counted(library: Library) -> None:
    """All of the library, or those that are asked, each once."""
    for name in ("a", "b", "c"):
        put_article(library, name, f"One {name}.")
    corpus = Corpus(library, HashingEncoder())
    corpus.refresh()
    key = library.get("b").key
    assert (corpus.count(), corpus.count([key, key])) == (3, 1)


def test_articles_are_read_with_their_vectors(library: Library) -> None:
    """A vector for each sentence, as it was stored; what is not there any more is left out."""
    put_article(library, "a", "One storm. It came.")
    corpus = Corpus(library, HashingEncoder())
    corpus.refresh()
    key = library.get("a").key
    [(loaded, vectors)] = corpus.read([key, key + 1])
    assert loaded.article.text == "One storm. It came."
    np.testing.assert_allclose(vectors, HashingEncoder().encode(["One storm.", "It came."]), 1e-6)
