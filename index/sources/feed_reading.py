"""A feed at an address: its entries, and the article that each of them announces."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from index.errors import ArticleError
from index.sources.addresses import shown
from index.sources.documents import Document
from index.sources.fetching import Fetched, FetchRules, fetch
from index.sources.kinds import SAMPLE, kind_of
from index.sources.loading import Wanted, load_address, name_of_address, to_article
from index.sources.parsing import Parsers
from index.text.readers import ReadArticle

ANNOUNCEMENT = "summary"  # the notice of an entry that is not the article itself
MIN_SUMMARY = 200  # characters of an announcement that is kept where its page cannot be read


@dataclass(frozen=True, slots=True)
class FeedContents:
    """What a feed holds; *fetched* is its version, for the next time."""

    title: str | None
    entries: tuple[Document, ...]
    fetched: Fetched


def read_feed(
    url: str, rules: FetchRules, parsers: Parsers, known: Fetched | None = None
) -> FeedContents | None:
    """The feed at *url*, None when it is still what is *known*; raises ArticleError."""
    found = fetch(url, rules, known)
    if found is None:
        return None
    kind = kind_of(found.data[:SAMPLE], "", says_html=found.is_html)
    if kind == "html":
        raise ArticleError(f"{shown(url)} is a page and no feed; add it without --feed.")
    if kind not in ("feed", "text"):
        raise ArticleError(f"{shown(url)} is no feed; give the address of an RSS or Atom feed.")
    first, *entries = parsers.parse("feed", found.data, shown(url), found.charset)
    return FeedContents(first.title, tuple(entries), found)


def read_entry(
    entry: Document, wanted: Wanted, parsers: Parsers, *, is_taken: bool = False
) -> ReadArticle:
    """
    The article of an *entry*: its own text, or that of the page which it announces.

    *is_taken* says that another article has the id that its address would give. Raises
    ArticleError when the page cannot be read and the announcement is short.
    """
    named = replace(wanted, name=_name(entry, is_taken=is_taken))
    if entry.notice == ANNOUNCEMENT and entry.link is not None:
        try:
            [read] = load_address(entry.link, named, parsers)
            title = entry.title or read.article.title
            return replace(read, article=replace(read.article, title=title))
        except (ArticleError, ValueError):
            if sum(len(part.text) for part in entry.parts) < MIN_SUMMARY:
                raise
    return to_article(replace(entry, name=None, notice=None), named, None)


def _name(entry: Document, *, is_taken: bool) -> str:
    name = name_of_address(entry.link) if entry.link else entry.title or "entry"
    if not is_taken:
        return name
    return (
        f"{name}-{hashlib.sha256((entry.name or name).encode('utf-8', 'replace')).hexdigest()[:6]}"
    )
