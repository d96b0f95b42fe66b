"""Articles as people name them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEncoder

from bot.article_names import find_article
from index.errors import NotFoundError
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle

TITLES = {"storm-2026": "Storm hits the coast", "harbour": "The harbour", "harvest": "Late storms"}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library of articles that have titles and little else."""
    library = Library(open_database(f"sqlite:///{tmp_path / 'library.sqlite'}"), "chat")
    for id_, title in TITLES.items():
        article = make_article(f"It is about {id_}.", title=title, id=id_)
        list(add_articles(library, HashingEncoder, [ReadArticle(article, explicit_id=True)]))
    return library


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        *(("harbour", "harbour"), ("st", "storm-2026"), ("STORM-", "storm-2026")),
        *(("the har", "harbour"), ("late", "harvest"), ("coast", "storm-2026")),
    ],
)
def test_an_article_is_found_by_a_part_of_its_name(library: Library, name: str, id_: str) -> None:
    """By its id, a unique beginning of it, a beginning of its title, or words in it."""
    assert find_article(library, name) == id_


def test_a_name_of_several_is_told_which(library: Library) -> None:
    """Nothing is guessed: the ids are named."""
    with pytest.raises(NotFoundError, match="several ids begin with 'har': 'harbour', 'harvest'"):
        find_article(library, "har")


def test_a_name_of_none_is_not_found(library: Library) -> None:
    """The library says what is near."""
    with pytest.raises(NotFoundError, match="zebra"):
        find_article(library, "zebra")
