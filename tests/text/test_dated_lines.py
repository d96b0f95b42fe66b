"""Lines below the title that say when and where a text was written are no headings."""

from __future__ import annotations

import pytest

from index.text.blocks import find_blocks

BODY = "The town council voted by eleven to nine on Tuesday to close the bridge to cars."


def kinds(*paragraphs: str) -> list[str]:
    """The kinds of the blocks of *paragraphs* with blank lines between them."""
    return [block.kind for block in find_blocks("\n\n".join(paragraphs))]


@pytest.mark.parametrize(
    "line",
    [
        *("12 September 2025", "September 12, 2025", "Friday, 12 September 2025", "2025-09-12"),
        *("12.09.2025", "12. März 2024", "3 de mayo de 2024", "Oakhaven, 12 September 2025"),
        *("12 September 2025, 9:30 am", "12th Sept. 2025", "LONDON (Reuters)", "Oakhaven, Kent"),
    ],
)
def test_a_line_that_tells_when_or_where_is_no_heading(line: str) -> None:
    """Between by-line and text it belongs to the by-line."""
    assert kinds("Council closes bridge", "By Marian Osei", line, BODY) == [
        *("heading", "metadata", "metadata", "paragraph")
    ]


def test_a_date_without_a_byline_is_no_heading() -> None:
    """Directly below the title it tells when, too."""
    assert kinds("Council closes bridge", "12 September 2025", BODY)[1:] == [
        *("metadata", "paragraph")
    ]


def test_the_dates_of_a_diary_are_headings() -> None:
    """Where there are several, each names what stands below it."""
    days = kinds("My diary", "1 May 2020", BODY, "2 May 2020", BODY)

    assert days[1:] == ["heading", "paragraph", "heading", "paragraph"]


@pytest.mark.parametrize("line", ["Introduction", "What happened in 2025", "May 2025 and after"])
def test_a_heading_below_a_byline_stays_one(line: str) -> None:
    """Words that are no date and no place name what stands below them."""
    assert kinds("Council closes bridge", "By Marian Osei", line, BODY)[2] == "heading"
