"""
No text makes a pattern of the program search for ever.

A pattern that explodes takes hours on these; one that does not takes a moment. The limit is that of
the whole test, which is a hundred times what it takes.
"""

from __future__ import annotations

import pytest
from fakes import hit_of

from bot.plain_text import mask
from bot.telegram import markup
from bot.telegram.log_lines import without_quotes
from bot.wishes import read_wish
from index.text.articles import make_article
from index.text.blocks import find_structure
from index.text.lists import find_lists
from index.text.messages import MAX_QUESTION, check_question, read_message
from index.text.passages import build_passages
from index.text.quotations import find_quotation
from index.text.sentences import split_sentences

pytestmark = pytest.mark.timeout(60)

PIECES = [
    *("a", " ", "\n", "\t \n", ".", "?", "? ", "?!", "-", "- \n", "1.", "1. a\n", "(", ")(", '"'),
    *("“", "“a”", "'a", "@a", "@", "/a ", "<", "&", "&amp;", "http://", "a.b", "a, ", "and ", "#"),
    *("# \n", "|", "| a |\n", "**", "_a_", "`", "\u00a0", "é", "\u0301", "漢", "😀", "\u200d"),
    *("why? ", "Mr. ", "…", "--", ": ", ";\n", "0", "0,", "1/", "a@b.", "=\n", "> ", "[a](", "\\"),
    *("what about ", "“why?” ", "no, ", "the second ", "a-", "'", "’s ", "%", "123456789:"),
]
QUESTION, ARTICLE = MAX_QUESTION, 40_000


@pytest.mark.parametrize("end", ["", "!", "\n\nx", "”"])
def test_a_message_is_read_in_a_moment(end: str) -> None:
    """Whatever is repeated in it, as far as a message goes."""
    for piece in PIECES:
        text = (piece * QUESTION)[: QUESTION - len(end)] + end
        if text.strip():
            check_question(text)
            read_message(text)
            read_wish(text)
            markup.quiet_names(text)
            without_quotes(mask(text))


@pytest.mark.parametrize("piece", PIECES)
def test_an_article_is_split_in_a_moment(piece: str) -> None:
    """Into sentences, lists and quotations, whatever is repeated in it."""
    article = make_article("It begins. " + (piece * ARTICLE)[:ARTICLE] + " It ends.", id="a")

    sentences = split_sentences(article.text, "en")

    assert sentences
    find_structure(article.text)
    find_lists(article, sentences)
    find_quotation(article, sentences, 1)
    build_passages("why?", [hit_of(article, sentences[0].span, 1.0)], 3)
