"""What `/add` of the console adds, and what it says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.console.adding import inputs_at
from bot.console.terminal import error_line
from bot.plain_text import count, one_line
from index.errors import ArticleError

if TYPE_CHECKING:
    from index.answering import Answerer

SHOWN = 10  # lines; the rest is counted


def add_path(answerer: Answerer, path: str) -> str:
    """Add what is at *path* to the library that is asked; says what became of it, line by line."""
    from bot.config import load_settings
    from index.sources.fetching import FetchRules
    from index.sources.loading import Wanted, load_source
    from index.sources.parsing import Parsers
    from index.storage.ingest import add_articles

    library, encoder = answerer.library, answerer.corpus.encoder
    rules = FetchRules(networks=load_settings().networks)
    lines = []
    with Parsers() as parsers:
        for file, name in inputs_at([path]):
            wanted = Wanted(name=name, chat=library.chat, rules=rules)
            try:
                for read in load_source(file, wanted, parsers):
                    [added] = add_articles(library, lambda: encoder, [read])
                    verb = "was there already" if added.status == "unchanged" else added.status
                    lines.append(f"{added.id} {verb}: {one_line(read.article.title)}")
            except ArticleError as exc:
                lines.append(error_line(str(exc)))
    more = [f"… and {count(len(lines) - SHOWN, 'line')} more"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more]) or "There is nothing to add."
