"""
What sources cost: a PDF of 300 pages, a channel's history of 5,000 posts, and 200 pages of HTML.

    python tests/benchmarks/sources_speed.py [--part pdf|channel|html] [--read-only]

The PDF and the pages are written here, of words drawn with a seed; the PDF by a writer of forty
lines, since no program that prints has to be there. Each part works on a database in memory of
the disk that is thrown away. Printed are seconds of the wall clock and the peak of memory of this
process and of the one that parses.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.answering import Answerer
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.retrieval.corpus import Corpus
from index.sources.loading import Wanted, load_source
from index.sources.parsing import Parsers
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import Library, open_library
from index.text.sentences import split_sentences

_WORDS = """
harbour council ferry town north winter boats price minister people school hospital bridge road
light fish market storm repair money island summer plan report engine captain letter
"""
WORDS = _WORDS.split()
PDF_PAGES, POSTS, HTML_PAGES = 300, 5_000, 200
LINES_OF_A_PAGE, COLUMNS = 44, 85


def sentence(draw: random.Random) -> str:
    """A sentence like those of news."""
    a, b, c, d = draw.sample(WORDS, 4)
    return (
        f"In {draw.randint(1900, 2020)} the {a} of the {b} was given to the {c} by {d.title()} "
        f"{draw.choice(WORDS).title()}son, who had asked for {draw.randint(2, 900)} crowns."
    )


def paragraph(draw: random.Random, sentences: int) -> str:
    """Sentences in a row."""
    return " ".join(sentence(draw) for _ in range(sentences))


def pdf(draw: random.Random, pages: int = PDF_PAGES) -> bytes:
    """A PDF of so many *pages* of text, with a running head and the number of the page."""
    objects: list[bytes] = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for number in range(1, pages + 1):
        words, lines = paragraph(draw, 34).split(), [""]
        for word in words:
            if len(lines[-1]) + len(word) > COLUMNS:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        shown = "".join(f"({line}) Tj T*\n" for line in lines[:LINES_OF_A_PAGE])
        head = f"BT /F 9 Tf 60 800 Td (The long report) Tj ET BT /F 9 Tf 290 30 Td ({number}) Tj ET"
        content = f"{head} BT /F 11 Tf 16 TL 60 760 Td {shown} ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    tree = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    objects[1] = tree.encode()
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return body + end.encode()


def page(draw: random.Random, number: int) -> str:
    """A page of a news site, of about 5,000 characters, with menus around its article."""
    menu = "".join(f"<li><a href='/{word}'>{word.title()}</a></li>" for word in WORDS)
    text = "".join(f"<p>{paragraph(draw, 4)}</p>" for _ in range(11))
    return (
        f"<html><head><title>Story {number}</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>Story {number}</h1>{text}</article><footer>{menu}</footer></body></html>"
    )


def channel(draw: random.Random) -> str:
    """The history of a channel, as Telegram Desktop exports it."""
    posts = [
        {
            "id": number,
            "type": "message",
            "date": "2024-05-02T10:00:00",
            "text": [f"Story {number}\n\n", {"type": "plain", "text": paragraph(draw, 5)}],
        }
        for number in range(1, POSTS + 1)
    ]
    return json.dumps({"name": "News", "type": "public_channel", "id": 1, "messages": posts})


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long something takes."""
    start = time.perf_counter()
    yield
    print(f"  {what}: {time.perf_counter() - start:.2f} s", flush=True)


def peak() -> str:
    """The most memory that this process, and one that parses, have held so far."""
    own, parser = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{own:,.0f} MiB at the peak, {parser:,.0f} of the process that parses"


def add(library: Library, encoder: Encoder, paths: list[Path]) -> None:
    """Add the articles at *paths*, as the command does."""
    with Parsers() as parsers:
        for path in paths:
            list(add_articles(library, lambda: encoder, load_source(str(path), Wanted(), parsers)))


def extract(paths: list[Path]) -> list[str]:
    """The texts at *paths*, read and not encoded."""
    with Parsers() as parsers:
        return [
            read.article.text
            for path in paths
            for read in load_source(str(path), Wanted(), parsers)
        ]


def measure(part: str, folder: Path, encoder: Encoder | None) -> None:
    """Measure one of the three parts; without *encoder* only how it is read."""
    draw = random.Random(1)  # noqa: S311 (the same files each time)
    library = open_library(open_database(f"sqlite:///{folder / part}.sqlite"), "7")
    if part == "html":
        paths = [folder / f"{number}.html" for number in range(HTML_PAGES)]
        for number, path in enumerate(paths):
            path.write_text(page(draw, number))
    else:
        paths = [folder / ("report.pdf" if part == "pdf" else "result.json")]
        paths[0].write_bytes(pdf(draw) if part == "pdf" else channel(draw).encode())
    print(f"{part}: {len(paths)} files, {sum(path.stat().st_size for path in paths):,} bytes")
    with timed("read, not encoded"):
        texts = extract(paths)
    sentences = [text[s.span.start : s.span.end] for text in texts for s in split_sentences(text)]
    print(f"  {len(texts):,} articles, {len(sentences):,} sentences")
    if encoder is None:
        print(f"  {peak()}")
    elif part == "html":
        with timed("encoded only"):
            encoder.encode(sentences)
    else:
        ask(library, encoder, paths)


def ask(library: Library, encoder: Encoder, paths: list[Path]) -> None:
    """Add, ask and remove what is at *paths*."""
    with timed("added"):
        add(library, encoder, paths)
    answerer = Answerer(Corpus(library, encoder, cache=paths[0].parent))
    with timed("first question"):
        answerer.corpus.refresh()
        answerer.answer(f"What happened to the {WORDS[0]} in 1950?")
    with timed("ten more questions"):
        for word in WORDS[1:11]:
            answerer.answer(f"Who was given the {word}?")
    with timed("removed"):
        library.remove([info.id for info in library.listing()])
    print(f"  {peak()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=["html", "pdf", "channel"])
    parser.add_argument("--read-only", action="store_true", help="encode nothing")
    options = parser.parse_args()
    part = options.part
    encoder = None if options.read_only else load_encoder(None)
    with tempfile.TemporaryDirectory() as folder:
        for name in [part] if part else ["html", "pdf", "channel"]:
            measure(name, Path(folder), encoder)


if __name__ == "__main__":
    main()
