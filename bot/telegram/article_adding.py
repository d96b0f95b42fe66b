"""
From what a message brings to articles of its chat; all functions wait, so call them in threads.

What is not plain text is read by a process of its own, a new one for each source: what one chat
sends cannot reach what another sends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.telegram.bot_context import SharedResources
from bot.telegram.brought_sources import MAX_NAME, Brought
from bot.telegram.library_quotas import check_quotas
from bot.telegram.markup import shortened
from bot.telegram.source_progress import SourceProgress
from bot.telegram.store import addition_times
from index.datatypes import Article
from index.errors import ArticleError
from index.sources.fetching import Fetched, FetchRules
from index.sources.loading import Wanted, load_address, load_bytes
from index.sources.parsing import Parsers
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle

MAX_NAMESAKES = 1_000  # articles of one name, whose ids get numbers


@dataclass(frozen=True, slots=True)
class Stored:
    """An *article* under the *key* that it has; *new* unless its text was there before."""

    article: Article
    key: int
    new: bool


def read_source(
    shared: SharedResources, chat: int, brought: Brought, data: bytes, progress: SourceProgress
) -> list[ReadArticle]:
    """
    The articles in what was *brought*; *data* are the bytes of a document.

    Raises QuotaError before anything is fetched, and ArticleError.
    """
    progress.check()
    check_quotas(shared, chat)
    if brought.link is None and brought.document is None:
        name = shortened(brought.text, MAX_NAME)
        return [ReadArticle(make_article(brought.text, source=brought.source, name=name))]
    rules = FetchRules(networks=shared.settings.networks)
    called = None if brought.document is None else brought.document.file_name or brought.name
    wanted = Wanted(name=called, chat=str(chat), rules=rules, progress=progress.reading)
    with Parsers() as parsers:
        if brought.link is not None:
            return list(load_address(brought.link, wanted, parsers))
        return list(load_bytes(Fetched(brought.name, data), wanted, parsers))


def store_articles(
    shared: SharedResources, chat: int, found: list[ReadArticle], progress: SourceProgress
) -> Iterator[Stored]:
    """Add what was *found*, one article after another; raises QuotaError and ArticleError."""
    library = Library(shared.engine, str(chat))
    for read in found:
        progress.check()
        yield _store(shared, library, read, progress)


def _store(
    shared: SharedResources, library: Library, read: ReadArticle, progress: SourceProgress
) -> Stored:
    chat = int(library.chat)
    named = with_free_id(library, read)
    known = library.check(named.article, replace=False, explicit_id=named.explicit_id)
    if known != "unchanged":
        check_quotas(shared, chat, len(named.article.text))
    encoder = shared.answerers.encoder
    [added] = add_articles(library, lambda: encoder, [named], progress=progress.encoding)
    new = added.status != "unchanged"
    if new:
        addition_times.note_addition(shared.engine, chat)
    stored = library.get(added.id)
    return Stored(stored.article, stored.key, new)


def with_free_id(library: Library, read: ReadArticle) -> ReadArticle:
    """*read* with an id that no other text of *library* has: its own, or that with a number."""
    for number in range(1, MAX_NAMESAKES):
        ending = "" if number == 1 else f"-{number}"
        article = replace(read.article, id=f"{read.article.id[:100]}{ending}")
        try:
            library.check(article, replace=False, explicit_id=read.explicit_id)
        except ArticleError:  # another text has it
            continue
        return replace(read, article=article)
    return read
