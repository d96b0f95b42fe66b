"""What blocks and single words say of an answer goes before what matches and what is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes import HashingEncoder
from small_readings import WordReader

from index.answering import Answerer
from index.datatypes import Answer
from index.retrieval.corpus import Corpus
from index.storage.library import Library

MILL = (
    "Fire in the mill\n\nBy Ann Lee | 12 July 2021\n\nThe old mill of Arden closed in March. "
    "The mill has two keepers. The miller grinds. The porter carries sacks."
)


@pytest.fixture
def ask(library: Library, put: Callable[[str, str], None]) -> Callable[..., Answer]:
    """Give a function that asks about the mill, with a reader that is sure of a word's sentence."""
    put("mill", MILL)

    def ask_mill(question: str, sure_of: str | None, *history: str) -> Answer:
        reader = WordReader(sure_of) if sure_of else None
        answerer = Answerer(Corpus(library, HashingEncoder()), reader=reader)
        return answerer.answer(question, history=history)

    return ask_mill


def test_the_opposite_is_not_answered(ask: Callable[..., Answer]) -> None:
    """However sure a reader is, a mill that closed says nothing of its opening."""
    assert ask("When did the old mill of Arden close?", "closed").answered
    assert not ask("When did the old mill of Arden open?", "closed").answered


def test_a_by_line_is_answered(ask: Callable[..., Answer]) -> None:
    """Who asks for the author gets the by-line, which matches nothing."""
    answer = ask("Who wrote this?", "grinds")

    assert answer.answered
    assert answer.passages[0].text == "By Ann Lee | 12 July 2021"


def test_a_fragment_is_about_its_new_words(ask: Callable[..., Answer]) -> None:
    """The earlier question alone would have the sentence that it was answered with."""
    answer = ask("what about the porter?", None, "How many keepers has the mill?")

    best = answer.passages[0].best
    assert answer.passages[0].article.cut(best) == "The porter carries sacks."


def test_a_follow_up_is_not_answered_for_sure_without_its_words(ask: Callable[..., Answer]) -> None:
    """However sure a reader is, what the conversation found may be no answer."""
    asked = "How many keepers has the mill?"
    assert ask("did the council do that?", "keepers", asked).tier == "may"
    assert ask("did the keepers do that?", "keepers", asked).tier == "says"
