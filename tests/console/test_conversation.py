"""What a person's questions and commands are answered with, without a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answerers import FixedAnswerer

from bot.console.console_help import help_text
from bot.console.conversation import Conversation
from bot.console.opening import Opening
from bot.console.screen import Screen
from bot.console.text_layout import TextStyle
from bot.console.votes import question_lines, votes_file
from bot.phrases import phrase
from index.datatypes import Turn
from index.errors import NotFoundError


class Talk:
    """A conversation with an answerer; what it shows is kept, a blank line parts the pieces."""

    def __init__(self, answerer: FixedAnswerer | None = None) -> None:
        self.answerer = answerer or FixedAnswerer()
        self.shown: list[str] = []
        opening = Opening(lambda: self.answerer, self.shown.append)  # type: ignore[arg-type]
        self.paged: list[tuple[str, int]] = []
        screen = Screen(
            self.shown.append,
            TextStyle,
            lambda future, _: future.result(30),
            lambda text, line: self.paged.append((text, line)),
        )
        self.conversation = Conversation(opening, screen)

    def type(self, *lines: str) -> list[str]:
        """Type *lines*, and give what was shown."""
        self.shown.clear()
        for line in lines:
            assert self.conversation.handle_line(line)
        return "\n\n".join(self.shown).split("\n\n") if self.shown else []


TWO = [
    "The article may say this:\n  They sat.\n  — The guests, paragraph 2",
    "  Three came.\n  — The guests, paragraph 3",
]


def test_question_gets_its_passages() -> None:
    """A question is answered with as many passages as asked for."""
    assert Talk().type("who?") == TWO


def test_refusal_shows_one_passage() -> None:
    """When the articles do not answer, the nearest passage alone is shown."""
    assert Talk(FixedAnswerer(answered=False)).type("who?") == [
        "None of the 3 articles says this.\n"
        "The nearest passage: They sat.\n  — The guests, paragraph 2",
    ]


def test_more_shows_the_next_passages() -> None:
    """/more goes on where the last reply ended, and says when there is nothing left."""
    assert Talk().type("who?", "/more", "/more") == [
        *TWO,
        "  Four came.\n  — The guests, paragraph 4",
        "  One came.\n  — The guests, paragraph 1",
        "There are no more passages; ask something else.",
    ]


def test_context_shows_the_paragraphs_around() -> None:
    """/context shows the paragraph before and after the first passage, which is marked."""
    assert Talk().type("who?", "/context")[2:] == [
        "  One came.",
        "  Two came.\n> They sat.",
        "  Three came.\n  — The guests, paragraph 2",
    ]


def test_context_of_another_passage() -> None:
    """/context with a number takes that passage of the last reply."""
    assert Talk().type("who?", "/more", "/context 2")[4:] == [
        "> One came.",
        "  Two came. They sat.\n  — The guests, paragraph 1",
    ]


@pytest.mark.parametrize("number", ["0", "3", "-1", "two"])
def test_context_of_no_passage(number: str) -> None:
    """/context with a number of no passage says how many there are."""
    assert Talk().type("who?", f"/context {number}")[2:] == [
        "The last reply showed 2 passages; say which by number, /context 1."
    ]


def test_context_before_any_question() -> None:
    """/context and /more before the first question say what to do."""
    assert Talk().type("/context", "/more") == [
        "There is no passage yet; ask something first.",
        "There are no more passages; ask something else.",
    ]


def test_articles_are_listed() -> None:
    """/articles shows the table of articles."""
    assert Talk().type("/articles") == [
        "ID      CHARACTERS  SENTENCES  TITLE\nguests          56          5  The guests"
    ]


def test_a_long_list_of_articles_is_cut() -> None:
    """/articles shows the first thirty, and says how many more there are and how to see them."""
    talk = Talk()
    infos = talk.answerer.library.listing() * 31
    talk.answerer.library.listing = lambda: infos

    *shown, last = "\n".join(talk.type("/articles")).splitlines()

    assert len(shown) == 31  # with the heading
    assert last == "… and 1 article more; `article-bot list` shows all."


def test_an_empty_library_says_how_to_add() -> None:
    """/articles where there are none says how to add one."""
    talk = Talk()
    talk.answerer.library.listing = list

    assert talk.type("/articles") == [
        "There are no articles here yet; add one with `article-bot add FILE`."
    ]


def test_article_narrows_and_widens() -> None:
    """/article ID asks one article only, until /article without an id."""
    talk = Talk()

    said = talk.type("/article guests", "a?", "/article", "b?")

    assert [said[0], said[3]] == [
        "Only this article is searched now: The guests",
        "All articles are searched now.",
    ]
    assert [(question, article) for question, article, _ in talk.answerer.asked] == [
        ("a?", "guests"),
        ("b?", None),
    ]


def test_unknown_article_changes_nothing() -> None:
    """/article with an unknown id is an error, and the search stays as it was."""
    talk = Talk()

    with pytest.raises(NotFoundError):
        talk.type("/article nobody")

    assert talk.type("a?") == TWO
    assert talk.answerer.asked == [("a?", None, ())]


def test_earlier_questions_are_history() -> None:
    """A question is read with the last twelve before it, and with what was shown for them."""
    talk = Talk()

    talk.type(*(f"q{number}" for number in range(15)))

    second, last = ([turn.question for turn in talk.answerer.asked[i][2]] for i in (1, 14))
    assert second == ["q0"]
    assert last == [f"q{number}" for number in range(2, 14)]
    assert talk.answerer.asked[1][2] == (Turn("q0", "The guests", "They sat."),)


def test_choosing_an_article_begins_anew() -> None:
    """What was asked of all articles is no history of the questions to one."""
    talk = Talk()

    talk.type("a?", "/article guests", "b?")

    assert talk.answerer.asked[-1] == ("b?", "guests", ())


def test_unknown_command_is_one_line() -> None:
    """An unknown command is not asked but refused, with where to look."""
    assert Talk().type("/mroe") == [
        "There is no command /mroe; did you mean /more? /help lists them."
    ]


def test_help_lists_every_command() -> None:
    """/help names each command there is."""
    talk = Talk()

    said = talk.type("/help")

    assert "\n\n".join(said) == help_text()
    assert all(name in help_text() for name in talk.conversation.commands)


@pytest.mark.parametrize("line", ["", "   ", "\t"])
def test_blank_line_says_nothing(line: str) -> None:
    """Enter on an empty line is no question."""
    assert Talk().type(line) == []


@pytest.mark.parametrize("command", ["/quit", "/exit", " /quit now"])
def test_quit_leaves(command: str) -> None:
    """/quit says to leave, and nothing else."""
    talk = Talk()

    assert not talk.conversation.handle_line(command)
    assert talk.shown == []


def test_a_removed_article_frees_the_search() -> None:
    """When the only article that is searched is gone, that is said, and all are searched again."""
    talk = Talk()
    talk.type("/article guests")
    talk.conversation.article = "gone"

    said = talk.type("a?")

    assert said == ["gone is gone; all articles are searched again.", *TWO]
    assert talk.conversation.article is None


@pytest.mark.parametrize("name", ["/article gue", "/ARTICLE the guests"])
def test_an_article_goes_by_a_part_of_its_name(name: str) -> None:
    """/article takes the beginning of an id or of a title, in any case."""
    talk = Talk()
    talk.type(name)
    assert talk.conversation.article == "guests"


def test_open_shows_the_whole_article() -> None:
    """/open gives the pager the article, and the line at which the passage stands."""
    talk = Talk()
    talk.type("who?", "/open 2")

    ((text, line),) = talk.paged

    assert text.startswith("The guests\n\n  One came.")
    assert text.split("\n")[line - 1] == "> Three came."


@pytest.mark.parametrize("line", ["exit", "quit", "Bye!", "/QUIT"])
def test_a_word_leaves_too(line: str) -> None:
    """Who wants to go need not know the command."""
    assert not Talk().conversation.handle_line(line)


@pytest.mark.parametrize(
    ("text", "said"),
    [("?", help_text()), ("ok", phrase("all_right")), ("wer bist du", phrase("description", "de"))],
)
def test_words_that_ask_nothing_are_not_looked_up(text: str, said: str) -> None:
    """They get what a person expects, in the language that they are in."""
    talk = Talk()
    assert "\n\n".join(talk.type(text)) == said
    assert talk.answerer.asked == []


def test_words_about_the_last_answer_work_on_it() -> None:
    """More, where, the second one and in short, as the commands do."""
    talk = Talk()
    talk.type("who?")
    assert "> Three came." in talk.type("the second one")
    assert talk.type("the third one") == ["  Four came.\n  — The guests, paragraph 4"]
    assert talk.type("in short") == [TWO[0]]
    assert talk.type("show me more")[0] == "  Four came.\n  — The guests, paragraph 4"


def test_words_about_no_answer_say_so() -> None:
    """Before the first question there is nothing that they could be about."""
    assert Talk().type("show me more", "👍", "/bad") == [phrase("nothing_yet")] * 3


def test_short_answers_are_a_sentence() -> None:
    """/short on shows the first sentence only, /short off whole answers again."""
    talk = Talk()
    assert talk.type("/short on", "who?")[1:] == TWO[:1]
    assert talk.type("/short off", "who?")[1:] == TWO
    assert talk.type("/short maybe") == ["Say /short on or /short off."]


def test_votes_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/good and 👎 write what was asked and shown into the user's file."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    talk = Talk()

    assert talk.type("who?", "/good", "👎")[2:] == [phrase("noted"), phrase("corrected")]

    rows = [json.loads(row) for row in votes_file().read_text().splitlines()]
    assert [(row["question"], row["vote"], row["answer"]) for row in rows] == [
        ("who?", 1, "They sat."),
        ("who?", -1, "They sat."),
    ]
    lines = list(question_lines(lambda _: talk.answerer.library))  # type: ignore[arg-type, return-value]
    assert [line["questions"][0].get("open", False) for line in lines] == [False, True]
    assert lines[0]["text"][lines[0]["questions"][0]["start"] :].startswith("They sat.")


def test_a_foreign_article_is_noted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator can set stands below the first such answer, and not again."""
    monkeypatch.setattr("bot.console.conversation.deserves_language_note", lambda *_: True)

    assert Talk().type("who?", "who?") == [*TWO, phrase("english_only"), *TWO]
