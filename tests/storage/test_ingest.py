"""Adding articles: batches, what is encoded, what is kept when something fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder

from index.datatypes import Article
from index.encoding.protocol import Encoder
from index.errors import ArticleError
from index.storage.database import open_database, seed_articles
from index.storage.ingest import ARTICLES_PER_BATCH, add_articles, fill_missing_vectors
from index.storage.library import Library, open_library
from index.storage.records import Added
from index.text.readers import ReadArticle


def loaded(name: str, text: str, *, explicit_id: bool = False) -> ReadArticle:
    """Make an article as a loader yields it."""
    return ReadArticle(Article(name, name.title(), text), explicit_id=explicit_id)


def no_encoder() -> Encoder:
    """Fail: nothing is to be encoded."""
    raise AssertionError("the model was loaded for nothing")


def test_sentences_are_stored_with_their_vectors(library: Library) -> None:
    """Every sentence of every article of a batch gets its own vector."""
    model = HashingEncoder()
    texts = {"a": "One storm. It came.", "b": "Two storms.", "c": "Three. Four. Five."}

    added = list(add_articles(library, lambda: model, [loaded(*item) for item in texts.items()]))

    assert added == [Added(name, "added") for name in texts]
    keys = library.keys()
    vectors = library.vectors(keys, model.identity)
    for key, stored in library.load(keys).items():
        sentences = [stored.article.cut(sentence.span) for sentence in stored.sentences]
        np.testing.assert_array_equal(vectors[key], HashingEncoder().encode(sentences))


def test_sentences_follow_the_language_of_the_article(library: Library) -> None:
    """An ordinal ends no sentence in German."""
    article = Article("a", "A", "Sie kam am 3. Mai. Er blieb.", language="de")
    list(add_articles(library, HashingEncoder, [ReadArticle(article)]))

    stored = library.get("a")
    assert [stored.article.cut(sentence.span) for sentence in stored.sentences] == [
        "Sie kam am 3. Mai.",
        "Er blieb.",
    ]
    assert stored.article.language == "de"


def test_what_is_there_already_is_not_encoded(library: Library) -> None:
    """The same text again needs no model and changes nothing."""
    list(add_articles(library, HashingEncoder, [loaded("a", "One storm.")]))
    before = library.revision()

    again = list(add_articles(library, no_encoder, [loaded("b", "One storm.")]))

    assert again == [Added("a", "unchanged", "a")]
    assert library.revision() == before


def test_a_text_that_comes_twice_is_encoded_once(library: Library) -> None:
    """In one batch as well; the second one finds the first stored."""
    model = HashingEncoder()
    twice = [loaded("a", "One storm."), loaded("b", "One storm.")]

    added = list(add_articles(library, lambda: model, twice))

    assert added == [Added("a", "added"), Added("a", "unchanged", "a")]
    assert model.encoded == ["One storm."]


def test_what_others_add_meanwhile_is_told_apart(library: Library) -> None:
    """Neither what was there before nor what comes twice is theirs."""
    list(add_articles(library, HashingEncoder, [loaded("old", "Old.")]))

    def stream() -> Iterator[ReadArticle]:
        yield loaded("old", "Old.")
        for number in range(ARTICLES_PER_BATCH):
            yield loaded(f"mine{number}", f"Storm {number}.")
        list(add_articles(library, HashingEncoder, [loaded("theirs", "A calm.")]))
        yield loaded("mine0", "Storm 0.")
        yield loaded("theirs", "A calm.")

    added = list(add_articles(library, HashingEncoder, stream()))

    assert [article.id for article in added if article.by_others] == ["theirs"]
    assert [article.id for article in added if article.status == "unchanged"] == [
        *("old", "mine0", "theirs"),
    ]


def test_only_what_is_encoded_is_completed(library: Library) -> None:
    """To find the language of what is there already would cost more than to find that it is."""
    list(add_articles(library, HashingEncoder, [loaded("a", "One storm.")]))
    bare = Article("a", "", "One storm.", language="")

    [again] = add_articles(library, no_encoder, [ReadArticle(bare, called="a.txt")])
    [new] = add_articles(
        library, HashingEncoder, [ReadArticle(replace(bare, id="b", text="New."), called="b.txt")]
    )

    assert (again.title, new.title) == ("A", "b")
    assert library.get("b").article.language == "en"


def test_a_chosen_id_becomes_another_name(library: Library) -> None:
    """A known text under an id that somebody chose can be asked for by that id too."""
    list(add_articles(library, HashingEncoder, [loaded("a", "One storm.")]))

    list(add_articles(library, no_encoder, [loaded("b", "One storm.", explicit_id=True)]))

    assert library.get("b").article.text == "One storm."


def test_a_batch_is_stored_before_the_next_is_read(library: Library) -> None:
    """Articles come in as a stream: a long one is never held in memory as a whole."""
    stored_when_read = []

    def stream() -> Iterator[ReadArticle]:
        for i in range(2 * ARTICLES_PER_BATCH):
            stored_when_read.append(len(library.keys()))
            yield loaded(f"a{i}", f"Storm {i}.")

    list(add_articles(library, HashingEncoder, stream()))

    assert stored_when_read[ARTICLES_PER_BATCH::ARTICLES_PER_BATCH] == [ARTICLES_PER_BATCH]


def test_articles_before_a_failure_are_kept(library: Library) -> None:
    """When the loader fails, what came before is stored and yielded, once, then it is said."""

    def stream() -> Iterator[ReadArticle]:
        yield loaded("a", "One storm.")
        yield loaded("b", "Two storms.")
        raise ArticleError("line 3 is broken")

    added: list[Added] = []
    with pytest.raises(ArticleError, match="line 3 is broken"):
        added.extend(add_articles(library, HashingEncoder, stream()))

    assert [article.id for article in added] == ["a", "b"]
    assert [info.id for info in library.listing()] == ["a", "b"]


def test_a_taken_id_stops_and_keeps_what_was_before(library: Library) -> None:
    """Another text under a taken id is refused; the article before it is stored."""
    list(add_articles(library, HashingEncoder, [loaded("a", "Old.")]))

    with pytest.raises(ArticleError, match="--replace"):
        list(add_articles(library, HashingEncoder, [loaded("b", "Two."), loaded("a", "New.")]))

    assert [info.id for info in library.listing()] == ["a", "b"]
    assert library.get("a").article.text == "Old."


def test_replacing_takes_the_new_text(library: Library) -> None:
    """With replace, the id belongs to the new text afterwards."""
    list(add_articles(library, HashingEncoder, [loaded("a", "Old.")]))

    [added] = add_articles(library, HashingEncoder, [loaded("a", "New.")], replace=True)

    assert added.status == "replaced"
    assert library.get("a").article.text == "New."


def test_an_interruption_leaves_nothing_half_stored(library: Library) -> None:
    """Ctrl-C while a batch is encoded stores nothing of it."""

    class Interrupted(HashingEncoder):
        def encode(self, *_: object) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(add_articles(library, Interrupted, [loaded("a", "One storm.")]))

    assert library.listing() == []


def test_missing_vectors_are_filled_once(tmp_path: Path) -> None:
    """The seeds of a new database are encoded by whoever asks first, and only then."""
    shared = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), None)
    model = HashingEncoder()
    heard: list[tuple[int, int]] = []

    fill_missing_vectors(shared, model, lambda *step: heard.append(step))
    encoded = len(model.encoded)
    fill_missing_vectors(shared, model)

    assert heard == [(len(seed_articles()), len(seed_articles()))]
    assert len(model.encoded) == encoded > 0


def test_another_model_replaces_the_vectors(tmp_path: Path) -> None:
    """Vectors of the old model go when those of the new one are complete."""
    shared = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), None)
    fill_missing_vectors(shared, HashingEncoder("old"))

    fill_missing_vectors(shared, HashingEncoder("new"))

    assert shared.vectors(shared.keys(), "old") == {}
    assert shared.missing_vectors("new") == []


def test_progress_is_told_before_an_article_is_stored(library: Library) -> None:
    """A long article is heard of while it is encoded, not only when it is there."""
    heard: list[tuple[int, int]] = []
    article = loaded("a", "One storm. Two storms.")

    def listen(*numbers: int) -> None:
        assert library.keys() == []
        heard.append(numbers)

    list(add_articles(library, HashingEncoder, [article], progress=listen))
    assert heard == [(2, 2)]
