"""Where a passage stands in words, and the link that opens its source there."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from bot.passage_places import more_words, place_link, place_words
from index.datatypes import Article, Block, BlockKind, Passage, Span
from index.text.sentences import split_sentences

WORDS = "The cats - all, she said, of them & the dogs - slept on the warm wall until noon."
TEXT = f"A beginning.\n\nThe heading\n\n{WORDS}"


def passage(
    source: str | None, *, page: int = 0, words: str = WORDS, kind: BlockKind = "paragraph"
) -> Passage:
    """A passage of *words*, below a heading."""
    text = TEXT if words in TEXT else TEXT.replace(WORDS, words)
    start, heading = text.index(words), text.index("The heading")
    span = Span(start, start + len(words))
    blocks = (
        Block("paragraph", Span(0, 12), page=page),
        Block("heading", Span(heading, heading + 11), 2, page=page),
        Block(kind, span, page=page),
    )
    sentences = split_sentences(text, "en", blocks)
    article = Article("a", "Cats", text, source=source)
    return Passage(article, span, span, "sentence", 1.0, sentences, blocks=blocks)


def test_a_heading_with_a_section_sign_has_no_other() -> None:
    """The author of a contract has written "§ 3 Buildings" already."""
    text = "Lease\n\n§ 3 Buildings\n\n(1) The tenant cleans."
    span, heading = Span(text.index("(1)"), len(text)), Span(7, 20)
    blocks = (Block("paragraph", Span(0, 5)), Block("heading", heading, 2), Block("item", span))
    article, sentences = Article("a", "Lease", text), split_sentences(text, "en", blocks)
    shown = Passage(article, span, span, "sentence", 1.0, sentences, blocks=blocks)

    assert place_words(shown) == "§ 3 Buildings"


def test_a_place_is_a_heading_and_a_page() -> None:
    """Without a heading it is a paragraph, as it is without blocks."""
    shown = passage(None, page=12)

    assert place_words(shown) == "§ The heading, p. 12"
    assert place_words(shown, "de") == "§ The heading, S. 12"
    assert place_words(passage(None, words="A beginning.")) == "paragraph 1"
    assert more_words(shown) == ""


@pytest.mark.parametrize(
    ("source", "page", "link"),
    [
        (None, 0, None),
        ("cats.txt", 0, None),
        ("https://t.me/cats/5", 0, "https://t.me/cats/5"),
        ("https://x.org/a.pdf", 12, "https://x.org/a.pdf#page=12"),
        (
            "https://x.org/a",
            0,
            "https://x.org/a#:~:text=The%20cats%20%2D%20all%2C,warm%20wall%20until%20noon.",
        ),
        (
            "https://x.org/a#b",
            0,
            "https://x.org/a#b:~:text=The%20cats%20%2D%20all%2C,warm%20wall%20until%20noon.",
        ),
    ],
)
def test_a_link_opens_the_source_at_the_passage(
    source: str | None, page: int, link: str | None
) -> None:
    """A page at its words, a PDF at its page, a post by its own link."""
    assert place_link(passage(source, page=page)) == link


@pytest.mark.parametrize(
    ("kind", "words", "fragment"),
    [
        ("item", "- Dogs: one crown", "Dogs%3A%20one%20crown"),
        ("item", "2. Dogs", "Dogs"),
        ("row", "| 2021 | 27,100 | 3,010 |", "2021-,27%2C100"),
        ("row", "Dogs |", "Dogs"),
        ("paragraph", "12 Elm Street\nRocksby", "12%20Elm%20Street,Rocksby"),
    ],
)
def test_a_link_names_what_the_page_shows(kind: BlockKind, words: str, fragment: str) -> None:
    """A page has no marker of an item in its text, no bars in a table, and lines of its own."""
    link = place_link(passage("https://x.org/a", words=words, kind=kind))

    assert link == f"https://x.org/a#:~:text={fragment}"


FAR = "<div style='height:5000px'></div>"


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's Chromium")
@pytest.mark.parametrize(
    ("kind", "words", "html"),
    [
        ("paragraph", WORDS, f"<p>{WORDS.replace('&', '&amp;')}</p>"),
        (
            "row",
            "2021 | 27,100 | 3,010",
            "<table><tr><td>2021</td><td>27,100</td><td>3,010</td></table>",
        ),
    ],
)
def test_a_browser_scrolls_to_the_words(
    kind: BlockKind, words: str, html: str, tmp_path: Path
) -> None:
    """Chromium opens the page of the link where the passage stands."""
    page = (
        f"<!doctype html><body><p>A beginning of 2021.{FAR}<h2>The heading</h2>{html}{FAR}"
        "<script>setTimeout(() => {document.body.innerHTML = 'at ' + Math.round(scrollY)}, 1500)"
        "</script>"
    )
    (tmp_path / "a.html").write_text(page)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        link = place_link(
            passage(f"http://127.0.0.1:{server.server_port}/a.html", words=words, kind=kind)
        )
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu"]
        options = [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=4000"]
        shown = subprocess.run(
            [*command, *options, "--dump-dom", str(link)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        ).stdout
        server.shutdown()

    assert int(shown.partition("at ")[2].partition("<")[0]) > 4000
