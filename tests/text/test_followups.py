"""Follow-up questions are read with the conversation that they follow."""

from __future__ import annotations

import pytest

from index.datatypes import Turn
from index.text.followups import QuestionReading, leans, read_question

FIRST = "What did the council decide about the bridge?"
ZOE = [
    Turn("How much does a tyre for the Zoe cost?", "Car sharing in Basel", "A Zoe tyre costs 90.")
]


def turns(*questions: str) -> list[Turn]:
    """Earlier questions of which nobody knows what was shown."""
    return [Turn(question) for question in questions]


@pytest.mark.parametrize(
    "question", ["why?", "Who is he?", "When did they do that?", "and then what?"]
)
def test_an_elliptic_question_is_completed(question: str) -> None:
    """A question that leans on the one before is asked together with it."""
    whole, *_ = read_question(question, turns(FIRST)).variants
    assert whole == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question", ["at what age?", "By how much?", "until when?", "in which year", "to whom?"]
)
def test_a_detail_is_asked_of_something(question: str) -> None:
    """A question without a verb asks for a detail of the one before."""
    assert leans(question, turns(FIRST))


@pytest.mark.parametrize("question", ["and the mayor?", "what about women?", "But the price?"])
def test_words_of_its_own_are_read_alone_too(question: str) -> None:
    """What a follow-up brings anew counts more than what it repeats."""
    assert read_question(question, turns(FIRST)).variants == (f"{FIRST} {question}", question)


@pytest.mark.parametrize(
    ("question", "new"),
    [("what about the mayor?", {"mayor"}), ("and the bridge?", set()), ("why?", set())],
)
def test_a_fragment_brings_new_words(question: str, new: set[str]) -> None:
    """What it says beside the question that it completes is what it is after."""
    assert read_question(question, turns(FIRST)).new == new


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Basel?",
        "How much did the old harbour and its two piers cost the town?",
        "What did Thomas West tell journalists about the road map?",
    ],
)
def test_a_complete_question_is_left_alone(question: str) -> None:
    """What stands by itself is not disturbed by what was asked before."""
    assert read_question(question, turns(FIRST)) == QuestionReading((question,))


def test_the_last_complete_question_counts() -> None:
    """Follow-ups in a row all mean the question that they began with, and the last of them."""
    whole, *_ = read_question("why?", turns("Who won?", FIRST, "and when?", "what then?")).variants
    assert whole.endswith(f"{FIRST} what then? why?")


def test_without_history_nothing_is_added() -> None:
    """An elliptic question that follows nothing, or only others like it, stays as it is."""
    assert read_question("why?", turns("and then?")) == QuestionReading(("why?",))


def test_what_a_conversation_is_about_is_kept_over_turns() -> None:
    """Two follow-ups on, the thing is still there, and it is said."""
    later = [*ZOE, Turn("and a service?")]
    reading = read_question("and a windscreen?", later)
    assert "Zoe" in reading.variants[0]
    assert reading.about is not None
    assert "Zoe" in reading.about


def test_what_was_shown_is_carried() -> None:
    """A name that only the answer had is what the pronoun of a follow-up means."""
    told = [Turn("Who was appointed?", "Envoys", "Thomas West was appointed on Monday.")]
    reading = read_question("what did he say?", told)
    assert {"Thomas", "West"} <= set(reading.variants[0].split())


def test_a_complete_question_drops_what_was_before() -> None:
    """What follows it is read with it, not with what the conversation began with."""
    asked = [*ZOE, Turn("Who won the football match in Geneva?")]
    assert not leans("Who won the football match in Geneva?", ZOE)
    whole, *_ = read_question("why?", asked).variants
    assert whole.endswith("Who won the football match in Geneva? why?")


def test_what_a_question_is_about_was_asked_for() -> None:
    """A name that only the answer had is told where a pronoun may stand for it, not elsewhere."""
    told = [Turn("Did West meet NATO?", "", "As Reuters reported, West met the allies.")]
    about = read_question("why?", told).about
    assert about is not None
    assert "Reuters" not in about.split()


def test_a_complete_question_that_is_asked_again_is_complete() -> None:
    """Who repeats a question means the same, not more."""
    question = "what conditions did the US set?"
    assert read_question(question, [Turn(question)]) == QuestionReading((question,))


@pytest.mark.parametrize(
    ("question", "follow_up"),
    [
        ("darf mein fahrrad im treppenhaus stehen?", "und warum?"),
        ("¿quién compró la torre?", "¿y por qué?"),
        ("кто купил башню?", "а почему?"),
    ],
)
def test_a_bare_question_word_leans_in_any_language(question: str, follow_up: str) -> None:
    """What has no topic in its own language is read with the question before it, and so alone."""
    turns = [Turn(question, "")]

    assert read_question(follow_up, turns).variants == (f"{question} {follow_up}",)


CLINIC = Turn(
    "what are the opening hours?",
    "Riverside Clinic",
    "The clinic is open from 8 to 18 on weekdays.",
)
LIBRARY = Turn(
    "how many books can I take?",
    "Harlow Branch Library: new rules from 1 September",
    "The library will lend twelve items at a time instead of eight.",
)
CAKE = Turn("how many eggs do I need?", "Lemon cake", "* 4 eggs")
HALL = Turn(
    "who repairs the roof?",
    "Lease of the community hall",
    "(3) The roof is repaired by the owner.",
)
BRIDGE = Turn(
    "Why was the bridge closed?",
    "Bridge over the Aare closed after cracks were found",
    "It was closed on Monday after an engineer found cracks in two pillars.",
)


@pytest.mark.parametrize(
    ("turn", "question", "about"),
    [
        (CLINIC, "and on Sundays?", "opening hours"),
        (LIBRARY, "how long can I keep them?", "books"),
        (CAKE, "how long does it bake?", "eggs Lemon cake"),
        (HALL, "and the windows?", "roof"),
        (BRIDGE, "what else did he find?", "bridge"),
    ],
)
def test_a_follow_up_is_about_a_thing(turn: Turn, question: str, about: str) -> None:
    """What it is read with names things, whole, and no word that is said of them."""
    assert read_question(question, [turn]).about == about


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        (CLINIC, "when is the clinic open?"),
        (CLINIC, "who runs the clinic?"),
        (LIBRARY, "who pays for the missing fines?"),
        (CAKE, "how long is the cake in the oven?"),
        (HALL, "may the hall be used for parties?"),
        (BRIDGE, "What did the engineers find in the pillars?"),
    ],
)
def test_a_question_that_names_its_thing_is_complete(turn: Turn, question: str) -> None:
    """So "the clinic" needs nothing of what was asked before, where an article is about one."""
    assert read_question(question, [turn]) == QuestionReading((question,))


def test_what_names_no_thing_is_not_shown() -> None:
    """Where the question before has verbs only, nobody is told what the follow-up is about."""
    reading = read_question("why?", [Turn("who resigned?")])
    assert reading.variants[0] == "who resigned? why?"
    assert reading.about is None


def test_a_question_with_a_pronoun_that_has_the_same_topic_is_no_repetition() -> None:
    """So "when was she born?" is read with the person before, whoever was born there, too."""
    told = Turn("Who was born in Basel?", "Envoys", "Anna Meier was born in Basel.")
    assert leans("when was she born?", [told, Turn("when was Thomas West born?"), told])


def test_the_cells_that_answered_are_not_carried() -> None:
    """Of a row that was shown its label may be meant; the values would only find it again."""
    friday = Turn("which lessons are on friday?", "Pool", "| Improvers | 8-14 | Friday | €105.00 |")
    carried = read_question("when do they start?", [friday]).variants[0]
    assert "Improvers" in carried
    assert "105.00" not in carried


@pytest.mark.parametrize(
    ("turn", "question", "about"),
    [
        (Turn("how much is a month pass?"), "and the year pass?", None),
        (Turn("can I bring guests how many times?"), "must they sign?", None),
        (Turn("can I row at night?", "Rules of a Rowing Club"), "and the officer?", "night"),
        (
            Turn("what would the repairs be?", "", "They asked the Department for Transport."),
            "who is she?",
            "repairs",
        ),
    ],
)
def test_what_is_no_thing_that_was_asked_about_is_not_shown(
    turn: Turn, question: str, about: str | None
) -> None:
    """So neither a counterpart, a measure, a verb like a name, nor a name of an answer."""
    assert read_question(question, [turn]).about == about
