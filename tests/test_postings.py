"""Search by words follows its library."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEncoder

from index.adding import add_articles
from index.database import open_database
from index.datatypes import Article
from index.library import Library, open_library
from index.loaders import Loaded
from index.postings import Postings


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Open a chat's library with two articles."""
    library = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "chat")
    put(library, "storm", "The storms broke the pier. Nobody was hurt.")
    put(library, "bridge", "The bridge and the pier are old.")
    return library


def put(library: Library, name: str, text: str, language: str = "en") -> None:
    """Store an article."""
    article = Article(name, name, text, language=language)
    list(add_articles(library, HashingEncoder, [Loaded(article, explicit_id=True)]))


def search(postings: Postings, library: Library, question: str, **options: object) -> list[str]:
    """Find the sentences for *question*, best first."""
    postings.refresh(library)
    loaded = library.load(library.keys())
    return [
        loaded[one.key].article.cut(loaded[one.key].sentences[one.position].span)
        for one in postings.search(question, 10, **options)  # type: ignore[arg-type]
    ]


def test_rare_words_count_more(library: Library) -> None:
    """Both sentences have the pier, one has the storm; words are compared by their stems."""
    assert search(Postings(), library, "which storm hit the pier?") == [
        "The storms broke the pier.",
        "The bridge and the pier are old.",
    ]


def test_function_words_find_nothing(library: Library) -> None:
    """A sentence that shares only "the" and "was" is not found."""
    assert search(Postings(), library, "what was the harbour?") == []


def test_keys_narrow_the_search(library: Library) -> None:
    """With keys, no other article is looked at."""
    keys = [library.get("bridge").key]
    assert search(Postings(), library, "pier", keys=keys) == ["The bridge and the pier are old."]


def test_what_is_removed_is_not_found(library: Library) -> None:
    """An article that is gone is forgotten; one that is added later is found."""
    postings = Postings()
    search(postings, library, "pier")
    library.remove(["bridge"])
    put(library, "harbour", "A new pier.")
    assert search(postings, library, "pier") == [
        "A new pier.",
        "The storms broke the pier.",
    ]


def test_most_articles_may_go(library: Library) -> None:
    """Rows of gone articles are cleared away when they are the greater part."""
    postings = Postings()
    search(postings, library, "pier")
    library.remove(["storm"])
    assert search(postings, library, "pier") == ["The bridge and the pier are old."]
    assert not postings.knows("storm")


def test_words_are_known_in_each_language(library: Library) -> None:
    """A Spanish article is searched with Spanish stems, beside English ones."""
    put(library, "puente", "Cerraron los puentes viejos.", "es")
    postings = Postings()
    assert search(postings, library, "¿el puente?") == ["Cerraron los puentes viejos."]
    assert [postings.knows(word) for word in ("puente", "bridges", "tower")] == [True, True, False]
