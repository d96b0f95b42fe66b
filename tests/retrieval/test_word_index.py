"""Search by words follows its library."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import put_article
from hypothesis import given, settings
from hypothesis import strategies as st
from large import RecordingLibrary, fill, lower_limits, settle, word

from index.retrieval import word_index
from index.retrieval.word_index import WordIndex
from index.storage.database import open_database
from index.storage.library import Library, open_library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Open a chat's library with two articles."""
    library = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "chat")
    put_article(library, "storm", "The storms broke the pier. Nobody was hurt.")
    put_article(library, "bridge", "The bridge and the pier are old.")
    return library


TEXTS = [
    "The storms broke the pier. Nobody was hurt.",
    "The bridge and the pier are old.",
    "A tower stands near the bridge. It is old. Storms came.",
    "Two towers. Two bridges. Two piers.",
]
steps = st.lists(st.integers(0, len(TEXTS) - 1), max_size=12)  # add the text, or remove it


def search(index: WordIndex, library: Library, question: str, **options: object) -> list[str]:
    """Find the sentences for *question*, best first."""
    index.refresh()
    loaded = library.load(library.keys())
    return [
        loaded[hit.key].article.cut(loaded[hit.key].sentences[hit.position].span)
        for hit in index.search(question, 10, **options)  # type: ignore[arg-type]
    ]


def test_rare_words_count_more(library: Library) -> None:
    """Both sentences have the pier, one has the storm; words are compared by their stems."""
    assert search(WordIndex(library), library, "which storm hit the pier?") == [
        "The storms broke the pier.",
        "The bridge and the pier are old.",
    ]


def test_function_words_find_nothing(library: Library) -> None:
    """A sentence that shares only "the" and "was" is not found."""
    assert search(WordIndex(library), library, "what was the harbour?") == []


def test_keys_narrow_the_search(library: Library) -> None:
    """With keys, no other article is looked at."""
    keys = [library.get("bridge").key]
    assert search(WordIndex(library), library, "pier", keys=keys) == [
        "The bridge and the pier are old."
    ]


def test_what_is_removed_is_not_found(library: Library) -> None:
    """An article that is gone is forgotten; one that is added later is found."""
    index = WordIndex(library)
    search(index, library, "pier")
    library.remove(["bridge"])
    put_article(library, "harbour", "A new pier.")
    assert search(index, library, "pier") == [
        "A new pier.",
        "The storms broke the pier.",
    ]


def test_most_articles_may_go(library: Library) -> None:
    """Rows of gone articles are cleared away when they are the greater part."""
    index = WordIndex(library)
    search(index, library, "pier")
    library.remove(["storm"])
    assert search(index, library, "pier") == ["The bridge and the pier are old."]
    assert not index.knows("storm")


def test_words_are_known_in_each_language(library: Library) -> None:
    """A Spanish article is searched with Spanish stems, beside English ones."""
    put_article(library, "puente", "Cerraron los puentes viejos.", "es")
    index = WordIndex(library)
    assert search(index, library, "¿el puente?") == ["Cerraron los puentes viejos."]
    assert [index.knows(word) for word in ("puente", "bridges", "tower")] == [True, True, False]


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingLibrary:
    """Open a library whose words are kept in a file: 60 articles of ten sentences."""
    lower_limits(monkeypatch, tmp_path / "cache")
    large = RecordingLibrary(open_database(f"sqlite:///{tmp_path}/large.sqlite"), "chat")
    fill(large, range(60))
    return large


def follow(library: RecordingLibrary) -> WordIndex:
    """Read a library as a new process would."""
    index = WordIndex(library)
    index.refresh()
    settle()
    return index


def names(library: RecordingLibrary, index: WordIndex, question: str) -> list[str]:
    """Give the sentences that are found, as article and position."""
    ids = {library.get(f"a{number}").key: f"a{number}" for number in range(60)}
    return [f"{ids[hit.key]}:{hit.position}" for hit in index.search(question, 3)]


def test_the_next_start_reads_no_text(large: RecordingLibrary) -> None:
    """Words, their sentences and their counts come from the file."""
    before = follow(large)
    large.read.clear()

    index = follow(large)

    assert large.read == []
    assert index.vocabulary == before.vocabulary
    assert index.search("common", 700) == before.search("common", 700)
    assert names(large, index, word(7, 3)) == ["a7:3"]
    assert [index.knows(own) for own in (word(59, 9), word(60, 0))] == [True, False]


def test_a_start_from_the_file_follows_what_has_changed_since(large: RecordingLibrary) -> None:
    """What is gone, the last article too, leaves its rows to nobody; what is new is found."""
    follow(large)
    large.remove(["a59", "a7"])
    fill(large, range(59, 60))
    large.read.clear()

    index = follow(large)

    assert large.read == [large.get("a59").key]
    assert index.search(word(7, 3), 5) == []
    again = index.search(word(59, 2), 5)
    assert [hit.sentence for hit in again] == [(large.get("a59").key, 2)]
    assert len(index.search("common", 700)) == 590


def test_words_that_are_written_twice_are_the_same(large: RecordingLibrary) -> None:
    """After many changes what was kept and what was added are merged into one file."""
    follow(large)
    large.remove(["a0", "a59"])
    fill(large, range(100, 110))
    expected = follow(large).search("common", 800)
    large.read.clear()

    index = follow(large)

    assert large.read == []
    assert index.search("common", 800) == expected
    key = large.get("a104").key
    assert [hit.sentence for hit in index.search(word(104, 6), 5)] == [(key, 6)]


def test_words_of_other_rules_are_not_used(
    large: RecordingLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When words are made comparable in another way than they were, all texts are read again."""
    follow(large)
    large.read.clear()
    monkeypatch.setattr("index.retrieval.word_forms.version", lambda _: "0")

    follow(large)

    assert large.read == large.keys()


@given(steps=steps, question=st.sampled_from(["storm pier", "tower", "the old bridge"]))
@settings(max_examples=40, deadline=None)
def test_any_history_scores_as_a_new_index_does(
    steps: list[int], question: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Sentences that are gone count neither as rows nor in how rare a word is."""
    folder = tmp_path_factory.mktemp("history")
    library = open_library(open_database(f"sqlite:///{folder / 'db.sqlite'}"), "chat")
    index, held = WordIndex(library, folder), set[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_index, "FILE_FROM", 6)
        for step in steps:
            if step in held:
                library.remove([f"a{step}"])
            else:
                put_article(library, f"a{step}", TEXTS[step])
            held ^= {step}
            index.refresh()
        settle()
        again, fresh = WordIndex(library, folder), WordIndex(library, folder / "other")
        again.refresh()
        fresh.refresh()
        settle()

    expected = fresh.search(question, 20)
    for known in (index, again):
        assert known.search(question, 20) == expected


def test_a_damaged_file_of_words_is_not_believed(large: RecordingLibrary, tmp_path: Path) -> None:
    """One wrong byte in the middle is noticed."""
    expected = follow(large).search("common", 700)
    [file] = (tmp_path / "cache" / "libraries").glob("*.words")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    assert follow(large).search("common", 700) == expected
