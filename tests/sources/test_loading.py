"""What is made of sources: text, blocks, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.datatypes import Block
from index.errors import ArticleError
from index.sources.kinds import kind_of
from index.sources.loading import Wanted, load_source, name_of_address
from index.sources.parsing import Parsers
from index.text.articles import normalise
from index.text.readers import ReadArticle

FILES = Path(__file__).parent / "made_elsewhere"
BUILT = [path.name for path in sorted(FILES.iterdir()) if path.suffix != ".md"]


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    """Give a process that reads."""
    with Parsers() as parsers:
        yield parsers


def load(name: str, parsers: Parsers, **wanted: str) -> list[ReadArticle]:
    """Load a file that another program made."""
    return list(load_source(str(FILES / name), Wanted(**wanted), parsers))


def blocks_of(read: ReadArticle) -> tuple[Block, ...]:
    """The blocks that a source gives."""
    assert read.structure is not None
    assert read.structure.given
    return read.structure.blocks


def words_of(read: ReadArticle, kind: str) -> list[str]:
    """The words of the blocks of a kind."""
    return [read.article.cut(block.span) for block in blocks_of(read) if block.kind == kind]


@pytest.mark.parametrize("name", BUILT)
def test_blocks_hold_all_that_is_visible(name: str, parsers: Parsers) -> None:
    """In order, without overlap, and without white space at their ends."""
    for read in load(name, parsers):
        text, at = read.article.text, 0
        assert text == normalise(text)
        for block in blocks_of(read):
            shown = read.article.cut(block.span)
            assert text[at : block.span.start].strip() == ""
            assert shown == shown.strip() != ""
            at = block.span.end
        assert text[at:] == ""


@pytest.mark.parametrize(
    "name", ["chromium.pdf", "libreoffice.pdf", "libreoffice.docx", "pandoc.docx", "pandoc.epub"]
)
def test_what_an_author_built_is_kept(name: str, parsers: Parsers) -> None:
    """Headings, and a table with the names of its columns."""
    [read] = load(name, parsers)

    assert [*words_of(read, "heading")][-2:] == ["What it costs", "Who decides"]
    assert words_of(read, "header") == ["Year | Passengers | Crossings"]
    assert words_of(read, "row") == ["2021 | 27,100 | 3,010", "2022 | 31,400 | 3,322"]


@pytest.mark.parametrize("name", ["libreoffice.docx", "pandoc.docx", "pandoc.epub", "pandoc.html"])
def test_lists_and_quotations_are_known(name: str, parsers: Parsers) -> None:
    """An item has the mark that a reader sees."""
    [read] = load(name, parsers)

    assert words_of(read, "item") == ["- Bicycles: two crowns", "- Dogs: one crown"]
    assert words_of(read, "quotation") == [
        "We will not let it go as long as a single child goes to school over there."
    ]


def test_a_page_in_two_columns_is_read_column_by_column(parsers: Parsers) -> None:
    """A paragraph that goes on in the next column is one; what the browser prints is left out."""
    [read] = load("chromium.pdf", parsers)

    text = read.article.text
    assert "Children below seven years travel free of charge, and whoever works" in text
    assert not any(words in text for words in ("file:", "1/1", " AM"))
    assert {block.page for block in blocks_of(read)} == {1}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("pandoc.html", ("The ferry of Lund", "Ann Holm", "en")),
        ("pandoc.epub", ("The ferry of Lund", "Ann Holm", "en")),
        ("libreoffice.docx", ("The ferry of Lund", None, "en")),
        ("libreoffice.pdf", ("The ferry of Lund", "Ann Holm", "en")),
        ("mail.eml", ("The ferry of Lund – a summary", "Ann Holm", "en")),
        ("feed.xml", ("The ferry of Lund", "Ann Holm", "en")),
    ],
)
def test_title_author_and_language(name: str, known: tuple[str, ...], parsers: Parsers) -> None:
    """As the source says them; the title of a document is one that it shows."""
    [read] = load(name, parsers)

    article = read.article
    assert (article.title, article.author, article.language) == known


def test_a_mail_says_what_is_left_out(parsers: Parsers) -> None:
    """Attachments are not read."""
    [read] = load("mail.eml", parsers)

    assert read.notice == "mail.eml: 1 attached; attachments are left out."
    assert read.article.published == "2024-05-02"


def test_entries_of_a_feed_that_was_saved(parsers: Parsers) -> None:
    """An entry is called by its address, which is where it is from."""
    [read] = load("feed.xml", parsers)

    assert (read.article.id, read.notice) == ("ferry", None)
    assert read.article.source == "https://harbour.example/ferry"


def test_posts_of_an_export(parsers: Parsers) -> None:
    """Each has the link that leads to it; what has no words is left out."""
    reads = load("result.json", parsers)

    assert [read.article.id for read in reads] == ["harbour-news-2", "harbour-news-4"]
    assert reads[0].article.source == "https://t.me/c/1234567890/2"


def test_posts_in_the_library_of_their_channel(parsers: Parsers) -> None:
    """They have the ids that the bot gives them there, so none is there twice."""
    reads = load("result.json", parsers, chat="-1001234567890")

    assert [read.article.id for read in reads] == ["post-2", "post-4"]


def test_many_articles_have_no_one_title(parsers: Parsers) -> None:
    """A title for all posts is refused."""
    with pytest.raises(ArticleError, match="holds many articles"):
        load("result.json", parsers, title="Posts")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"Just words.", "a.pdf", "text"),
        (b"# Heading\n\n<p>Some Markdown", "a.md", "text"),
        (b"%PDF-1.4", "a.txt", "pdf"),
        (b"\n%PDF-1.4", "a", "pdf"),
        (b"PK\x03\x04", "a.pdf", "zip"),
        (b" <!-- a --> <!DOCTYPE html><p>", "a", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html>', "a", "html"),
        ("<html>".encode("utf-16"), "a", "html"),
        (b"<p>A fragment", "a.htm", "html"),
        (b"<p>A fragment", "a.txt", "text"),
        (b"<?xml version='1.0'?><rss>", "a", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "a", "feed"),
        (b"Received: by a\nSubject: b\n\nWords", "a", "mail"),
        (b"Subject: b\n\nWords", "a", "text"),
        (b"Subject: b\n\nWords", "a.eml", "mail"),
        (b'{"name": "a", "type": "public_channel", "messages": []}', "result.json", "telegram"),
        (b'{"text": "a"}', "a.json", "text"),
        (b"<!--" * 1000, "a", "text"),
        (b"<!-- -->" * 500, "a", "text"),
    ],
)
def test_the_kind_is_found_by_what_is_there(data: bytes, name: str, kind: str) -> None:
    """Names settle only what the bytes leave open."""
    assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.org/", "example-org"),
        ("https://example.org/news/the-ferry.html", "the-ferry.html"),
        ("https://example.org/news/ferry/", "ferry"),
        ("https://example.org/index.php", "example-org"),
        ("https://example.org/?p=17", "example-org-p=17"),
        ("https://example.org/%C3%A4rger", "ärger"),
    ],
)
def test_what_a_page_is_called(url: str, name: str) -> None:
    """By the last part of its path, else by its machine."""
    assert name_of_address(url) == name
