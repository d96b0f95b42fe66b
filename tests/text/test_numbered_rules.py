"""Numbered rules ("2.1"), as contracts, policies and statutes have them, below their headings."""

from __future__ import annotations

import pytest

from index.datatypes import Article, Hit, LoadedArticle
from index.text.blocks import find_blocks
from index.text.lists import find_lists, list_span
from index.text.passages import build_passages, further_passages
from index.text.sentences import split_sentences
from index.text.surroundings import items_left

RULES = """1. Scope
1.1 This policy is for staff.
1.2 Interns are excluded.

2. Days
2.1 Two days a week are free.
2.2 Tuesdays are office days."""

SECTIONS = ["heading", "item", "item", "heading", "item", "item"]


@pytest.mark.parametrize(
    "text", [RULES, RULES.replace("\n", "\n\n"), RULES.replace("1. ", "1 ").replace("2. ", "2 ")]
)
def test_rules_are_items_below_their_headings(text: str) -> None:
    """A line of its own, and a number that the next line goes on with, name what stands below."""
    assert [block.kind for block in find_blocks(text)] == SECTIONS


@pytest.mark.parametrize("breaks", ["\n", "\n\n"])
def test_rules_are_items_in_markdown(breaks: str) -> None:
    """There "1. Scope" would be a list of one item, with all that stands below it inside."""
    text = "# Policy\n\n" + RULES.replace("\n", breaks)

    assert [block.kind for block in find_blocks(text)] == ["heading", *SECTIONS]


def test_a_heading_parts_lists_of_rules() -> None:
    """Only the rules of one section are shown together."""
    article, blocks = Article("a", "", RULES), find_blocks(RULES)
    sentences = split_sentences(RULES, blocks=blocks)

    last = find_lists(article, sentences, blocks)[-1]

    assert article.cut(list_span(last, sentences)) == RULES[RULES.index("2. Days") :]


def test_the_number_of_a_rule_is_no_sentence() -> None:
    """With a full stop behind it ("3.2.") it stays before the words of its rule."""
    text = "3.1. Days cost money.\n3.2. Lost books must be replaced. All of them."
    cut = [text[found.span.start : found.span.end] for found in split_sentences(text)]

    assert cut == [
        "3.1. Days cost money.", "3.2. Lost books must be replaced.", "All of them."
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "2.5 million people live there, which is more than in the year before.",
        "0.5 Grams are enough for a loaf.",
    ],
)
def test_a_number_of_prose_is_no_rule(text: str) -> None:
    """Small letters stand behind it, or it begins with nothing."""
    assert [block.kind for block in find_blocks(text)] == ["paragraph"]


@pytest.mark.parametrize(
    ("heading", "first", "breaks"),
    [
        ("§ 3 Buildings", "(1)", "\n\n"),
        ("§ 3 Buildings", "(1)", "\n"),
        ("Article 4 – Property", "(a)", "\n\n"),
        ("2. Fees", "(1)", "\n"),
    ],
)
def test_a_line_with_the_number_of_a_section_is_a_heading(
    heading: str, first: str, breaks: str
) -> None:
    """So "§ 3 Buildings" above "(1) …" names the numbered paragraphs below it, a list."""
    text = f"Lease\n\n{heading}{breaks}{first} The tenant cleans.\n\nThe owner repairs the roof."
    shown = [(block.kind, text[block.span.start : block.span.end]) for block in find_blocks(text)]
    assert ("heading", heading) in shown
    assert ("item", f"{first} The tenant cleans.") in shown


CLUB = """# Club

## Boats

5. No one may row alone. The test is in May.

6. Boats must be booked in advance. Late crews lose theirs, unless rule 8 applies.

7. They must be washed by the crew.

8. Rowing is forbidden when the board is red."""
STEPS = "# Bread\n\n## {}\n\n1. Mix the flour and water.\n\n2. Bake it until the crust is brown."


def ranked(text: str, *starts: str) -> list[Hit]:
    """Rank the sentences of *text* that begin with *starts*, best first."""
    article, blocks = Article("a", "A", text), find_blocks(text)
    sentences = split_sentences(text, blocks=blocks)
    source = LoadedArticle(
        1, article, sentences, find_lists(article, sentences, blocks), blocks=blocks
    )
    words = [article.cut(sentence.span) for sentence in sentences]
    positions = [next(i for i, w in enumerate(words) if w.startswith(start)) for start in starts]
    return [Hit(source, position, -float(i)) for i, position in enumerate(positions)]


def shown(text: str, *starts: str, question: str = "how is it?") -> list[str]:
    """What is shown for hits in the sentences of *text* that begin with *starts*."""
    return [passage.text for passage in build_passages(question, ranked(text, *starts), 3)]


@pytest.mark.parametrize("text", [CLUB, CLUB.replace("# ", "").replace("#", "")])
def test_a_numbered_paragraph_is_shown_alone(text: str) -> None:
    """Whole, with its number, and without those that stand around it below the heading."""
    assert shown(text, "The test") == ["5. No one may row alone. The test is in May."]


def test_each_numbered_paragraph_that_answers_is_shown() -> None:
    """Those in which the best sentences stand, and none between them."""
    assert [words[0] for words in shown(CLUB, "5. No", "8. Rowing")] == ["5", "8"]


def test_a_numbered_paragraph_brings_the_one_it_leans_on() -> None:
    """What begins with "They" says nothing without the paragraph before it."""
    [words] = shown(CLUB, "7. They")

    assert words == CLUB[CLUB.index("6.") : CLUB.index("\n\n8.")]


def test_a_numbered_paragraph_brings_the_one_it_names() -> None:
    """It comes second, however low it was ranked."""
    assert [words[0] for words in shown(CLUB, "6. Boats", "5. No", "8. Rowing")][:2] == ["6", "8"]


def test_a_question_for_the_rules_gets_the_section() -> None:
    """Who asks for the rules on something wants all that stand below the heading."""
    assert shown(CLUB, "5. No", question="what are the rules on boats?") == [
        CLUB[CLUB.index("5.") :]
    ]


def test_no_numbered_paragraph_is_left_out() -> None:
    """The others below the heading are no rest of a list."""
    assert [items_left(p) for p in build_passages("how?", ranked(CLUB, "5. No"), 3)] == [0]


def test_a_heading_never_stands_alone_to_read_on() -> None:
    """It is told as a place, and what stands below it is read."""
    ranking = ranked(CLUB, "5. No", "## Boats", "8. Rowing")
    further = further_passages(ranking, build_passages("how?", ranking[:1], 1))

    assert [passage.text[0] for passage in further] == ["8"]


@pytest.mark.parametrize("heading", ["Method", "The dough"])
def test_steps_stay_whole(heading: str) -> None:
    """What is to be done in turn is shown together, whatever its heading says."""
    text = STEPS.format(heading)

    assert shown(text, "2. Bake") == [text[text.index("1.") :]]


@pytest.mark.parametrize(
    "lead", ["The conditions are:", "## Three conditions", "These are the conditions."]
)
def test_announced_statements_stay_whole(lead: str) -> None:
    """What a sentence or a heading announces is one list, even of whole sentences."""
    text = f"# Aid\n\n{lead}\n\n1. The port is open.\n\n2. The guards are paid."

    assert "1. The port is open.\n\n2. The guards are paid." in shown(text, "2. The")[0]


def test_short_numbered_items_stay_whole() -> None:
    """Words without a full stop are items, and no paragraphs."""
    text = "# Camp\n\n## Kit\n\n1. A warm coat\n\n2. A torch"

    assert shown(text, "2. A") == ["1. A warm coat\n\n2. A torch"]
