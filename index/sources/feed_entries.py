"""A feed (RSS, Atom, RDF) into documents, one for each entry, the newest first as they stand."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser

from index.errors import ArticleError
from index.sources.documents import Document, Part
from index.sources.hints import Hints
from index.sources.html_pages import parse_markup
from index.sources.html_tree import parts_of_tree
from index.sources.safe_archives import declares

MAX_ENTRIES = 2_000
WHOLE = 600  # characters from which an entry is the article, not only its announcement

Entry = Any  # feedparser's dictionaries have no types


def parse(data: bytes, hints: Hints) -> Iterator[Document]:
    """
    First the feed itself, without parts, and then its entries.

    An entry that only announces an article has the *notice* "summary". *name* is what the feed
    calls an entry, so that it is known again.
    """
    if declares(data[:65_536].replace(b"<!DOCTYPE rss", b"")) and b"<!ENTITY" in data.upper():
        raise ArticleError(f"{hints.name} declares entities, which no feed does; it is not read.")
    try:
        feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, OverflowError, IndexError, AttributeError, AssertionError) as exc:
        raise ArticleError(f"{hints.name} is a damaged feed, which cannot be read.") from exc
    if not feed.version:
        raise ArticleError(f"{hints.name} is no feed; give the address of an RSS or Atom feed.")
    title = _plain(feed.feed.get("title"))
    yield Document((), title=title, link=_link(feed.feed))
    for entry in feed.entries[:MAX_ENTRIES]:
        parts = _parts(entry)
        link = _link(entry)
        name = entry.get("id") or link or _plain(entry.get("title"))
        if name:
            whole = sum(len(part.text) for part in parts) >= WHOLE
            yield Document(
                parts,
                title=_plain(entry.get("title")),
                author=_plain(entry.get("author")),
                date=_day(entry),
                link=link,
                name=name,
                notice=None if whole else "summary",
            )


def _link(entry: Entry) -> str | None:
    link = entry.get("link")
    return link if isinstance(link, str) and link.startswith(("http://", "https://")) else None


def _parts(entry: Entry) -> tuple[Part, ...]:
    """The longest text that an entry has of itself."""
    texts = [content.get("value") or "" for content in entry.get("content", ())]
    texts.append(entry.get("summary") or "")
    trees = (parse_markup(text) for text in texts if text.strip())
    found = [parts_of_tree(tree) for tree in trees if tree is not None]
    return max(found, key=lambda parts: sum(len(part.text) for part in parts), default=())


def _plain(markup: str | None) -> str | None:
    """The words of a title, which may hold markup."""
    tree = parse_markup(markup) if markup and markup.strip() else None
    return None if tree is None else " ".join("".join(tree.itertext()).split()) or None


def _day(entry: Entry) -> str | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC).date().isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None
