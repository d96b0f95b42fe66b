"""Questions made wrong: one thing is another one, and all else stays."""

from __future__ import annotations

import random

from index.training.reading.wrong_questions import OPPOSITES, wrong_question

PASSAGE = "Ada Fenwick of Brackwater closed the old pier in March with 19 helpers."
TEXT = f"{PASSAGE} In Ellerby and Sorrel 23 people of the trust of Tom Hale had opened another."


def wordings(question: str) -> set[str]:
    """What *question* is made into, by any seed."""
    made = (wrong_question(question, PASSAGE, TEXT, random.Random(seed)) for seed in range(60))
    return {wording for wording in made if wording is not None}


def test_a_name_is_another_name_of_the_text() -> None:
    """One that the passage does not have."""
    asked = "what happened in {} then?"
    assert wordings(asked.format("Brackwater")) == {
        asked.format(name) for name in ("Ellerby", "Sorrel")
    }


def test_a_name_of_two_words_is_one_of_two_words() -> None:
    """So that people stay people, mostly."""
    assert wordings("what did, then, Ada Fenwick say?") <= {"what did, then, Tom Hale say?"}


def test_a_month_is_another_month() -> None:
    """Never a place or a person."""
    months = {wording.split()[-1] for wording in wordings("was it in March")}
    assert {"May", "October"} <= months
    assert not months & {"March", "Ellerby", "Sorrel"}


def test_a_number_is_another_number() -> None:
    """A near one or one of the text, where it stands alone: 1919 is no 19."""
    made = wordings("did 19 or 1919 help?")
    assert made
    for wording in made:
        [did, number, *rest] = wording.split()
        assert [did, *rest] == ["did", "or", "1919", "help?"]
        assert number.isdigit()
        assert number != "19"


def test_a_word_is_its_opposite() -> None:
    """Once, and no part of another word."""
    assert wordings("who closed the enclosed old one?") == {
        "who opened the enclosed old one?",
        "who closed the enclosed new one?",
    }


def test_a_question_without_a_thing_to_change_stays() -> None:
    """There is no wrong wording then."""
    assert not wordings("why did it happen?")


def test_no_word_is_its_own_opposite() -> None:
    """A question made wrong differs from what it was made of."""
    assert not [word for word, other in OPPOSITES.items() if word == other]
