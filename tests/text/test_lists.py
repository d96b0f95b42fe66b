"""Lists are found by their form, with the sentence that introduces them."""

from __future__ import annotations

from index.datatypes import Article
from index.text.lists import find_lists, list_span
from index.text.sentences import split_sentences


def lists_of(text: str) -> list[str]:
    """Cut every list out of *text*."""
    article = Article("a", "A", text)
    sentences = split_sentences(text)
    return [article.cut(list_span(found, sentences)) for found in find_lists(article, sentences)]


def test_marked_items_come_with_the_sentence_before_them() -> None:
    """Bullets are a list, and the sentence before them introduces it."""
    text = "Prose.\n\nBring a coat. Also bring:\n\n- bread\n- water\n\nThat is all."
    assert lists_of(text) == ["Also bring:\n\n- bread\n- water"]


def test_numbered_items_are_a_list() -> None:
    """Numbers mark items as bullets do."""
    text = "The plan has steps.\n\n1. Close the gate.\n2. Count the sheep.\n\nDone."
    assert lists_of(text) == ["The plan has steps.\n\n1. Close the gate.\n2. Count the sheep."]


def test_paragraphs_built_alike_are_a_list() -> None:
    """Paragraphs that all begin with a gerund are one when a sentence announces them."""
    text = (
        "Aid will depend on these conditions.\n\nOpening the port to ships.\n\n"
        "Paying the guards.\n\nAnd freeing the crew. The minister left at noon."
    )
    assert lists_of(text) == [
        "Aid will depend on these conditions.\n\nOpening the port to ships.\n\n"
        "Paying the guards.\n\nAnd freeing the crew."
    ]


def test_prose_that_begins_alike_is_no_list() -> None:
    """Without an announcement, paragraphs that begin alike stay prose."""
    text = "He left.\n\nWalking home, he sang.\n\nTurning left, he stopped.\n\nHumming, he slept."
    assert lists_of(text) == []


def test_counted_sentences_are_a_list() -> None:
    """Sentences that count are items; the sentence before announces them."""
    text = (
        "Rain fell. There are two reasons. First, the dam was old. It leaked. "
        "Second, nobody looked. The mayor resigned."
    )
    assert lists_of(text) == [
        "There are two reasons. First, the dam was old. It leaked. Second, nobody looked."
    ]


def test_a_lone_first_is_no_list() -> None:
    """One item is no list."""
    assert lists_of("He came. First, he ate. Then he slept.") == []
