"""Text, Markdown and JSONL, from files and standard input, into articles."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from index.datatypes import Article, Structure
from index.errors import ArticleError
from index.text.articles import begin_article, complete_article, digest
from index.text.blocks import find_blocks
from index.text.decoding import ADVICE, decode
from index.text.jsonl_records import kept_before, parse_record, string_of
from index.text.markdown_source import read_markdown

MAX_BYTES = 40_000_000  # of one text, or of one line of a JSONL file
STANDARD_INPUT = "standard input"
JSONL = {".jsonl", ".ndjson"}
MARKDOWN = {".md", ".markdown", ".mdown"}


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """
    An article, what its reader should know, and its line (from 1) in a JSONL file.

    *explicit_id* says that somebody chose the id, and that it was not made of the file's name;
    *structure* is how the source is built, None when the text alone tells; *digest* that of the
    text, where it is known; then the article may be empty, of a text that is stored. *called* is
    what a text is called whose title and language are still to be found (``completed``), which
    takes longer than all else.
    """

    article: Article
    notice: str | None = None
    line: int | None = None
    explicit_id: bool = False
    structure: Structure | None = None
    digest: str | None = field(default=None, compare=False)
    called: str | None = None


def completed(read: ReadArticle) -> ReadArticle:
    """*read* with the title and the language of its article."""
    if read.called is None:
        return read
    return replace(read, article=complete_article(read.article, read.called), called=None)


def skim_path(  # noqa: PLR0913 (what is known of a path)
    path: str,
    *,
    stream: BinaryIO | None = None,
    name: str | None = None,
    title: str | None = None,
    id: str | None = None,  # noqa: A002 (the field's name)
    language: str | None = None,
) -> Iterator[ReadArticle]:
    """
    The articles of a file, or of standard input when *path* is ``-``, one by one, not completed.

    A JSONL file (known by its suffix; on standard input by its first line) gives many, read line
    by line; any other file gives one. *title* and *id* are for that one. *language* (ISO 639-1) is
    for what names none itself; without it, the text tells. *stream* holds the bytes at *path* where
    they are open already, *name* is what makes the id instead of the file's name.

    Raises ArticleError in one sentence. In a JSONL file it comes when the bad line is reached;
    the articles before it have been yielded then, and the message says that they are kept.
    """
    try:
        with nullcontext(stream) if stream is not None else opened(path) as data:
            first, many = _first_line(data, path)
            if many and (title is not None or id is not None):
                raise ArticleError(
                    f"{shown_name(path)} holds many articles, each with a title and an id of its "
                    "own; leave out those given."
                )
            if many:
                yield from _load_jsonl(first, data, path, language)
            else:
                text = first + data.read(MAX_BYTES + 1 - len(first))
                read = skim_text(
                    text,
                    name or shown_name(path),
                    id=id,
                    title=title,
                    language=language,
                    markdown=is_markdown_name(path),
                )
                yield replace(read, article=replace(read.article, source=_source(path)))
    except OSError as exc:
        raise unreadable(path, exc) from exc


def _shown(path: str) -> str:
    """*path* on one line, in characters that can be written and stored."""
    return path if path and path.isprintable() else ascii(path)


def shown_name(path: str) -> str:
    """What messages call the file at *path*."""
    return STANDARD_INPUT if path == "-" else _shown(Path(path).name)


def _source(path: str) -> str | None:
    return None if path == "-" else _shown(path)


def _is_jsonl(path: str) -> bool:
    return Path(path).suffix.lower() in JSONL


def opened(path: str, most: int = MAX_BYTES) -> AbstractContextManager[BinaryIO]:
    """The bytes at *path*, *most* of them; only of regular files, since others may never end."""
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    if not path or "\x00" in path:  # Path takes the first for the current folder
        raise FileNotFoundError
    status = Path(path).stat()
    if stat.S_ISDIR(status.st_mode):
        raise ArticleError(f"{_shown(path)} is a folder; give the files in it.")
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError(f"{_shown(path)} is not a regular file; {ADVICE}")
    if status.st_size > most and not _is_jsonl(path):
        raise _too_big(shown_name(path), f"{status.st_size:,}")
    return Path(path).open("rb")


def _too_big(name: str, size: str) -> ArticleError:
    return ArticleError(
        f"{name} has {size} bytes and a text may have {MAX_BYTES:,}; split it into several files.",
        "long",
    )


def unreadable(path: str, exc: OSError) -> ArticleError:
    """What is said of a file that the system does not give."""
    shown = shown_name(path) if path == "-" else _shown(path)
    if isinstance(exc, FileNotFoundError):
        return ArticleError(f"There is no file {shown}; check its name and folder.")
    if isinstance(exc, PermissionError):
        return ArticleError(f"{shown} may not be read; change its permissions.")
    return ArticleError(f"{shown} cannot be read ({exc.strerror or exc}); check the file.")


def _first_line(stream: BinaryIO, path: str) -> tuple[bytes, bool]:
    """What had to be read to find out, and whether the input is JSONL."""
    if path != "-":
        return b"", _is_jsonl(path)
    start = bytearray()
    while line := stream.readline(MAX_BYTES):
        start += line
        if line.strip() or len(start) > MAX_BYTES:
            break
    try:
        record = json.loads(start)
    except (ValueError, RecursionError):
        return bytes(start), False
    return bytes(start), isinstance(record, dict) and "text" in record


def is_markdown_name(name: str) -> bool:
    """Whether a file of this *name* is Markdown."""
    return Path(name).suffix.lower() in MARKDOWN


def skim_text(  # noqa: PLR0913 (what is known of a text)
    data: bytes,
    name: str,
    *,
    title: str | None = None,
    id: str | None = None,  # noqa: A002
    language: str | None = None,
    markdown: bool = False,
) -> ReadArticle:
    """The article in the bytes *data*, a text (or Markdown) called *name*; not completed."""
    if len(data) > MAX_BYTES:
        raise _too_big(name, f"more than {MAX_BYTES:,}")
    if not data.strip():
        raise ArticleError(f"{name} is empty; give an article with words in it.", "empty")
    decoded = decode(data, name)
    text, links = read_markdown(decoded.text) if markdown else (decoded.text, ())
    article = begin_article(text, id=id, title=title, language=language, name=name)
    structure = Structure(find_blocks(article.text), links) if links else None
    return ReadArticle(
        article, decoded.notice, explicit_id=id is not None, structure=structure, called=name
    )


def _load_jsonl(
    first: bytes, stream: BinaryIO, path: str, language: str | None
) -> Iterator[ReadArticle]:
    """One article a line; *first* was read from *stream* before."""
    digests: dict[str, str] = {}
    read = 0
    rest = iter(lambda: stream.readline(MAX_BYTES + 1), b"")
    for number, line in enumerate(chain(first.splitlines(keepends=True), rest), start=1):
        if not line.strip():
            continue
        try:
            parsed = _parse_line(line, number, path, language)
            content = digest(parsed.article.text)
            if digests.setdefault(parsed.article.id, content) != content:
                raise ArticleError(f"gives another text the id {parsed.article.id}, used before it")
        except ArticleError as exc:
            told = f"Line {number} of {shown_name(path)} {exc}; {kept_before(read)}"
            raise ArticleError(told) from exc
        read += 1
        yield replace(parsed, digest=content)
    if not read:
        raise ArticleError(f"{shown_name(path)} is empty; give one article a line.")


def _parse_line(line: bytes, number: int, path: str, language: str | None) -> ReadArticle:
    """The article of a line; an ArticleError says what follows "Line 7 of news.jsonl"."""
    if len(line) > MAX_BYTES:
        raise ArticleError(f"has more than {MAX_BYTES:,} bytes")
    record = parse_record(line)
    text, title, given = (string_of(record, key) for key in ("text", "title", "id"))
    if text is None:
        raise ArticleError('has no "text"')
    name = given or f"{Path(shown_name(path)).stem}-{number}"
    try:
        article = begin_article(
            text,
            id=given,
            title=title,
            source=_source(path),
            language=string_of(record, "language") or language,
            name=name,
        )
    except ArticleError as exc:
        raise ArticleError(f"cannot be used ({str(exc).rstrip('.')})") from exc
    return ReadArticle(article, line=number, explicit_id=given is not None, called=name)
