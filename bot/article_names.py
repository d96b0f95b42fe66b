"""An article as a person names it: by its id, the beginning of one, or words of its title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.plain_text import one_line
from index.errors import NotFoundError

if TYPE_CHECKING:
    from index.storage.library import Library
    from index.storage.records import ArticleInfo

MAX_NAMED = 4  # articles that an ambiguous name is answered with


def find_article(library: Library, name: str) -> str:
    """
    The id of the one article of *library* that *name* means.

    An id goes first, then the beginning of one, then that of a title, then words in a title; in
    these case does not matter. Raises NotFoundError when it means none, or several, which it names.
    """
    try:
        return library.complete(name)
    except NotFoundError:
        infos = library.listing()
        if any(info.id.startswith(name) for info in infos):
            raise
        if found := _named_so(infos, name.casefold()):
            return _only(found, name)
        raise


def _named_so(infos: Sequence[ArticleInfo], wanted: str) -> Sequence[ArticleInfo]:
    """The articles that *wanted*, in small letters, names best."""
    for found in (
        [info for info in infos if info.id.casefold().startswith(wanted)],
        [info for info in infos if one_line(info.title).casefold().startswith(wanted)],
        [info for info in infos if wanted in one_line(info.title).casefold()],
    ):
        if found:
            return found
    return []


def _only(infos: Sequence[ArticleInfo], name: str) -> str:
    if len(infos) > 1:
        raise NotFoundError(f"{name!r} may be {_names(infos)}; give more of the id or title.")
    return infos[0].id


def _names(infos: Sequence[ArticleInfo]) -> str:
    named = [info.id for info in infos[:MAX_NAMED]]
    if len(infos) > MAX_NAMED:
        named.append(f"{len(infos) - MAX_NAMED:,} more")
    return f"{', '.join(named[:-1])} or {named[-1]}"
