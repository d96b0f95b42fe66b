"""Answers as JSON and as text, with exact outputs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from fakes import hit_of
from hypothesis import given
from hypothesis import strategies as st

from bot.console import answer_text
from bot.console.answer_text import Look
from index.datatypes import Answer, Article, Passage, Span
from index.text.sentences import split_sentences

TEXT = (
    "Storm hits the coast.\n\n"
    "The storm came at night. It broke the pier. Nobody was hurt.\n\n"
    "The mayor asks for:\n\n- sand,\n\n- and hands."
)
ARTICLE = Article("storm", "Storm hits the coast.", TEXT, "storm.txt")
SENTENCES = split_sentences(TEXT)


def span_of(words: str) -> Span:
    """Find where *words* stand in the article."""
    start = TEXT.index(words)
    return Span(start, start + len(words))


PIER = span_of("It broke the pier.")
LEANING = Passage(ARTICLE, span_of("The storm came at night. It broke the pier."), PIER,
                  "sentence", 0.75, SENTENCES)  # fmt: skip
HURT = Passage(
    ARTICLE, span_of("Nobody was hurt."), span_of("Nobody was hurt."), "sentence", 0.5, SENTENCES
)
LIST = Passage(ARTICLE, span_of("The mayor asks for:\n\n- sand,\n\n- and hands."),
               span_of("- sand,"), "list", 0.25, SENTENCES)  # fmt: skip
ANSWER = Answer(
    "what broke?", True, 0.7, (LEANING, HURT), (hit_of(ARTICLE, PIER, 0.75),), elapsed_ms=12.3456
)


def test_answer_json_keeps_the_contract() -> None:
    """The JSON of an answer has exactly the keys and values that scripts read."""
    assert answer_text.answer_json(replace(ANSWER, passages=(LEANING,))) == {
        "question": "what broke?",
        "answered": True,
        "confidence": 0.7,
        "passages": [
            {
                "article": "storm",
                "title": "Storm hits the coast.",
                "start": 23,
                "end": 66,
                "text": "The storm came at night. It broke the pier.",
                "best": {"start": 48, "end": 66},
                "kind": "sentence",
                "score": 0.75,
                "paragraph": 2,
            }
        ],
        "hits": [{"article": "storm", "start": 48, "end": 66, "score": 0.75}],
        "elapsed_ms": 12.346,
        "kind": "answer",
        "unanswered": [],
    }


def test_answer_json_has_the_first_ten_hits() -> None:
    """However long the ranking is, scripts get its first ten hits in their order."""
    hits = tuple(hit_of(ARTICLE, PIER, -float(rank)) for rank in range(25))

    shown = answer_text.answer_json(replace(ANSWER, hits=hits))["hits"]

    assert [hit["score"] for hit in shown] == [-float(rank) for rank in range(10)]


def test_json_is_ascii_on_one_line() -> None:
    """Any text survives JSON through any output encoding, on a single line."""
    text = "“שלום”\n\U0001f30a \x1b[31m\ud800"

    line = answer_text.to_json({"text": text})

    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line) == {"text": text}


def test_answered_as_plain_text() -> None:
    """Piped, passages are whole lines, the best one of several sentences is marked in front."""
    assert answer_text.answer_text(ANSWER, articles=1) == (
        "> The storm came at night. It broke the pier.\n"
        "  — Storm hits the coast, paragraph 2 · fairly sure\n"
        "\n"
        "  Nobody was hurt.\n"
        "  — Storm hits the coast, paragraph 2"
    )


def test_the_unanswered_one_of_two_questions_is_named() -> None:
    """Below the passages stands which question the article does not answer."""
    answer = replace(ANSWER, passages=(HURT,), unanswered=("who paid?",))
    assert answer_text.answer_text(answer, articles=1) == (
        "  Nobody was hurt.\n"
        "  — Storm hits the coast, paragraph 2 · fairly sure\n"
        "\n"
        "The article does not answer this: who paid?"
    )


def test_a_summary_is_not_sure_of_anything() -> None:
    """What an article is about is quoted without a word on certainty."""
    answer = replace(ANSWER, passages=(HURT,), kind="summary", confidence=1.0)
    assert answer_text.answer_text(answer, articles=1) == (
        "  Nobody was hurt.\n  — Storm hits the coast, paragraph 2"
    )


@pytest.mark.parametrize(("kind", "start"), [("greeting", "Hello!"), ("thanks", "You are welcome")])
def test_a_polite_message_gets_a_friendly_line(kind: str, start: str) -> None:
    """One line, no passage, and no word of an article that does not answer."""
    answer = replace(ANSWER, answered=False, passages=(), kind=kind)
    shown = answer_text.answer_text(answer, articles=1)
    assert shown.startswith(start)
    assert "\n" not in shown


def test_wrapped_lines_that_hold_the_best_sentence_are_marked() -> None:
    """Without colour only the lines that show a part of the best sentence are marked."""
    shown = answer_text.passages_text([LEANING], Look(width=18))

    assert shown.splitlines() == [
        "  The storm came",
        "> at night. It",
        "> broke the pier.",
        "  — Storm hits…, paragraph 2",
    ]


def test_best_sentence_is_bold_in_colour() -> None:
    """With colour the best sentence is bold, its place is dim, and nothing is marked in front."""
    assert answer_text.passages_text([LEANING], Look(width=60, colour=True)) == (
        "  The storm came at night. \x1b[1mIt broke the pier.\x1b[0m\n"
        "\x1b[2m  — Storm hits the coast, paragraph 2\x1b[0m"
    )


def test_bold_goes_on_after_a_wrap() -> None:
    """A best sentence over two lines is bold on both, and reset at the end of each."""
    assert answer_text.quote("One two three four.", Span(4, 13), Look(width=11, colour=True)) == (
        "  One \x1b[1mtwo\x1b[0m\n  \x1b[1mthree\x1b[0m\n  four."
    )


def test_list_keeps_its_lines() -> None:
    """The paragraphs of a list stay paragraphs, and the item that matched is marked."""
    assert answer_text.passages_text([LIST]) == (
        "  The mayor asks for:\n\n> - sand,\n\n  - and hands.\n"
        "  — Storm hits the coast, paragraphs 3–5"
    )


@pytest.mark.parametrize(
    ("articles", "says"),
    [
        (1, "The article does not answer this."),
        (48, "None of the 48 articles answers this."),
        (1234, "None of the 1,234 articles answers this."),
    ],
)
def test_refusal_shows_the_nearest_passage_only(articles: int, says: str) -> None:
    """An unanswered question gets a plain refusal and the first passage, without a certainty."""
    refused = replace(ANSWER, answered=False, confidence=0.1)

    assert answer_text.answer_text(refused, articles=articles) == (
        f"{says}\nThe nearest passage:\n\n"
        "> The storm came at night. It broke the pier.\n"
        "  — Storm hits the coast, paragraph 2"
    )


def test_refusal_without_a_passage() -> None:
    """When there is not even a near passage, the refusal stands alone."""
    refused = replace(ANSWER, answered=False, passages=())

    assert answer_text.answer_text(refused, articles=1) == "The article does not answer this."


def test_empty_library_says_how_to_add() -> None:
    """An empty library is said to be empty, not to be without an answer."""
    refused = replace(ANSWER, answered=False, passages=())

    assert answer_text.answer_text(refused, articles=0) == (
        "There are no articles here yet; add one with `article-bot add FILE`."
    )


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "sure"), (0.85, "sure"), (0.84, "fairly sure"), (0.65, "fairly sure"),
     (0.64, "not sure"), (0.0, "not sure")],
)  # fmt: skip
def test_certainty_in_words(confidence: float, words: str) -> None:
    """The confidence is said in the words of its range."""
    assert answer_text.certainty(confidence) == words


def test_control_characters_never_reach_the_terminal() -> None:
    """Escape sequences in text and title are defused without moving anything."""
    text = "Red \x1b[31malert\x9b2J now.\rGone"
    article = Article("a", "Ti\x1b]0;x\x07tle", text)
    passage = Passage(
        article, Span(0, len(text)), Span(0, 4), "sentence", 1.0, split_sentences(text)
    )

    assert answer_text.passages_text([passage]) == (
        "> Red \ufffd[31malert\ufffd2J now.\ufffdGone\n  — Ti\ufffd]0;x\ufffdtle, paragraph 1"
    )


@given(st.text(), st.integers(1, 120) | st.none())
def test_no_text_or_width_lets_a_control_character_through(text: str, width: int | None) -> None:
    """Whatever an article says, what is shown has no control character but the line feed."""
    shown = answer_text.quote(text, Span(0, len(text) // 2), Look(width))

    assert all(char == "\n" or char == answer_text.printable(char) for char in shown)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])), st.integers(4, 60))
def test_wrapping_changes_no_visible_character(text: str, width: int) -> None:
    """However narrow the terminal is, the characters of the article come in order and whole."""
    lines = answer_text.quote(text, Span(0, len(text)), Look(width)).split("\n")

    assert "".join(line.removeprefix("  ").replace(" ", "") for line in lines) == text


def test_wide_characters_count_twice() -> None:
    """Wide characters and emoji take two cells each, so they wrap earlier."""
    text = "日本語の文章です\U0001f30a\U0001f30a"

    assert answer_text.quote(text, Span(0, len(text)), Look(width=10)) == (
        "  日本語の\n  文章です\n  \U0001f30a\U0001f30a"
    )


def test_right_to_left_text_is_left_alone() -> None:
    """Right-to-left words keep their stored order; ordering them is the terminal's work."""
    text = "שלום עולם"

    assert answer_text.quote(text, Span(0, len(text)), Look(width=40)) == f"  {text}"


def test_context_emphasises_the_passage() -> None:
    """The paragraphs around a passage are shown verbatim with the passage marked."""
    assert answer_text.context_text(HURT, Span(0, len(TEXT))) == (
        "  Storm hits the coast.\n"
        "\n"
        "> The storm came at night. It broke the pier. Nobody was hurt.\n"
        "\n"
        "  The mayor asks for:\n\n  - sand,\n\n  - and hands.\n"
        "  — Storm hits the coast, paragraph 2"
    )


def test_long_title_is_cut_to_the_line() -> None:
    """A title too long for the terminal ends in an ellipsis, and the paragraph stays visible."""
    passage = replace(HURT, article=replace(ARTICLE, title="An article with a very long title"))

    assert answer_text.passages_text([passage], Look(width=40), sure="sure").splitlines()[1] == (
        "  — An article with…, paragraph 2 · sure"
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("One two three four.", "One two\nthree\nfour."),
        ("  /a  one two three", "  /a  one\n  two\n  three"),
        ("short\n\x1b[1mlong but styled\x1b[0m", "short\n\x1b[1mlong but styled\x1b[0m"),
    ],
)
def test_messages_are_folded_between_words(text: str, folded: str) -> None:
    """Messages are broken between words, line by line, keeping their indentation."""
    assert answer_text.fold(text, Look(width=9)) == folded


def info(id: str, title: str, characters: int) -> SimpleNamespace:  # noqa: A002
    """Make a row of the library's listing."""
    return SimpleNamespace(
        id=id, title=title, characters=characters, paragraphs=2, sentences=15, source=None,
        language="en", added_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), other_ids=("b",),
    )  # fmt: skip


def test_listing_is_a_table() -> None:
    """The table lines up, with the title last and uncut when nothing limits the width."""
    infos = [info("storm", "Storm", 12_345), info("海", "Sea", 9)]

    assert answer_text.listing_text(infos) == (  # type: ignore[arg-type]
        "ID     CHARACTERS  SENTENCES  TITLE\n"
        "storm      12,345         15  Storm\n"
        "海              9         15  Sea"
    )


def test_narrow_listing_leaves_the_numbers_out() -> None:
    """Where there is no room for all columns, id and title are shown."""
    infos = [info("storm", "A storm at night", 12_345)]

    assert answer_text.listing_text(infos, Look(width=20)) == (  # type: ignore[arg-type]
        "ID     TITLE\nstorm  A storm at n…"
    )


def test_info_json_has_every_field() -> None:
    """A row of `list --json` says everything that is known, the time in UTC."""
    assert answer_text.info_json(info("storm", "Storm", 9)) == {  # type: ignore[arg-type]
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


@pytest.mark.parametrize(
    ("title", "shown"), [("Storm hits the coast.", TEXT), ("Other", f"Other\n\n{TEXT}")]
)
def test_article_is_shown_with_its_title_once(title: str, shown: str) -> None:
    """The title stands above the text unless the text begins with it."""
    stored = SimpleNamespace(article=replace(ARTICLE, title=title), sentences=())

    assert answer_text.article_text(stored) == shown  # type: ignore[arg-type]


def test_unexpected_failure_is_one_line() -> None:
    """An exception that nobody expected is told with its type, on one line, with the next step."""
    assert answer_text.describe_failure(ValueError("bad\nthing \x1b[0m")) == (
        "unexpected ValueError (bad thing \ufffd[0m); "
        "set ARTICLE_BOT_DEBUG=1 to see where it comes from, and please report it."
    )
