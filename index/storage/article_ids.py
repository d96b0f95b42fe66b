"""The ids of articles: which article has one, and what is said of one that is taken or unknown."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from sqlalchemy import Connection

from index.datatypes import Article
from index.errors import ArticleError, NotFoundError
from index.storage import queries

SEVERAL = 500  # ids of one article that begin alike
NAMED = 5  # of several ids that begin alike


def find_keys(connection: Connection, library: int, ids: Sequence[str]) -> list[int]:
    """Find the keys of *ids*; raise NotFoundError that names those that are unknown."""
    found = queries.find_ids(connection, library, ids)
    unknown = [id_ for id_ in dict.fromkeys(ids) if id_ not in found]
    if unknown:
        raise _not_found(unknown, queries.all_ids(connection, library))
    return [found[id_] for id_ in ids]


def complete_id(connection: Connection, library: int, begun: str) -> str:
    """
    The id that is *begun*, or the only article's that begins so; NotFoundError says what is meant.

    For what people type: who stores ids asks for them as they are.
    """
    if begun in queries.find_ids(connection, library, [begun]):
        return begun
    ids = queries.all_ids(connection, library)
    meant = [name for name in ids if begun and name.startswith(begun)]
    keys = set(queries.find_ids(connection, library, meant[:SEVERAL]).values())
    if len(keys) == 1 and len(meant) <= SEVERAL:
        return meant[0]
    if not meant:
        raise _not_found([begun], ids)
    more = ", …" if len(meant) > NAMED else ""
    names = ", ".join(map(repr, meant[:NAMED]))
    raise NotFoundError(f"several ids begin with {begun!r}: {names}{more}; type more of one.")


def find_conflicts(
    connection: Connection, library: int, article: Article
) -> tuple[int | None, int | None]:
    """Find the keys of the article with the same text, and of the one with the same id."""
    same_text = queries.find_text(connection, library, article.text)
    return same_text, queries.find_ids(connection, library, [article.id]).get(article.id)


def is_unchanged(
    same_text: int | None, same_id: int | None, *, explicit_id: bool, replace: bool
) -> bool:
    """
    Whether a text is there already and its id needs no change.

    *same_text* is the key of the article that has the text, *same_id* of the one that has the id.
    """
    if same_text is None or same_text == same_id:
        return same_text is not None
    return not explicit_id and not (replace and same_id is not None)


def check_free(name: str, same_id: int | None, *, replace: bool) -> None:
    """Raise ArticleError when the article *same_id* has the id *name* and may not be replaced."""
    if same_id is not None and not replace:
        raise ArticleError(
            f"an article with the id {name!r} is there already with another text; "
            "give --replace to replace it, or --id to add this one beside it."
        )


def _not_found(unknown: Sequence[str], ids: Sequence[str]) -> NotFoundError:
    close = dict.fromkeys(
        match for name in unknown for match in difflib.get_close_matches(name, ids)
    )
    hint = f"did you mean {_either(list(close))}?" if close else "see `article-bot list`."
    return NotFoundError(f"no article has the id {_either(unknown)}; {hint}")


def _either(names: Sequence[str]) -> str:
    *most, last = map(repr, names)
    return f"{', '.join(most)} or {last}" if most else last
