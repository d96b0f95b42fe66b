"""Answers and articles as JSON, with exact outputs."""

from __future__ import annotations

import json
from dataclasses import replace

from fakes import hit_of
from storm_answer import ANSWER, ARTICLE, KNOWN, LEANING, PIER, info

from bot.console.answer_json import answer_json, info_json, to_json


def test_answer_json_keeps_the_contract() -> None:
    """The JSON of an answer has exactly the keys and values that scripts read."""
    assert answer_json(replace(ANSWER, passages=(LEANING,))) == {
        "question": "what broke?",
        "answered": True,
        "confidence": 0.7,
        "tier": "may",
        "passages": [
            {
                "article": "storm",
                "title": "Storm hits the coast.",
                "start": 23,
                "end": 66,
                "text": "The storm came at night. It broke the pier.",
                "best": {"start": 48, "end": 66},
                "answer": None,
                "kind": "sentence",
                "score": 0.75,
                "paragraph": 2,
                "section": None,
                "page": None,
                "brings": [],
                "items_left": 0,
            }
        ],
        "hits": [{"article": "storm", "start": 48, "end": 66, "score": 0.75}],
        "elapsed_ms": 12.346,
        "kind": "answer",
        "unanswered": [],
        "about": None,
        "parts": [],
    }


def test_answer_json_has_the_words_that_answer() -> None:
    """Where they are known, scripts get them with their place in the article's text."""
    (shown,) = answer_json(replace(ANSWER, passages=(KNOWN,)))["passages"]

    assert shown["answer"] == {"start": 57, "end": 65, "text": "the pier"}


def test_answer_json_has_the_first_ten_hits() -> None:
    """However long the ranking is, scripts get its first ten hits in their order."""
    hits = tuple(hit_of(ARTICLE, PIER, -float(rank)) for rank in range(25))

    shown = answer_json(replace(ANSWER, hits=hits))["hits"]

    assert [hit["score"] for hit in shown] == [-float(rank) for rank in range(10)]


def test_json_is_ascii_on_one_line() -> None:
    """Any text survives JSON through any output encoding, on a single line."""
    text = "“שלום”\n\U0001f30a \x1b[31m\ud800"

    line = to_json({"text": text})

    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line) == {"text": text}


def test_info_json_has_every_field() -> None:
    """A row of `list --json` says everything that is known, the time in UTC."""
    assert info_json(info("storm", "Storm", 9)) == {  # type: ignore[arg-type]
        "id": "storm",
        "title": "Storm",
        "characters": 9,
        "paragraphs": 2,
        "sentences": 15,
        "source": None,
        "language": "en",
        "added_at": "2026-01-02T03:04:05+00:00",
        "other_ids": ["b"],
    }
