"""Search by words follows its library."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEncoder
from large import RecordingLibrary, fill, lower_limits, word

from index.datatypes import Article
from index.retrieval.word_index import Postings
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import Library, open_library
from index.text.readers import ReadArticle


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
    list(add_articles(library, HashingEncoder, [ReadArticle(article, explicit_id=True)]))


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


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingLibrary:
    """Open a library whose words are kept in a file: 60 articles of ten sentences."""
    lower_limits(monkeypatch, tmp_path / "cache")
    large = RecordingLibrary(open_database(f"sqlite:///{tmp_path}/large.sqlite"), "chat")
    fill(large, range(60))
    return large


def follow(library: RecordingLibrary) -> Postings:
    """Read a library as a new process would."""
    postings = Postings()
    postings.refresh(library)
    return postings


def names(library: RecordingLibrary, postings: Postings, question: str) -> list[str]:
    """Give the sentences that are found, as article and position."""
    ids = {library.get(f"a{number}").key: f"a{number}" for number in range(60)}
    return [f"{ids[one.key]}:{one.position}" for one in postings.search(question, 3)]


def test_the_next_start_reads_no_text(large: RecordingLibrary) -> None:
    """Words, their sentences and their counts come from the file."""
    before = follow(large)
    large.read.clear()

    postings = follow(large)

    assert large.read == []
    assert postings.vocabulary == before.vocabulary
    assert postings.search("common", 700) == before.search("common", 700)
    assert names(large, postings, word(7, 3)) == ["a7:3"]
    assert [postings.knows(one) for one in (word(59, 9), word(60, 0))] == [True, False]


def test_a_start_from_the_file_follows_what_has_changed_since(large: RecordingLibrary) -> None:
    """What is gone, the last article too, leaves its rows to nobody; what is new is found."""
    follow(large)
    large.remove(["a59", "a7"])
    fill(large, range(59, 60))
    large.read.clear()

    postings = follow(large)

    assert large.read == [large.get("a59").key]
    assert postings.search(word(7, 3), 5) == []
    again = postings.search(word(59, 2), 5)
    assert [(one.key, one.position) for one in again] == [(large.get("a59").key, 2)]
    assert len(postings.search("common", 700)) == 590


def test_words_that_are_written_twice_are_the_same(large: RecordingLibrary) -> None:
    """After many changes what was kept and what was added are merged into one file."""
    follow(large)
    large.remove(["a0", "a59"])
    fill(large, range(100, 110))
    expected = follow(large).search("common", 800)
    large.read.clear()

    postings = follow(large)

    assert large.read == []
    assert postings.search("common", 800) == expected
    key = large.get("a104").key
    assert [(one.key, one.position) for one in postings.search(word(104, 6), 5)] == [(key, 6)]


def test_words_of_other_rules_are_not_used(
    large: RecordingLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When words are made comparable in another way than they were, all texts are read again."""
    follow(large)
    large.read.clear()
    monkeypatch.setattr("index.retrieval.word_index.version", lambda _: "0")

    follow(large)

    assert large.read == large.keys()


def test_a_damaged_file_of_words_is_not_believed(large: RecordingLibrary, tmp_path: Path) -> None:
    """One wrong byte in the middle is noticed."""
    expected = follow(large).search("common", 700)
    [file] = (tmp_path / "cache" / "libraries").glob("*.words")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    assert follow(large).search("common", 700) == expected
