"""An answer to a follow-up is sure only when it has a word that the follow-up brings."""

from __future__ import annotations

import pytest

from index.datatypes import Article, Hit, LoadedArticle, Turn
from index.encoding.joined_rows import headers_of
from index.text.blocks import find_blocks
from index.text.followup_proof import speaks_of
from index.text.sentences import split_sentences

TEXT = (
    "# Pool\n\n## Sauna\n\nIt is open at noon. Towels are rented.\n\n"
    "| Ticket | Price |\n|---|---|\n| Single | €6.50 |"
)
ASKED = Turn("when is it open?", "Pool", "It is open at noon.")


def hit(text: str) -> Hit:
    """The sentence of the article that has this *text*."""
    blocks = find_blocks(TEXT)
    sentences = split_sentences(TEXT, "en", blocks)
    headers = headers_of(sentences, blocks)
    article = Article("pool", "Pool", TEXT)
    source = LoadedArticle(1, article, sentences, blocks=blocks, headers=headers)
    places = (at for at, sentence in enumerate(sentences) if text in article.cut(sentence.span))
    return Hit(source, next(places), 0.0)


@pytest.mark.parametrize(
    ("question", "text"),
    [("and the towels?", "Towels"), ("and the sauna?", "Towels"), ("what price?", "Single")],
)
def test_a_sentence_speaks_of_it_its_heading_or_its_header_has(question: str, text: str) -> None:
    """A word of the question in one of them is enough."""
    assert speaks_of(question, hit(text), [ASKED])


def test_a_sentence_without_a_word_of_the_question_speaks_of_something_else() -> None:
    """It was found by the words of the conversation alone."""
    assert not speaks_of("did the council do that?", hit("Towels"), [ASKED])


@pytest.mark.parametrize("question", ["why?", "is it open?"])
def test_what_was_shown_before_speaks_of_nothing_new(question: str) -> None:
    """Neither a bare question nor the same words again make it another answer."""
    assert not speaks_of(question, hit("noon"), [ASKED])


def test_what_was_shown_before_may_speak_of_something_new() -> None:
    """A word that was not asked before is in it."""
    assert speaks_of("at noon?", hit("noon"), [ASKED])


def test_a_bare_question_is_answered_by_what_was_not_shown() -> None:
    """It has no words that a sentence could have."""
    assert speaks_of("why?", hit("Towels"), [ASKED])
