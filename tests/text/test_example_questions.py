"""Questions made of an article's own words."""

from __future__ import annotations

import pytest

from index.text.example_questions import MAX_QUESTION, ExampleQuestion, example_questions


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("“We are late,” said Maria Kakali on Monday.", "What did Maria Kakali say?"),
        ("Ahmed Baroudi said that the plant was late.", "What did Ahmed Baroudi say?"),
        ("The Eiffel Tower was built by hand in 1889.", "When was the Eiffel Tower built?"),
        ("Two houses fell and 40 people were hurt.", "How many people were hurt?"),
        ("It pleased Jan Reedijk, the former president of it.", "Who is Jan Reedijk?"),
        ("It was shown to President Joe Biden at night.", "Who is Joe Biden?"),
        (
            "It lies in the Sahara Desert, near a road.",
            "What does the article say about the Sahara Desert?",
        ),
    ],
)
def test_a_sentence_is_asked_for_what_it_says(sentence: str, question: str) -> None:
    """Each shape of a sentence has its question, of the sentence's own names and nouns."""
    assert next(example_questions([sentence])).question == question


@pytest.mark.parametrize(
    "sentence",
    [
        "he said nothing at all.",
        "The Man said no.",
        "It played John Lennon’s Real Love, a song of a singer.",
        "It was grown on the North American coast.",
        f"It was shown to President {'Maximilian ' * 6}Biden at night.",
    ],
)
def test_a_sentence_of_no_shape_gives_no_question(sentence: str) -> None:
    """Parts of names, and what no button holds, are left alone."""
    assert list(example_questions([sentence])) == []


def test_each_shape_comes_in_turn() -> None:
    """Questions are of different kinds first, and none comes twice."""
    said = ["Ann Lee said no.", "Ann Lee said yes.", "Bob Ray said no.", "40 people were hurt."]

    asked = [example.question for example in example_questions(said)]

    assert asked == ["What did Ann Lee say?", "How many people were hurt?", "What did Bob Ray say?"]
    assert max(map(len, asked)) <= MAX_QUESTION


def test_another_language_is_asked_in_its_own_words() -> None:
    """A doer, a date and a name take turns, each with the words that an answer must have."""
    told = [
        "Hanne Lüders leitete das Museum bis 2009.",
        "Im Jahr 2013 überschwemmte die Leine den Keller.",
        "Die Werkstatt baute ihr Neffe, den Hanne Lüders gelehrt hatte.",
    ]

    assert list(example_questions(told, "de"))[:3] == [
        ExampleQuestion("Wer leitete das Museum bis 2009?", "leitete das Museum bis 2009"),
        ExampleQuestion(
            "Wann überschwemmte die Leine den Keller?", "überschwemmte die Leine den Keller"
        ),
        ExampleQuestion("Was steht hier über Hanne Lüders?", "Hanne Lüders"),
    ]


def test_what_an_article_repeats_is_asked_last() -> None:
    """An article without names or dates is asked for its terms, in a language of no table too."""
    told = ["Taikina kohoaa yön yli.", "Aamulla taikina on valmis."]

    assert [example.question for example in example_questions(told, "fi")] == ["”Taikina”?"]


def test_things_are_asked_for_where_nobody_is_named() -> None:
    """They come twice, and once "the" shows that a word is one, which describes no other."""
    told = [
        "Mix the rye flour with water.",
        "The flour is white.",
        "Bake the rye bread.",
        "Bake it.",
    ]

    assert [example.question for example in example_questions(told)] == ["What about the flour?"]
