"""Links of sources: their words are in the text, their addresses beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from index.errors import ArticleError
from index.sources.assembling import assemble, from_values
from index.sources.documents import Document, to_line
from index.sources.fetching import Fetched
from index.sources.loading import Wanted, load_bytes
from index.sources.parsing import Parsers

PAGE = """
<html><body><main><h1>The <a href="/h">harbour</a></h1>
<p>The harbour of the town is old, and its quay was built of stones that came by ship. Nobody knows
when the first boat was moored there, but a chronicle tells of a storm that sank all of them. Today
the harbour has two cranes and a fish market. Read <a href="https://e.example/a b">the <b>long</b>
 report</a> or <a href="mailto:a@e.example">write</a>; <a href="javascript:x()">bad</a>,
<a href="#top">top</a>, <a href="data:text/html,x">worse</a>, <a href="q?a=1">so&shy;ft</a>.</p>
<a href="/block"><h2>A heading</h2><p>and words</p></a>
<ul><li>one <a href="../up">item</a></li></ul>
<table><tr><th>Name</th><th>Year</th></tr>
<tr><td>a <a href="/c">cell
 of</a> it</td><td><a href="/y">1990</a></td></tr></table></main></body></html>
"""
IN_PAGE = [
    ("harbour", "https://town.example/h"),
    ("the long report", "https://e.example/a%20b"),
    ("write", "mailto:a@e.example"),
    ("soft", "https://town.example/news/q?a=1"),
    ("A heading", "https://town.example/block"),
    ("and words", "https://town.example/block"),
    ("item", "https://town.example/up"),
    ("cell of", "https://town.example/c"),
    ("1990", "https://town.example/y"),
]


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    """Give a process that reads."""
    with Parsers() as parsers:
        yield parsers


def links_of(
    data: bytes, name: str, parsers: Parsers, source: str | None = None
) -> list[tuple[str, str]]:
    """The words of the links in *data*, and where they lead."""
    [read] = load_bytes(Fetched(name, data), Wanted(name=name), parsers, source)
    assert read.structure is not None
    return [(read.article.cut(link.span), link.address) for link in read.structure.links]


def test_links_of_a_page_are_kept(parsers: Parsers) -> None:
    """Seen from its address; what runs a script, or leads nowhere else, is none."""
    assert links_of(PAGE.encode(), "a.html", parsers, "https://town.example/news/1") == IN_PAGE


def test_links_of_a_mail_are_kept(parsers: Parsers) -> None:
    """Of one that is written in HTML; nobody knows what its relative ones mean."""
    head = "From: a@e.example\nSubject: News\nContent-Type: text/html; charset=utf-8\n"
    words = '<p>See <a href="https://e.example/b">our page</a>.</p>'

    assert links_of(f"{head}\n{words}".encode(), "a.eml", parsers) == [
        ("our page", "https://e.example/b")
    ]


def test_links_of_a_document_are_kept(parsers: Parsers) -> None:
    """In a paragraph, in an item and in a cell."""
    document = docx.Document()
    for paragraph, words in (
        (document.add_paragraph("Read "), "the report"),
        (document.add_paragraph("A point, ", style="List Bullet"), "explained"),
        (document.add_table(1, 2).cell(0, 1).paragraphs[0], "a cell"),
    ):
        link, run, text = (OxmlElement(f"w:{name}") for name in ("hyperlink", "r", "t"))
        address = f"https://e.example/{words.split()[-1]}"
        relation = document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), relation)
        text.text = words
        run.append(text)
        link.append(run)
        paragraph._p.append(link)
    written = io.BytesIO()
    document.save(written)

    assert links_of(written.getvalue(), "a.docx", parsers) == [
        ("the report", "https://e.example/report"),
        ("explained", "https://e.example/explained"),
        ("a cell", "https://e.example/cell"),
    ]


def test_links_of_a_post_are_kept(parsers: Parsers) -> None:
    """In the paragraph where they stand."""
    link = {"type": "text_link", "text": "tram plans", "href": "https://e.example/plans"}
    said = ["The town shows its\n\nnew ", link, " today."]
    post = {"id": 2, "type": "message", "date": "2024-05-02T10:00:00", "text": said}
    channel = {"name": "Town", "type": "public_channel", "id": 1, "messages": [post]}

    assert links_of(json.dumps(channel).encode(), "result.json", parsers) == [
        ("tram plans", "https://e.example/plans")
    ]


def test_links_pass_between_the_processes() -> None:
    """As they are, beside the text of their part."""
    values = {"parts": [["item", "- the end", 1, 0, [[2, 5, "https://e.example"]]]]}
    document = from_values(values)
    again = from_values(json.loads(to_line(document))["document"])

    assert isinstance(document, Document)
    assert again == document
    assert assemble(again.parts).links == again.parts[0].links


@pytest.mark.parametrize("link", [[0, 9, "x"], [2, 1, "x"], [-1, 2, "x"], [0, 1, None], [0, 1]])
def test_a_link_that_is_none_is_refused(link: list[object]) -> None:
    """The process that reads may have been taken over."""
    with pytest.raises(ArticleError, match="no document"):
        from_values({"parts": [["paragraph", "The end.", 0, 0, [link]]]})
