"""Which sentences are read together: consecutive ones, around those that match best."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from small_readings import source_of

from index.datatypes import Hit, LoadedArticle
from index.reading.reading_windows import ArticleWindow, choose_windows, positions_around

COUNTS = st.lists(st.integers(0, 150), min_size=1, max_size=30)


def hits_of(source: LoadedArticle, *positions: int) -> list[Hit]:
    """The sentences at *positions*, best first."""
    return [Hit(source, position, -float(rank)) for rank, position in enumerate(positions)]


def lettered(*counts: int, key: int = 0) -> LoadedArticle:
    """An article of sentences of one letter, with so many tokens each."""
    return source_of([f"{chr(97 + at)}." for at in range(len(counts))], counts, key=key)


@given(counts=COUNTS, data=st.data(), room=st.integers(1, 200))
def test_a_window_is_as_large_as_its_room_allows(
    counts: list[int], data: st.DataObject, room: int
) -> None:
    """Whatever the lengths: it holds its sentence, keeps to the room, and no neighbour fits in."""
    position = data.draw(st.integers(0, len(counts) - 1))
    around = positions_around(counts, position, room)
    used = sum(counts[at] for at in around)
    outside = [at for at in (around.start - 1, around.stop) if 0 <= at < len(counts)]
    assert position in around
    assert 0 <= around.start < around.stop <= len(counts)
    assert used <= room or list(around) == [position]
    assert all(used + counts[at] > room for at in outside)


def test_a_window_grows_by_turns_and_back_first() -> None:
    """With room for one neighbour it is the one before, with room for two one on each side."""
    found = [positions_around([1] * 5, 2, room) for room in (1, 2, 3, 4)]
    assert found == [range(2, 3), range(1, 3), range(1, 4), range(4)]


@given(
    counts=st.lists(COUNTS, min_size=1, max_size=3),
    ranked=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 29)), max_size=12, unique=True),
    count=st.integers(1, 4),
)
def test_windows_are_few_and_different(
    counts: list[list[int]], ranked: list[tuple[int, int]], count: int
) -> None:
    """No more than asked for; none holds the sentence that another one is around."""
    sources = [lettered(*numbers, key=key) for key, numbers in enumerate(counts)]
    hits = [
        Hit(sources[key], at, 0.0)
        for key, at in ranked
        if key < len(sources) and at < len(sources[key].sentences)
    ]
    windows = choose_windows(hits, count, 60)
    assert len(windows) <= count
    assert bool(windows) == bool(hits)
    for first, second in combinations(windows, 2):
        assert (first.source.key, first.positions) != (second.source.key, second.positions)


def test_each_window_is_around_the_best_sentence_that_is_in_none_yet() -> None:
    """The second best stands in the first window, so the second window is around the third."""
    source = lettered(*[10] * 12)
    windows = choose_windows(hits_of(source, 2, 3, 9, 6), 2, 30)
    assert [window.positions for window in windows] == [range(1, 4), range(8, 11)]


def test_windows_of_several_articles_are_read() -> None:
    """A sentence at the same position of another article is another sentence."""
    first, second = lettered(1, 1, key=1), lettered(1, 1, key=2)
    windows = choose_windows([*hits_of(first, 0), *hits_of(second, 0)])
    assert [window.source.key for window in windows] == [1, 2]


def test_no_hits_no_windows() -> None:
    """Where nothing was found there is nothing to read."""
    assert choose_windows([]) == []


def test_the_text_of_a_window_is_that_of_the_article() -> None:
    """From its first sentence to its last, verbatim."""
    source = source_of(["One came.", "Two came.", "They sat.", "Four came."])
    window = ArticleWindow(source, range(1, 3))
    assert window.text == "Two came. They sat."
    assert [source.article.cut(span) for span in window.spans] == ["Two came.", "They sat."]
