"""The HTML of the tests' Bot API server is read and refused as Telegram does."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_telegram.entities import cut, detect, strip, units
from fake_telegram.markup import TAGS, MarkupError, parse_html

WORDS = st.text(st.characters(exclude_categories=["Cs"]))

REFUSED = [
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("é <br>", 'Unsupported start tag "br" at byte offset 3'),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("x <b", "Unclosed start tag at byte offset 2"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    (
        "<a href",
        'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
    ),
    ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
    ("<i aba  =  ", 'Unclosed start tag "i" at byte offset 0'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("<blockquote>a<blockquote>b", "Blockquote inside a blockquote at byte offset 13"),
    ("Q&A", 'Unsupported HTML entity "&A" at byte offset 1'),
    ("a & b", 'Unsupported HTML entity "&" at byte offset 2'),
    ("x&nbsp;y", 'Unsupported HTML entity "&nbsp;" at byte offset 1'),
    (
        "&#57311;",
        "Text contains invalid Unicode characters after decoding HTML entities, "
        "check for unmatched surrogate code units",
    ),
]

READ = [
    ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
    ("😀<i>😀</i>", "😀😀", [("italic", 2, 2)]),
    (
        "<u>a</u><s>b</s><code>c</code>",
        "abc",
        [("underline", 0, 1), ("strikethrough", 1, 1), ("code", 2, 1)],
    ),
    ("<B>a</>", "a", [("bold", 0, 1)]),
    (
        "<blockquote expandable>a <b>b</b></blockquote>",
        "a b",
        [("expandable_blockquote", 0, 3), ("bold", 2, 1)],
    ),
    ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
    ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
    ("<a href='https://e.org/?a=1&amp;b=2'>a</a>", "a", [("text_link", 0, 1)]),
    ('<a href="tg://user?id=7">a</a>', "a", [("text_mention", 0, 1)]),
    ("<a>a</a><b></b>", "a", []),
    ("&lt;&gt;&amp;&quot;&#39;&#x27;", "<>&\"''", []),
]


@pytest.mark.parametrize(("source", "message"), REFUSED)
def test_what_telegram_cannot_parse_is_refused(source: str, message: str) -> None:
    """The refusal is word for word Telegram's, with the place in bytes."""
    with pytest.raises(MarkupError) as caught:
        parse_html(source)

    assert str(caught.value) == message


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_tags_become_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """The tags are gone from the text, and their entities stand in UTF-16 units, outer first."""
    read, found = parse_html(source)

    assert (read, [(entity["type"], entity["offset"], entity["length"]) for entity in found]) == (
        text,
        entities,
    )


def test_a_link_keeps_its_address_unescaped() -> None:
    """The address of a link is read like a text."""
    assert parse_html('<a href="https://e.org/?a&amp;b">x</a>')[1][0]["url"] == "https://e.org/?a&b"


@given(WORDS)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    """Whatever is escaped is shown, and marks nothing."""
    assert parse_html(html.escape(text)) == (text, [])


@given(st.lists(st.tuples(st.sampled_from(sorted(TAGS.keys() - {"span", "a"})), WORDS)))
def test_an_entity_marks_exactly_what_its_tag_holds(parts: list[tuple[str, str]]) -> None:
    """Offsets in UTF-16 units cut out of the text what stood between the tags."""
    text, entities = parse_html(
        "".join(f"<{tag}>{html.escape(held)}</{tag}>" for tag, held in parts)
    )

    held = [words for _, words in parts if words]
    assert [cut(text, entity["offset"], entity["length"]) for entity in entities] == held


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/ask@ArticleBot who?", [("bot_command", "/ask@ArticleBot")]),
        ("either/or /ask", [("bot_command", "/ask")]),
        ("😀 @ArticleBot, hi", [("mention", "@ArticleBot")]),
        ("me@example.org and @abc", [("email", "me@example.org")]),
        ("see https://example.org/a_b?c=1.", [("url", "https://example.org/a_b?c=1")]),
        ("#news #1", [("hashtag", "#news")]),
    ],
)
def test_telegram_finds_entities_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    """Commands, mentions and addresses are marked in any text."""
    entities = detect(text)

    assert [
        (entity["type"], cut(text, entity["offset"], entity["length"])) for entity in entities
    ] == found


def test_nothing_is_found_in_code() -> None:
    """A name in code is no mention."""
    text, entities = parse_html("<code>@ArticleBot</code>")

    assert detect(text, entities) == entities


@given(st.text(st.characters(max_codepoint=0xD7FF)), st.integers(0, 20), st.integers(1, 20))
def test_stripping_keeps_what_entities_mark(text: str, offset: int, length: int) -> None:
    """An entity of a stripped text marks the same visible characters as before."""
    length = min(length, units(text) - offset)
    entities = [{"type": "bold", "offset": offset, "length": length}] if length > 0 else []

    shown, clipped = strip(text, entities)

    marked = cut(text, offset, length).strip() if entities else ""
    assert shown == text.strip()
    assert (
        "".join(cut(shown, entity["offset"], entity["length"]) for entity in clipped).strip()
        == marked
    )
