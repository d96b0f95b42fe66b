"""Articles as people name them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.console.article_names import find_article
from index.errors import NotFoundError

TITLES = {"storm-2026": "Storm hits the coast", "harbour": "The harbour", "harvest": "Late storms"}


class Articles:
    """A library of articles that have titles and nothing else."""

    def listing(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(id=id_, title=title, other_ids=()) for id_, title in TITLES.items()]

    def get(self, id: str) -> None:  # noqa: A002
        raise NotFoundError(f"no article has the id {id!r}.")


def find(name: str) -> str:
    """Find the article that *name* means."""
    return find_article(Articles(), name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        *(("harbour", "harbour"), ("st", "storm-2026"), ("STORM-", "storm-2026")),
        *(("the har", "harbour"), ("late", "harvest"), ("coast", "storm-2026")),
    ],
)
def test_an_article_is_found_by_a_part_of_its_name(name: str, id_: str) -> None:
    """By its id, a unique beginning of it, a beginning of its title, or words in it."""
    assert find(name) == id_


def test_a_name_of_several_is_told_which() -> None:
    """Nothing is guessed: the ids are named."""
    with pytest.raises(NotFoundError, match="'har' may be harbour or harvest; give more"):
        find("har")


def test_a_name_of_none_is_not_found() -> None:
    """The library says what is near."""
    with pytest.raises(NotFoundError, match="no article has the id 'zebra'"):
        find("zebra")
