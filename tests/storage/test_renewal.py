"""Blocks and sentences of older rules are made again, once, under a new key."""

from __future__ import annotations

import pytest
from fakes import HashingEncoder
from sqlalchemy import delete, update

from index.datatypes import Article, Block, Sentence, Span, Structure
from index.storage import renewal
from index.storage.engine import writing
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.storage.records import EncodedArticle
from index.storage.renewal import renew_structures
from index.storage.schema import structures
from index.text.blocks import find_structure
from index.text.readers import ReadArticle

TEXT = "# Cats\n\nThey sleep. They eat.\n\n- fish\n- mice"


def store_old(library: Library, *spans: Span, structure: Structure | None = None) -> int:
    """Store TEXT as a program with older rules did, its sentences at *spans*; return its key."""
    sentences = [Sentence(span, 1) for span in spans]
    article = Article("a", "Cats", TEXT)
    vectors = HashingEncoder().encode([article.cut(span) for span in spans])
    new = EncodedArticle(article, sentences, vectors, structure=structure or Structure())
    library.add([new], HashingEncoder().identity)
    with writing(library.engine) as connection:
        connection.execute(update(structures).values(rules=0))
    return library.keys()[0]


def test_sentences_of_older_rules_are_made_again(library: Library) -> None:
    """The article has a new key, and with it the blocks, sentences and vectors of today."""
    key = store_old(library, Span(0, len(TEXT)))
    added = library.listing()[0].added_at

    renew_structures(library, HashingEncoder())

    stored = library.get("a")
    assert stored.key != key
    assert [stored.article.cut(sentence.span) for sentence in stored.sentences] == [
        *("# Cats", "They sleep.", "They eat.", "- fish", "- mice")
    ]
    assert [block.kind for block in stored.structure.blocks] == [
        *("heading", "paragraph", "item", "item")
    ]
    assert len(library.vectors([stored.key], HashingEncoder().identity)[stored.key]) == 5
    assert library.listing()[0].added_at == added


def test_all_names_stay(library: Library) -> None:
    """An article that is known by two ids is afterwards, the first one first."""
    store_old(library, Span(0, len(TEXT)))
    library.add([EncodedArticle(Article("b", "Cats", TEXT), explicit_id=True)], "")

    renew_structures(library, HashingEncoder())

    assert [(info.id, info.other_ids) for info in library.listing()] == [("a", ("b",))]


def test_what_stays_the_same_is_not_encoded(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors of sentences that are there already are kept; only the others are encoded."""
    store_old(library, Span(0, 6), Span(8, 19), Span(20, 29), Span(31, 44))
    model = HashingEncoder()
    encoded: list[str] = []
    real = model.encode

    def note(texts: list[str]) -> object:
        encoded.extend(texts)
        return real(texts)

    monkeypatch.setattr(model, "encode", note, raising=False)
    renew_structures(library, model)

    assert encoded == ["- fish", "- mice"]


def test_unchanged_sentences_keep_the_key(library: Library) -> None:
    """Where only blocks are made again, caches of the article stay right."""
    list(add_articles(library, HashingEncoder, [ReadArticle(Article("a", "Cats", TEXT))]))
    [key] = library.keys()
    with writing(library.engine) as connection:
        connection.execute(delete(structures))

    renew_structures(library, HashingEncoder())

    assert library.keys() == [key]
    assert library.get("a").structure == find_structure(TEXT)


def test_blocks_that_the_source_gave_are_kept(library: Library) -> None:
    """What a page told cannot be found in its text; only sentences are made again."""
    given = Structure((Block("code", Span(0, len(TEXT))),), given=True)
    store_old(library, Span(0, 6), Span(8, len(TEXT)), structure=given)

    renew_structures(library, HashingEncoder())

    stored = library.get("a")
    assert stored.structure == given
    assert [sentence.span for sentence in stored.sentences] == [Span(0, len(TEXT))]


def test_it_is_done_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has the rules of today is not looked at again."""
    store_old(library, Span(0, len(TEXT)))
    renew_structures(library, HashingEncoder())
    revision = library.revision()
    monkeypatch.setattr(renewal, "_renew", None)

    renew_structures(library, HashingEncoder())

    assert library.revision() == revision
