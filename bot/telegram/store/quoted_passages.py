"""
Passages as the bot remembers them: where they stand, and a digest of their words.

The words stay in their article only; when that is changed or removed, no reply shows them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.datatypes import Passage, PassageKind, Span
from index.errors import NotFoundError
from index.storage.library import Library


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A passage as it is remembered; *answer* are the words that answer, None if nobody knew."""

    article: str
    digest: str
    span: Span
    best: Span
    kind: PassageKind
    answer: Span | None = None


def quote(passage: Passage) -> QuotedPassage:
    """What is remembered of *passage*."""
    return QuotedPassage(
        passage.article.id,
        _digest(passage.text),
        passage.span,
        passage.best,
        passage.kind,
        passage.answer,
    )


def find_passages(library: Library, quoted: Sequence[QuotedPassage]) -> list[Passage] | None:
    """The passages that were *quoted*, None when some are not in their articles any more."""
    try:
        stored = {name: library.get(name) for name in {passage.article for passage in quoted}}
    except NotFoundError:
        return None
    passages = [
        Passage(
            source.article,
            passage.span,
            passage.best,
            passage.kind,
            0.0,
            source.sentences,
            passage.answer,
            source.structure.blocks,
        )
        for passage in quoted
        for source in [stored[passage.article]]
    ]
    same = all(_digest(new.text) == old.digest for new, old in zip(passages, quoted, strict=True))
    return passages if same else None


def to_fields(passage: QuotedPassage) -> list[str | int]:
    """*passage* as it is stored, a list for JSON."""
    spans = [passage.span.start, passage.span.end, passage.best.start, passage.best.end]
    words = [passage.answer.start, passage.answer.end] if passage.answer else []
    return [passage.article, passage.digest, *spans, passage.kind, *words]


def from_fields(fields: Sequence[Any]) -> QuotedPassage:
    """
    Read what to_fields wrote, or an earlier version.

    These knew no answering words. The first of them wrote the paragraph at the end, one number,
    which follows from the article.
    """
    article, digest, start, end, first, last, kind, *rest = fields
    answer = Span(*rest) if len(rest) == 2 else None
    return QuotedPassage(article, digest, Span(start, end), Span(first, last), kind, answer)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
