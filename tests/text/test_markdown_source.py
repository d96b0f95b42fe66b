"""Markdown files: links and images as their words, HTML dropped, the rest as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from nasty_texts import TEXT

from index.text.markdown_source import read_markdown


@pytest.mark.parametrize(
    ("markdown", "stored"),
    [
        ("A [link](http://x.org) here.", "A link here."),
        ("A [link](<http://x.org/a b> 'title').", "A link."),
        ("A [**bold** link][r].\n\n[r]: http://x.org", "A **bold** link."),
        ("![A cat](cat.png)", "A cat"),
        ("[![badge](b.svg)](http://ci)", "badge"),
        ("See <https://x.org>.", "See https://x.org."),
        ("Some <b>bold</b> words.<!-- hidden -->", "Some bold words."),
        ("<div>\n<script>var x = 1;</script>\n</div>\n\nText.", "Text."),
        ("`[code](x)` stays", "`[code](x)` stays"),
        ("| a |\n|---|\n| [x](y) |", "| a |\n|---|\n| x |"),
        ("> A [link](u)\n> over [two](v) lines", "> A link\n> over two lines"),
        ("- item\n  with a [link](u)", "- item\n  with a link"),
        ("a < b and [brackets] stay", "a < b and [brackets] stay"),
    ],
)
def test_links_are_kept_as_their_words(markdown: str, stored: str) -> None:
    """Each form of a link, an image and a tag."""
    assert read_markdown(markdown)[0] == stored


def test_addresses_stand_beside_the_text() -> None:
    """A link is told with its place in the stored text."""
    text, links = read_markdown("See [the map](/map) and the map, and [it](/it).")

    assert [(text[k.span.start : k.span.end], k.address) for k in links] == [
        ("the map", "/map"),
        ("it", "/it"),
    ]


@given(TEXT)
def test_any_text_can_be_read(text: str) -> None:
    """Whatever a file holds, it is read, and links stand where they say."""
    stored, links = read_markdown(text)

    assert all(0 <= k.span.start < k.span.end <= len(stored) for k in links)
