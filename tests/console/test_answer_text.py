"""Answers and articles as text, with exact outputs."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from storm_answer import ANSWER, ARTICLE, HURT, KNOWN, LEANING, LIST, TEXT, info

from bot.console import answer_text
from bot.console.text_layout import TextStyle
from index.datatypes import Article, Passage, Span
from index.text.blocks import find_blocks
from index.text.sentences import split_sentences


def test_answered_as_plain_text() -> None:
    """Piped, the best one of several sentences has a line of its own, marked in front."""
    assert answer_text.answer_text(ANSWER, articles=1) == (
        "The article may say this:\n"
        "  The storm came at night.\n"
        "> It broke the pier.\n"
        "  — Storm hits the coast, paragraph 2\n"
        "\n"
        "  Nobody was hurt.\n"
        "  — Storm hits the coast, paragraph 2"
    )


def test_what_an_article_says_is_said_so() -> None:
    """Above an answer of the first tier stands that the article says it."""
    answer = replace(ANSWER, passages=(HURT,), tier="says")
    assert answer_text.answer_text(answer, articles=1).startswith("The article says:\n  Nobody")


def test_each_of_two_questions_has_its_own_reply() -> None:
    """Below each question stands what the article says to it, also that it says nothing."""
    hurt = replace(ANSWER, question="who was hurt?", tier="says", passages=(HURT,))
    paid = replace(ANSWER, question="who paid?", tier="not", passages=(HURT,))
    answer = replace(ANSWER, parts=(hurt, paid))
    assert answer_text.answer_text(answer, articles=1) == (
        "who was hurt?\n"
        "The article says:\n"
        "  Nobody was hurt.\n"
        "  — Storm hits the coast, paragraph 2\n"
        "\n"
        "who paid?\n"
        "The article does not say this.\n"
        "The nearest passage: Nobody was hurt.\n"
        "  — Storm hits the coast, paragraph 2"
    )


def test_a_short_answer_is_one_sentence() -> None:
    """Nothing but the sentence that answers, without what stands around it."""
    assert answer_text.answer_text(ANSWER, TextStyle(short=True), articles=1) == (
        "The article may say this:\n  It broke the pier.\n  — Storm hits the coast, paragraph 2"
    )


def test_a_yes_no_question_shows_what_decides_it() -> None:
    """The sentence, since yes or no stands in it, with the one that it leans on, and no more."""
    answer = replace(ANSWER, question="Did the pier break?", passages=(LEANING,))
    assert answer_text.answer_text(answer, articles=1) == (
        "The article may say this:\n  The storm came at night.\n> It broke the pier.\n"
        "  — Storm hits the coast, paragraph 2"
    )


def test_what_a_follow_up_is_about_is_said() -> None:
    """Above the answer stand the words of the conversation that the question was read with."""
    answer = replace(ANSWER, passages=(HURT,), about="the old pier")
    assert answer_text.answer_text(answer, articles=1).splitlines()[:2] == [
        "about: the old pier",
        "The article may say this:",
    ]


def test_a_summary_is_not_sure_of_anything() -> None:
    """What an article is about is quoted without a word on certainty."""
    answer = replace(ANSWER, passages=(HURT,), kind="summary", tier="says")
    assert answer_text.answer_text(answer, articles=1) == (
        "  Nobody was hurt.\n  — Storm hits the coast, paragraph 2"
    )


def test_nothing_of_a_summary_is_emphasised() -> None:
    """None of its sentences answers more than the others."""
    answer = replace(ANSWER, passages=(LEANING,), kind="summary", tier="says")
    shown = answer_text.answer_text(answer, TextStyle(colour=True), articles=1)
    assert shown.splitlines()[0] == "  The storm came at night. It broke the pier."


@pytest.mark.parametrize(("kind", "start"), [("greeting", "Hello!"), ("thanks", "You are welcome")])
def test_a_polite_message_gets_a_friendly_line(kind: str, start: str) -> None:
    """One line, no passage, and no word of an article that does not answer."""
    answer = replace(ANSWER, tier="not", passages=(), kind=kind)
    shown = answer_text.answer_text(answer, articles=1)
    assert shown.startswith(start)
    assert "\n" not in shown


def test_wrapped_lines_that_hold_the_best_sentence_are_marked() -> None:
    """Without colour only the lines that show a part of the best sentence are marked."""
    shown = answer_text.passages_text([LEANING], TextStyle(width=18))

    assert shown.splitlines() == [
        "  The storm came",
        "  at night.",
        "> It broke the",
        "> pier.",
        "  — Storm hits…,",
        "    paragraph 2",
    ]


def test_best_sentence_is_bold_in_colour() -> None:
    """With colour the best sentence is bold, its place is dim, and nothing is marked in front."""
    assert answer_text.passages_text([LEANING], TextStyle(width=60, colour=True)) == (
        "  The storm came at night. \x1b[1mIt broke the pier.\x1b[0m\n"
        "\x1b[2m  — Storm hits the coast, paragraph 2\x1b[0m"
    )


def test_words_that_answer_are_bold_in_colour() -> None:
    """Where they are known they are bold, their sentence is plain, and the rest is dim."""
    assert answer_text.passages_text([KNOWN], TextStyle(width=60, colour=True)) == (
        "  \x1b[2mThe storm came at night. \x1b[0mIt broke \x1b[1mthe pier\x1b[0m.\n"
        "\x1b[2m  — Storm hits the coast, paragraph 2\x1b[0m"
    )


def test_words_that_answer_are_not_marked_without_colour() -> None:
    """No sign stands among the article's words; the lines of the best sentence are marked."""
    style = TextStyle(width=18)
    assert answer_text.passages_text([KNOWN], style) == answer_text.passages_text([LEANING], style)


def test_list_keeps_its_lines() -> None:
    """The paragraphs of a list stay paragraphs, and the item that matched is marked."""
    assert answer_text.passages_text([LIST]) == (
        "  The mayor asks for:\n\n> - sand,\n\n  - and hands.\n"
        "  — Storm hits the coast, paragraphs 3–5"
    )


@pytest.mark.parametrize(
    ("articles", "says"),
    [
        (1, "The article does not say this."),
        (48, "None of the 48 articles says this."),
        (1234, "None of the 1,234 articles says this."),
    ],
)
def test_refusal_shows_the_nearest_passage_only(articles: int, says: str) -> None:
    """An unanswered question gets a plain refusal and the first passage, without a certainty."""
    refused = replace(ANSWER, tier="not", confidence=0.1)

    assert answer_text.answer_text(refused, articles=articles) == (
        f"{says}\nThe nearest passage: It broke the pier.\n  — Storm hits the coast, paragraph 2"
    )


def test_the_nearest_row_names_its_columns() -> None:
    """A row of a table is shown as answers show it, and not with its bars."""
    text = "# Pool\n\n| Ticket | Adult |\n|---|---|\n| Ten swims | €55.00 |"
    start = text.index("| Ten")
    row = Span(start, len(text))
    passage = Passage(
        Article("a", "Pool", text),
        row,
        row,
        "sentence",
        0.0,
        split_sentences(text),
        blocks=find_blocks(text),
    )
    refused = replace(ANSWER, tier="not", confidence=0.1, passages=(passage,))

    says = answer_text.answer_text(refused, articles=1)

    assert "The nearest passage: Ticket: Ten swims · Adult: €55.00\n" in says


def test_refusal_without_a_passage() -> None:
    """When there is not even a near passage, the refusal stands alone."""
    refused = replace(ANSWER, tier="not", passages=())

    assert answer_text.answer_text(refused, articles=1) == "The article does not say this."


def test_empty_library_says_how_to_add() -> None:
    """An empty library is said to be empty, not to be without an answer."""
    refused = replace(ANSWER, tier="not", passages=())

    assert answer_text.answer_text(refused, articles=0) == (
        "There are no articles here yet; add one with `article-bot add FILE`."
    )


def test_control_characters_never_reach_the_terminal() -> None:
    """Escape sequences in text and title are defused without moving anything."""
    text = "Red \x1b[31malert\x9b2J now.\rGone"
    article = Article("a", "Ti\x1b]0;x\x07tle", text)
    passage = Passage(
        article, Span(0, len(text)), Span(0, 4), "sentence", 1.0, split_sentences(text)
    )

    assert answer_text.passages_text([passage]) == (
        "> Red\n  \ufffd[31malert\ufffd2J now.\ufffdGone\n  — Ti\ufffd]0;x\ufffdtle, paragraph 1"
    )


def test_context_emphasises_the_passage() -> None:
    """The paragraphs around a passage are shown verbatim with the passage marked."""
    assert answer_text.context_text(HURT, Span(0, len(TEXT))) == (
        "  Storm hits the coast.\n"
        "\n"
        "  The storm came at night. It broke the pier.\n"
        "> Nobody was hurt.\n"
        "\n"
        "  The mayor asks for:\n\n  - sand,\n\n  - and hands.\n"
        "  — Storm hits the coast, paragraph 2"
    )


def test_context_emphasises_the_words_that_answer() -> None:
    """With colour they alone are bold in the paragraphs around too."""
    shown = answer_text.context_text(KNOWN, Span(0, 83), TextStyle(colour=True))
    quoted, _, _ = shown.partition("\n\x1b[2m")
    assert quoted == (
        "  Storm hits the coast.\n"
        "\n"
        "  The storm came at night. It broke \x1b[1mthe pier\x1b[0m. Nobody was hurt."
    )


def test_long_title_is_cut_to_the_line() -> None:
    """A title too long for the terminal ends in an ellipsis, and the paragraph stays visible."""
    passage = replace(HURT, article=replace(ARTICLE, title="An article with a very long title"))

    assert answer_text.passages_text([passage], TextStyle(width=33)).splitlines()[1] == (
        "  — An article with…, paragraph 2"
    )


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

    assert answer_text.listing_text(infos, TextStyle(width=20)) == (  # type: ignore[arg-type]
        "ID     TITLE\nstorm  A storm at n…"
    )


def test_a_very_narrow_listing_has_titles_below_their_ids() -> None:
    """No line is wider than the terminal, which would break it anywhere."""
    infos = [info("harlow-library", "Harlow Branch Library: rules", 2_500), info("a", "A", 9)]

    assert answer_text.listing_text(infos, TextStyle(width=24)) == (  # type: ignore[arg-type]
        "ID\n  TITLE\nharlow-library\n  Harlow Branch Library…\na\n  A"
    )


@pytest.mark.parametrize(
    ("title", "shown"), [("Storm hits the coast.", TEXT), ("Other", f"Other\n\n{TEXT}")]
)
def test_article_is_shown_with_its_title_once(title: str, shown: str) -> None:
    """The title stands above the text unless the text begins with it."""
    stored = SimpleNamespace(article=replace(ARTICLE, title=title), sentences=())

    assert answer_text.article_text(stored) == shown  # type: ignore[arg-type]


def passage_of(text: str, words: str) -> Passage:
    """The passage of exactly these *words* of an article with its blocks."""
    blocks = find_blocks(text)
    span = Span(text.index(words), text.index(words) + len(words))
    sentences = split_sentences(text, "en", blocks)
    return Passage(Article("a", "A", text), span, span, "sentence", 1.0, sentences, blocks=blocks)


def test_a_row_is_shown_with_the_names_of_its_columns() -> None:
    """Of a table a person reads what each cell is, and below which heading it stands."""
    text = "# A\n\n## Figures\n\n| Year | Trams |\n|---|---|\n| 2021 | 27.1 |"

    assert answer_text.passages_text([passage_of(text, "| 2021 | 27.1 |")]) == (
        "  Year: 2021 · Trams: 27.1\n  — A, § Figures"
    )


def test_a_long_heading_is_wrapped_between_words() -> None:
    """A terminal would break it in the middle of one, and begin the next line at its border."""
    text = "## What happens if I lose a bike?\n\nCall us."

    shown = answer_text.passages_text([passage_of(text, "Call us.")], TextStyle(width=24))

    assert shown == "  Call us.\n  — A, § What happens if\n    I lose a bike?"


def test_an_item_of_a_long_list_says_how_many_are_left() -> None:
    """The lead-in stands above it, and below it what the list has besides."""
    text = "Bring these:\n\n" + "\n".join(f"- Thing {n}" for n in range(13))

    assert answer_text.passages_text([passage_of(text, "- Thing 7")]) == (
        "  Bring these:\n  - Thing 7\n  … 12 more\n  — A, paragraph 2"
    )
