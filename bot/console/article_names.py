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

    An id goes first, then the beginning of one, then that of a title, then words in a title; case
    does not matter. Raises NotFoundError when it means none, or several, which are named.
    """
    infos = library.listing()
    if any(name in (info.id, *info.other_ids) for info in infos):
        return name
    wanted = name.casefold()
    for found in (
        [info for info in infos if info.id.casefold().startswith(wanted)],
        [info for info in infos if one_line(info.title).casefold().startswith(wanted)],
        [info for info in infos if wanted in one_line(info.title).casefold()],
    ):
        if len(found) == 1:
            return found[0].id
        if found:
            raise NotFoundError(f"{name!r} may be {_names(found)}; give more of the id or title.")
    library.get(name)  # says that there is none, and what is near
    return name


def _names(infos: Sequence[ArticleInfo]) -> str:
    named = [info.id for info in infos[:MAX_NAMED]]
    if len(infos) > MAX_NAMED:
        named.append(f"{len(infos) - MAX_NAMED:,} more")
    return f"{', '.join(named[:-1])} or {named[-1]}"
