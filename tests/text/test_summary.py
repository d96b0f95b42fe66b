"""The central sentences of an article."""

from __future__ import annotations

import numpy as np

from index.datatypes import Article, LoadedArticle
from index.text.blocks import find_blocks
from index.text.lists import find_lists
from index.text.sentences import split_sentences
from index.text.summary import MIN_SENTENCE_WORDS, central_sentences, summary_sentences

LONG = "word " * MIN_SENTENCE_WORDS


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    """Vectors of length 1."""
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_middle_of_a_topic_stands_for_it() -> None:
    """Of three sentences that point alike, the middle one is nearest to the others."""
    vectors = unit((-1, 0), (1, 0.5), (1, 0), (1, -0.5))
    assert sorted(central_sentences(vectors, [1, 2, 3], 2, 0))[1] == 2


def test_each_topic_is_stood_for() -> None:
    """Two sentences come from two topics, in the order of the article."""
    vectors = unit((0, 1), (1, -0.1), (1, -0.3), (1, -0.5))
    assert central_sentences(vectors, range(4), 2, 0) == [0, 2]


def source(text: str) -> LoadedArticle:
    """The article of a text, with its blocks and sentences."""
    blocks = find_blocks(text)
    sentences = split_sentences(text, "en", blocks)
    article = Article("a", "A title", text)
    return LoadedArticle(1, article, sentences, find_lists(article, sentences), blocks=blocks)


def summarised(text: str, number: int) -> list[str]:
    """The summary of a text whose sentences all point alike."""
    loaded = source(text)
    vectors = np.ones((len(loaded.sentences), 1), np.float32)
    chosen = summary_sentences(loaded, vectors, number)
    return [loaded.article.cut(loaded.sentences[i].span) for i in chosen]


def test_the_lead_comes_first() -> None:
    """The first sentence of a story's first paragraph is in its summary."""
    story = "The lead says what has happened here. Then it goes on about other things."
    text = f"# A title\n\nBy Ann Lee\n\n{story}"

    assert summarised(text, 1) == ["The lead says what has happened here."]


def test_an_abstract_comes_first() -> None:
    """What stands below the heading of an abstract is taken before what stands above it."""
    text = f"# A title\n\n{LONG}.\n\n## Abstract\n\nWe measured how cats sleep at night."

    assert summarised(text, 1) == ["We measured how cats sleep at night."]


def test_what_is_there_for_the_page_is_left_out() -> None:
    """Neither headings, captions, tables nor lines of the page stand in a summary."""
    text = (
        "We use cookies to improve your experience on this page.\n\n"
        "# All that one needs to know about the cats of Rome\n\n"
        "Figure 1: A cat that sleeps on a wall in Rome.\n\n"
        "Cats sleep on all the walls of Rome.\n\n"
        "| Year | Cats |\n|---|---|\n| 2020 | 5 |\n\n"
        "Subscribe to our newsletter for more stories about cats."
    )

    assert summarised(text, 5) == ["Cats sleep on all the walls of Rome."]


def test_a_list_is_left_out_where_there_is_enough_beside_it() -> None:
    """An item would bring the whole list, which is more than was asked for."""
    items = "\n".join(f"- Cats of colour number {n} sleep on the walls." for n in range(4))
    text = f"Cats sleep on all the walls of Rome.\n\nThere are these cats in the city:\n\n{items}"

    assert summarised(text, 1) == ["Cats sleep on all the walls of Rome."]


def test_few_words_are_chosen_only_where_there_is_nothing_longer() -> None:
    """A cry stands for an article of cries."""
    assert summarised("One. Two. Three.", 1) == ["One."]


def test_a_correction_is_left_out() -> None:
    """It says what an earlier version said, not what the article says."""
    wrong = "Correction, 20 May: an earlier version said that the entry costs six euros."
    text = f"# A title\n\nThe lead says what has happened here.\n\n{LONG}.\n\n*{wrong}*"

    assert not any("earlier version" in chosen for chosen in summarised(text, 2))


def test_answers_are_left_out() -> None:
    """An answer needs its question, so what is told beside an interview stands for it."""
    asked = "".join(f"{who} is it, please?\n\n{LONG}and so.\n\n" for who in ("Who", "What", "Why"))
    lead = "Ann Lee has baked the bread of an island for six years."

    assert summarised(f"{lead}\n\n{asked}", 1) == [lead]
    assert len(summarised(f"{lead}\n\n{asked}", 2)) == 2
