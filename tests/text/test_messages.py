"""Messages as people type them."""

from __future__ import annotations

import pytest

from index.text.messages import Message, asks_yes_or_no, read_message


@pytest.mark.parametrize(
    "text", ["hi", "Hello!", "hey there", "Good morning 👋", "HELLO bot", "hi :)"]
)
def test_a_greeting_asks_nothing(text: str) -> None:
    """A greeting alone is no question."""
    assert read_message(text) == Message("greeting")


@pytest.mark.parametrize(
    "text", ["thanks", "Thank you very much!", "ok, thanks a lot", "thx 🙏", "great!", "bye"]
)
def test_thanks_ask_nothing(text: str) -> None:
    """Thanks alone are no question."""
    assert read_message(text) == Message("thanks")


@pytest.mark.parametrize(
    "text",
    [
        "what is this about?",
        "What's this all about",
        "what is the article about?",
        "hi, what is this article about?",
        "summarise",
        "Summarize this article please",
        "can you summarise the text for me?",
        "tl;dr",
        "TLDR?",
        "give me a short summary",
        "what is the interview about?",
        "what are the main points?",
        "what does the article say?",
        "Worum geht es?",
        "¿De qué trata?",
        "De quoi s’agit-il ?",
        "О чём статья?",
        "这篇文章讲什么？",
    ],
)
def test_a_summary_is_asked_for_in_many_ways(text: str) -> None:
    """Questions about the article as a whole have no sentence that answers them."""
    assert read_message(text).kind == "summary"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("who is West", "who is West"),
        ("Hi, who is West?", "who is West?"),
        ("hello! who is West?", "who is West?"),
        ("Can you tell me who West is?", "who West is?"),
        ("please tell me who West is, thanks", "who West is"),
        ("do you know who West is?", "who West is?"),
        ("According to the article, who is West?", "who is West?"),
        ("Who is West, according to the text?", "Who is West?"),
        ("who is West please?", "who is West?"),
        ("what is the road map about?", "what is the road map about?"),
        ("thanks to whom was it possible?", "thanks to whom was it possible?"),
        ("Hi-tech exports?", "Hi-tech exports?"),
        ("good evening news ratings?", "good evening news ratings?"),
        ("who sent thanks?", "who sent thanks?"),
        ("terrorism", "terrorism"),
        ("???", "???"),
    ],
)
def test_a_question_is_freed_of_what_is_wrapped_around_it(text: str, question: str) -> None:
    """Only the words that say what is asked for are looked up."""
    assert read_message(text) == Message("answer", (question,))


def test_two_questions_are_answered_one_by_one() -> None:
    """Each question mark ends one, and what stands behind the last asks on."""
    assert read_message("Who is West? And who named him?").questions == (
        "Who is West?",
        "And who named him?",
    )
    assert read_message("Who is West? what did he say").questions == (
        "Who is West?",
        "what did he say",
    )
    assert read_message("Who is West? Thanks!").questions == ("Who is West?",)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("who is West\nwhen was he named", ("who is West", "when was he named")),
        ("1. who won\n2) the storm\n- why?", ("who won", "the storm", "why?")),
        ("The storm was bad.\nwas anybody hurt", ("The storm was bad.", "was anybody hurt")),
        (
            "what conditions did the US\nset for that?",
            ("what conditions did the US set for that?",),
        ),
        ("storm\ndamage", ("storm damage",)),
        ("hi\nwho is West?", ("who is West?",)),
    ],
)
def test_pasted_lines_are_questions(text: str, questions: tuple[str, ...]) -> None:
    """A line that asks by itself is a question of its own; one that was only wrapped is not."""
    assert read_message(text).questions == questions


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is West a diplomat?", True),
        ("can you tell me, did the pier break?", True),
        ("And was anybody hurt", True),
        ("Who is West?", False),
        ("What did they say is true?", False),
        ("island", False),
    ],
)
def test_a_yes_no_question_is_recognised(question: str, expected: bool) -> None:
    """It begins with its verb."""
    assert asks_yes_or_no(question) is expected


def test_many_questions_are_one() -> None:
    """A whole questionnaire is looked up as it is."""
    text = "Who? What? Where? When? Why? How?"
    assert read_message(text).questions == (text,)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Was steht hier über „Kompost“?", ("„Kompost“",)),
        ("was steht hier über Ann Lee", ("Ann Lee",)),
        ("Que dit l'article sur Ann Lee ?", ("Ann Lee",)),
        ("Ирина Соболева: что об этом сказано в статье?", ("Ирина Соболева",)),
        ("Was steht hier über Ann? Wann kam sie?", ("Was steht hier über Ann?", "Wann kam sie?")),
        ("What does the article say about Ann?", ("What does the article say about Ann?",)),
    ],
)
def test_what_an_article_says_about_something_is_looked_up(
    text: str, questions: tuple[str, ...]
) -> None:
    """The words around it are in no article; the English ones are read."""
    assert read_message(text).questions == questions
