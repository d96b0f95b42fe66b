"""A table is shown as a whole when a question names its subject, and none of its rows."""

from __future__ import annotations

import pytest

from index.datatypes import Article, Hit, LoadedArticle, Passage
from index.encoding.joined_rows import headers_of
from index.text.blocks import find_blocks
from index.text.passages import build_passages
from index.text.sentences import split_sentences

ROWS = "| Monday | 8:30–18:30 | 9:00–18:00 |\n| Tuesday | 8:30–13:00 | closed |"
TABLE = f"| Day | Surgery | Shop |\n|---|---|---|\n{ROWS}"
CLINIC = f"# Vets on Mill Lane\n\n## Opening hours\n\n{TABLE}\n\nWe are closed on Sundays."


def shown(question: str, text: str = CLINIC) -> tuple[Passage, ...]:
    """What is shown for *question* when the first row matches best, and all else follows."""
    blocks = find_blocks(text)
    sentences = split_sentences(text, "en", blocks)
    headers = headers_of(sentences, blocks)
    article = Article("clinic", "Vets on Mill Lane", text)
    source = LoadedArticle(1, article, sentences, blocks=blocks, headers=headers)
    hits = [Hit(source, at, -float(at)) for at in range(len(sentences))]
    first = hits[min(headers)]
    return build_passages(question, [first, *(hit for hit in hits if hit is not first)], 3)


@pytest.mark.parametrize(
    "question",
    [
        "what are the opening hours?",
        "surgery hours",
        "when is the shop of the vets open?",
        "when is the clinic open?",
    ],
)
def test_a_question_about_the_table_is_answered_with_all_of_it(question: str) -> None:
    """Its rows and nothing beside them, as a list."""
    [passage] = shown(question)
    assert passage.article.cut(passage.span) == ROWS
    assert passage.kind == "list"


@pytest.mark.parametrize(
    "question", ["opening hours on Monday", "when does the team of the pharmacy open?", "when?"]
)
def test_a_question_about_a_row_or_another_thing_is_not(question: str) -> None:
    """The row that matched is shown alone."""
    passage = shown(question)[0]
    assert passage.article.cut(passage.span) == ROWS.partition("\n")[0]


def test_a_long_table_is_not_shown_as_a_whole() -> None:
    """Of more rows than a list may have, those that match are shown."""
    rows = "\n".join(f"| Day {n} | 8:30–18:30 | closed |" for n in range(13))
    passage = shown("what are the opening hours?", CLINIC.replace(ROWS, rows))[0]
    assert "\n" not in passage.article.cut(passage.span)
