"""Answers and articles as scripts read them, in JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from index.datatypes import Answer, Article, Passage, Span
from index.text.surroundings import brought_spans, items_left, place_of

if TYPE_CHECKING:
    from index.storage.records import ArticleInfo, StoredArticle

HITS_IN_JSON = 10


def to_json(value: object) -> str:
    """*value* as JSON on one line, in ASCII, so that no output encoding can break it."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Make the answer that scripts read."""
    return {
        "question": answer.question,
        "answered": bool(answer.answered),
        "confidence": float(answer.confidence),
        "tier": answer.tier,
        "passages": [_passage_json(passage) for passage in answer.passages],
        "hits": [
            {"article": hit.article.id, **_span_json(hit.span), "score": float(hit.score)}
            for hit in answer.hits[:HITS_IN_JSON]
        ],
        "elapsed_ms": round(float(answer.elapsed_ms), 3),
        "kind": answer.kind,
        "unanswered": list(answer.unanswered),
        "about": answer.about,
        "parts": [_part_json(part) for part in answer.parts],
    }


def _part_json(part: Answer) -> dict[str, Any]:
    """One of several questions, with its own tier and passages."""
    return {
        "question": part.question,
        "answered": bool(part.answered),
        "confidence": float(part.confidence),
        "tier": part.tier,
        "passages": [_passage_json(passage) for passage in part.passages],
        "about": part.about,
    }


def _passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "article": passage.article.id,
        "title": passage.article.title,
        **_span_json(passage.span),
        "text": passage.text,
        "best": _span_json(passage.best),
        "answer": None if passage.answer is None else _words_json(passage.article, passage.answer),
        "kind": passage.kind,
        "score": float(passage.score),
        "paragraph": passage.paragraph,
        "section": place_of(passage).section,
        "page": place_of(passage).page,
        "brings": [_words_json(passage.article, span) for span in brought_spans(passage)],
        "items_left": items_left(passage),
    }


def _words_json(article: Article, span: Span) -> dict[str, Any]:
    return {**_span_json(span), "text": article.cut(span)}


def _span_json(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def info_json(info: ArticleInfo) -> dict[str, Any]:
    """Make a row of `list --json`; the time is ISO 8601 in UTC."""
    return {
        "id": info.id,
        "title": info.title,
        "characters": info.characters,
        "paragraphs": info.paragraphs,
        "sentences": info.sentences,
        "source": info.source,
        "language": info.language,
        "added_at": info.added_at.isoformat(),
        "other_ids": list(info.other_ids),
    }


def article_json(stored: StoredArticle) -> dict[str, Any]:
    """Make the object of `show --json`: the stored text and its sentences' offsets."""
    article = stored.article
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "language": article.language,
        "sentences": [[sentence.span.start, sentence.span.end] for sentence in stored.sentences],
        "author": article.author,
        "published": article.published,
        "tags": list(article.tags),
        "blocks": [
            {"kind": block.kind, **_span_json(block.span)} for block in stored.structure.blocks
        ],
        "links": [
            {**_span_json(link.span), "address": link.address} for link in stored.structure.links
        ],
    }
