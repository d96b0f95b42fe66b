"""
Whatever `add` is given into articles: an address, a file of any kind, standard input.

Plain text is read here; everything else in a process of its own (``parsing``).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

from index.datatypes import Structure
from index.errors import ArticleError
from index.languages.registry import checked_language
from index.sources.addresses import shown
from index.sources.assembling import assemble
from index.sources.documents import Document
from index.sources.fetching import DEFAULT_RULES, Fetched, FetchRules, fetch
from index.sources.kinds import SAMPLE, Kind, kind_of
from index.sources.parsing import MAX_SOURCE, Parsers, Progress
from index.sources.part_links import followed
from index.text.articles import make_article
from index.text.readers import (
    STANDARD_INPUT,
    ReadArticle,
    completed,
    is_markdown_name,
    opened,
    shown_name,
    skim_path,
    skim_text,
    unreadable,
)

_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://|(?:javascript|data|mailto|file|about|vbscript):", re.IGNORECASE
)
_POST = re.compile(r"https://t\.me/c/(\d+)/(\d+)")
MANY: frozenset[Kind] = frozenset(("feed", "telegram"))  # kinds that hold many articles
SHORT = 300  # characters, up to which the source knows the language better than its words tell


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What is said of a source: *title*, *id* and *language* as for ``skim_path``.

    *name* gives the id where nobody chose one; *chat* is that of the library; *rules* are those of
    addresses; *progress* hears how many pages of a document are read.
    """

    title: str | None = None
    id: str | None = None
    language: str | None = None
    name: str | None = None
    chat: str | None = None
    rules: FetchRules = DEFAULT_RULES
    progress: Progress | None = field(default=None, compare=False)


def load_source(path: str, wanted: Wanted, parsers: Parsers) -> Iterator[ReadArticle]:
    """The articles that ``skim_source`` gives, completed."""
    for read in skim_source(path, wanted, parsers):
        yield completed(read)


def skim_source(path: str, wanted: Wanted, parsers: Parsers) -> Iterator[ReadArticle]:
    """
    The articles at *path*: an address of the web, a file, or "-" for standard input.

    Those of plain text are not completed. Raises ArticleError in one sentence; articles before it
    have been yielded then.
    """
    if _ADDRESS.match(path):
        yield from load_address(path, wanted, parsers)
        return
    try:
        with opened(path, MAX_SOURCE) as stream:
            data = _peekable(stream)
            kind = kind_of(data.peek(SAMPLE)[:SAMPLE], "" if path == "-" else path)
            if kind == "text":
                yield from skim_path(
                    path,
                    stream=cast(BinaryIO, data),
                    name=wanted.name,
                    title=wanted.title,
                    id=wanted.id,
                    language=wanted.language,
                )
                return
            found = Fetched(path, data.read(MAX_SOURCE + 1))
    except OSError as exc:
        raise unreadable(path, exc) from exc
    known = replace(wanted, name=wanted.name or shown_name(path))
    yield from _parse(found, kind, known, parsers, None if path == "-" else path)


def document_digest(path: str) -> str:
    """The digest of the bytes of a file that takes long to read and is one article, else ""."""
    if path == "-" or _ADDRESS.match(path):
        return ""
    with suppress(ArticleError, OSError), opened(path, MAX_SOURCE) as stream:
        kind = kind_of(_peekable(stream).peek(SAMPLE)[:SAMPLE], path)
        if kind != "text" and kind not in MANY:
            stream.seek(0)
            return hashlib.sha256(stream.read()).hexdigest()
    return ""


def _peekable(stream: BinaryIO) -> io.BufferedReader:
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(io.RawIOBase, stream))


def load_address(url: str, wanted: Wanted, parsers: Parsers) -> Iterator[ReadArticle]:
    """The article at the web address *url*, never a file; raises ArticleError in one sentence."""
    found = fetch(url.partition("#")[0], wanted.rules)
    if found is None:
        return
    name = wanted.name or name_of_address(found.url)
    yield from load_bytes(found, replace(wanted, name=name), parsers, found.url)


def load_bytes(
    found: Fetched, wanted: Wanted, parsers: Parsers, source: str | None = None
) -> Iterator[ReadArticle]:
    """
    The articles in bytes that are there already: what was *found*, or what somebody has sent.

    *source* is where they are from, None when nobody can go there.
    """
    name = wanted.name or STANDARD_INPUT
    kind = kind_of(found.data[:SAMPLE], name, says_html=found.is_html)
    if kind == "feed" and source is not None:
        raise ArticleError(f"{shown(source)} is a feed; `article-bot add --feed URL` follows it.")
    if kind != "text":
        yield from _parse(found, kind, replace(wanted, name=name), parsers, source)
        return
    read = skim_text(
        found.data,
        name,
        title=wanted.title,
        id=wanted.id,
        language=wanted.language,
        markdown=is_markdown_name(name),
    )
    yield completed(replace(read, article=replace(read.article, source=source)))


def name_of_address(url: str) -> str:
    """What a page is called: the last part of its path, else its machine."""
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    host = (parts.hostname or "page").removeprefix("www.").replace(".", "-")
    if last and not re.fullmatch(r"index\.\w+", last):
        return last
    return f"{host}-{parts.query}" if parts.query else host


def _parse(
    found: Fetched, kind: Kind, wanted: Wanted, parsers: Parsers, source: str | None
) -> Iterator[ReadArticle]:
    """The articles of a source that is not plain text."""
    name = wanted.name or STANDARD_INPUT
    if len(found.data) > MAX_SOURCE:
        raise ArticleError(f"{name} has more than {MAX_SOURCE:,} bytes; split it.")
    if kind in MANY and (wanted.title is not None or wanted.id is not None):
        raise ArticleError(
            f"{name} holds many articles, each with a title and an id of its own; "
            "leave out those given."
        )
    documents = parsers.parse(kind, found.data, name, found.charset, wanted.progress)
    for document in documents:
        if document.parts:
            known = _entry_of(document) if kind == "feed" else document
            yield to_article(known, replace(wanted, name=name), source)


def _entry_of(document: Document) -> Document:
    """An entry of a feed that is not followed: it is called by its address or its title."""
    name = name_of_address(document.link) if document.link else document.title
    return replace(document, name=name, notice=None)


def to_article(document: Document, wanted: Wanted, source: str | None) -> ReadArticle:
    """An article of *document*, under what is *wanted*; raises ArticleError when it is none."""
    assembled = assemble(document.parts)
    id_ = wanted.id or _id_of_post(document, wanted.chat)
    article = make_article(
        assembled.text,
        id=id_,
        title=wanted.title or document.title,
        source=document.link or source,
        language=wanted.language or _language(document, len(assembled.text)),
        name=document.name or wanted.name or "text",
    )
    known = replace(article, author=document.author, published=document.date)
    links = tuple(followed(assembled.links, article.source))
    structure = Structure(assembled.blocks, links, given=True)
    return ReadArticle(known, document.notice, explicit_id=id_ is not None, structure=structure)


def _id_of_post(document: Document, chat: str | None) -> str | None:
    """The id that a channel's bot gives to a post, in the library of that channel."""
    post = _POST.fullmatch(document.link or "")
    return f"post-{post[2]}" if post and chat == f"-100{post[1]}" else None


def _language(document: Document, characters: int) -> str | None:
    """The language that a short text says it is in; a longer one shows it."""
    if characters > SHORT or document.language is None:
        return None
    try:
        return checked_language(document.language)
    except ArticleError:
        return None
