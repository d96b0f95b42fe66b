"""A private chat, from the update that goes in to the calls that come out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bots import Bot, sent_to, settle
from fake_telegram.api import BotApi
from fake_telegram.world import Chat, User

MADE = Path(__file__).parents[1] / "sources" / "made_elsewhere"
CONDITIONS = "what conditions did the US set?"
UNANSWERABLE = "who is the mayor of Paris?"
ITEMS = ("Preventing terrorist", "Respecting all Afghans", "Providing unrestricted", "And building")


def test_a_question_is_answered_with_its_passages(api: BotApi, chat: Chat, ann: User) -> None:
    """The sentence and the whole list stand in quotations, with title and paragraph."""
    question = api.send(chat, ann, CONDITIONS)

    answer = api.wait("sendMessage", chat_id=chat.id)

    text = answer.result["text"]
    assert "has not said publicly what conditions" in text
    assert all(item in text for item in ITEMS)
    assert "paragraph 5" in text
    assert answer.params["reply_parameters"]["message_id"] == question["message_id"]
    assert answer.params["link_preview_options"] == {"is_disabled": True}


def test_the_best_sentence_is_bold_and_long_quotations_fold(
    api: BotApi, chat: Chat, ann: User
) -> None:
    """Two quotations are shown; what matched is bold, and the long one unfolds when touched."""
    api.send(chat, ann, CONDITIONS)

    result = api.wait("sendMessage", chat_id=chat.id).result
    types = [entity["type"] for entity in result["entities"]]
    bold = [
        result["text"][entity["offset"] : entity["offset"] + entity["length"]]
        for entity in result["entities"]
        if entity["type"] == "bold"
    ]

    assert types.count("blockquote") == 1
    assert types.count("expandable_blockquote") == 1
    assert bold[0].startswith("The US has not said publicly")
    assert bold[1].startswith("“The credibility and support")


def test_typing_is_shown_before_the_answer(api: BotApi, chat: Chat, ann: User) -> None:
    """Who asks sees that the bot is at work."""
    api.send(chat, ann, CONDITIONS)

    answer = api.wait("sendMessage", chat_id=chat.id)

    assert [call.params["action"] for call in sent_to(api, chat, "sendChatAction")] == ["typing"]
    assert sent_to(api, chat, "sendChatAction")[0].at < answer.at


def test_what_is_not_answered_is_said(api: BotApi, chat: Chat, ann: User) -> None:
    """The reply says that the article does not answer, and offers the nearest passage as such."""
    api.send(chat, ann, UNANSWERABLE)

    text = api.wait("sendMessage", chat_id=chat.id).result["text"]

    assert text.startswith("The article does not say this. The nearest passage:\n")


def test_a_follow_up_is_read_with_the_question_before(api: BotApi, ann: User) -> None:
    """“why?” finds something only in the chat where something was asked before."""
    chat, other = api.private(ann), api.private(api.user(first_name="Bob"))
    api.send(chat, ann, "who appointed Thomas West?")
    api.wait("sendMessage", chat_id=chat.id)
    api.send(chat, ann, "and when?")
    api.send(other, other.user or ann, "and when?")

    follow_up = api.wait("sendMessage", chat_id=chat.id).result["text"]
    alone = api.wait("sendMessage", chat_id=other.id).result["text"]

    assert "West" in follow_up
    assert follow_up != alone


def test_an_edited_question_has_its_reply_changed(api: BotApi, chat: Chat, ann: User) -> None:
    """No other message follows an edit."""
    question = api.send(chat, ann, CONDITIONS)
    answer = api.wait("sendMessage", chat_id=chat.id)

    api.edit(question, UNANSWERABLE, deliver=True)
    edit = api.wait("editMessageText", message_id=answer.result["message_id"])
    settle(api, chat)

    assert "The nearest passage" in edit.result["text"]
    assert len(sent_to(api, chat)) == 2  # the answer and the help that settle asks for


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("/start", "Hello! I answer questions about articles"),
        ("/help", "Ask in your own words"),
        ("/articles", "I answer from:\n• Even as ISIS attacks from within"),
        ("/article nosuch", "There is no such article any more"),
        ("/start a_nosuch", "There is no such article any more"),
        ("/ask", "Write your question after the command"),
        ("/nosuch", "I do not know this command"),
        ("hello", "Hello! Ask about the articles"),
        ("thanks!", "You are welcome"),
        (f"/ask {'x' * 3000}", "This is too long for a question"),
    ],
)
def test_replies_of_the_bot_itself(
    api: BotApi, chat: Chat, ann: User, text: str, begins: str
) -> None:
    """Commands and courtesies get one message each."""
    api.send(chat, ann, text)

    assert api.wait("sendMessage", chat_id=chat.id).result["text"].startswith(begins)


def test_ask_replies_to_what_stands_behind_it(api: BotApi, chat: Chat, ann: User) -> None:
    """/ask QUESTION answers like the question alone."""
    api.send(chat, ann, f"/ask {CONDITIONS}")

    assert "has not said publicly" in api.wait("sendMessage", chat_id=chat.id).result["text"]


def test_the_questions_of_start_are_answered(api: BotApi, chat: Chat, ann: User) -> None:
    """Each of the three that the greeting offers has an answer when it is pressed."""
    api.send(chat, ann, "/start")
    greeting = api.wait("sendMessage", chat_id=chat.id)
    rows = greeting.result["reply_markup"]["inline_keyboard"]
    answers = []
    for (cell,) in rows:
        api.press(greeting.result, cell["text"], user=ann)
        answers.append(api.wait("sendMessage", chat_id=chat.id).result["text"])

    assert len(answers) == 3
    assert not [text for text in answers if "The nearest passage" in text]


def test_an_article_says_what_it_is_about_and_is_asked_alone(
    api: BotApi, chat: Chat, ann: User
) -> None:
    """A deep link quotes the article's central sentences; /articles offers the way back."""
    api.send(chat, ann, "/start a_taliban-us-recognition")
    summary = api.wait("sendMessage", chat_id=chat.id)
    told = api.wait("sendMessage", chat_id=chat.id)
    api.send(chat, ann, "/articles")
    listing = api.wait("sendMessage", chat_id=chat.id)
    query = api.press(listing.result, "All articles", user=ann)
    notice = api.wait("answerCallbackQuery", callback_query_id=query["id"])

    assert "blockquote" in summary.params["text"]
    assert told.result["text"].startswith("You now ask only “Even as ISIS")
    assert notice.params["text"] == "You now ask all articles."


def test_a_document_is_added_asked_and_removed(api: BotApi, chat: Chat, ann: User) -> None:
    """A PDF of Chromium; a passage of it answers, and after its removal the shared article does."""
    data = (MADE / "chromium.pdf").read_bytes()
    api.send(chat, ann, document=api.document(data, "harbour.pdf"), caption="who is the mayor?")
    added = api.wait("editMessageText", chat_id=chat.id)
    while not added.result["text"].startswith("Added: "):
        added = api.wait("editMessageText", chat_id=chat.id)
    api.wait("sendMessage", chat_id=chat.id)
    answer = api.wait("sendMessage", chat_id=chat.id)
    api.press(added.result, "Remove", user=ann)
    question = api.wait("editMessageText", chat_id=chat.id)
    api.press(question.result, "Yes, remove", user=ann)
    gone = api.wait("editMessageText", chat_id=chat.id)
    api.send(chat, ann, CONDITIONS)

    assert "Lena Berg" in answer.result["text"]
    assert gone.result["text"].endswith("is removed.")
    assert "has not said publicly" in api.wait("sendMessage", chat_id=chat.id).result["text"]


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker"])
def test_what_is_no_text_gets_a_polite_line(api: BotApi, chat: Chat, ann: User, kind: str) -> None:
    """The bot says that it reads text only."""
    api.send(chat, ann, **{kind: getattr(api, kind)()})

    text = api.wait("sendMessage", chat_id=chat.id).result["text"]

    assert text == "I can only read text; please write your question."


def test_a_long_text_in_pieces_gets_one_reply(api: BotApi, chat: Chat, ann: User) -> None:
    """What a client cuts into several messages is one article."""
    api.send(chat, ann, "Trams run on rails. " * 200)
    api.send(chat, ann, "Buses have four wheels. " * 4)

    added = api.wait("editMessageText", chat_id=chat.id)
    while not added.result["text"].startswith("Added"):  # on a busy machine it shows how far it is
        added = api.wait("editMessageText", chat_id=chat.id)

    assert "4,096 characters" in added.result["text"]
    assert len(sent_to(api, chat)) == 1


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("es", "El artículo no dice esto."),
        ("de-AT", "Der Artikel sagt das nicht."),
        ("ru", "В статье об этом не сказано."),
        ("uk", "У статті про це не сказано."),
        ("ja", "The article does not say this."),
    ],
)
def test_the_bot_speaks_the_language_of_who_asks(api: BotApi, code: str, begins: str) -> None:
    """Its own sentences follow the language_code, or are English."""
    person = api.user(first_name="P", language_code=code)
    chat = api.private(person)

    api.send(chat, person, UNANSWERABLE)

    assert api.wait("sendMessage", chat_id=chat.id).result["text"].startswith(begins)


def test_more_and_back_turn_the_reply_over(api: BotApi, chat: Chat, ann: User) -> None:
    """“More” shows other passages in the same message, “Back” the answer again."""
    api.send(chat, ann, CONDITIONS)
    answer = api.wait("sendMessage", chat_id=chat.id).result

    api.press(answer, "More", user=ann)
    more = api.wait("editMessageText", message_id=answer["message_id"]).result
    api.press(more, "Back", user=ann)
    back = api.wait("editMessageText", message_id=answer["message_id"]).result

    assert "has not said publicly" not in more["text"]
    assert back["text"] == answer["text"]


def test_context_shows_the_paragraphs_around(api: BotApi, chat: Chat, ann: User) -> None:
    """“Context” shows the passage in bold between its neighbours."""
    api.send(chat, ann, CONDITIONS)
    answer = api.wait("sendMessage", chat_id=chat.id).result

    api.press(answer, "Context", user=ann)
    shown = api.wait("editMessageText", message_id=answer["message_id"]).params["text"]

    before, bold, after = shown.partition("<b>The US has not said publicly")
    assert bold
    assert len(before) > len("<blockquote expandable>")
    assert "</b>" in after


def test_a_double_press_does_no_harm(api: BotApi, chat: Chat, ann: User) -> None:
    """The second press of a button changes nothing, and both stop waiting."""
    api.send(chat, ann, CONDITIONS)
    answer = api.wait("sendMessage", chat_id=chat.id).result

    first = api.press(answer, "More", user=ann)
    second = api.press(answer, "More", user=ann)

    api.wait("answerCallbackQuery", callback_query_id=first["id"])
    api.wait("answerCallbackQuery", callback_query_id=second["id"])
    api.wait("editMessageText", message_id=answer["message_id"])
    refused = api.wait("editMessageText", message_id=answer["message_id"], refused=True)
    assert "not modified" in refused.error
    refused.injected = True  # it is what Telegram says to a right bot too


@pytest.mark.parametrize("data", ["m:999999:2", "c:0", "old-button"])
def test_a_button_that_nobody_remembers_says_so(
    api: BotApi, chat: Chat, ann: User, data: str
) -> None:
    """It has expired, whatever it was."""
    api.send(chat, ann, CONDITIONS)
    answer = api.wait("sendMessage", chat_id=chat.id).result
    button = answer["reply_markup"]["inline_keyboard"][0][0]
    query = api.press(answer, button["text"], user=ann, data=data)

    notice = api.wait("answerCallbackQuery", callback_query_id=query["id"]).params["text"]
    assert notice == "This button has expired; please ask again."


def test_votes_are_exported_as_a_question_file(
    bot: Bot, api: BotApi, chat: Chat, ann: User, tmp_path: Path
) -> None:
    """👍 gives an answer with its evidence, 👎 an open question; `evaluate` reads the file."""
    for question, vote in ((CONDITIONS, "👍"), ("who appointed Thomas West?", "👎")):
        api.send(chat, ann, question)
        answer = api.wait("sendMessage", chat_id=chat.id).result
        query = api.press(answer, vote, user=ann)
        api.wait("answerCallbackQuery", callback_query_id=query["id"])

    command = [sys.executable, "-m", "bot", "--database", f"sqlite:///{bot.database}"]
    exported = subprocess.run([*command, "feedback"], capture_output=True, text=True, check=True)
    (tmp_path / "f.jsonl").write_text(exported.stdout, encoding="utf-8")
    evaluated = subprocess.run(
        [*command, "evaluate", "--json", str(tmp_path / "f.jsonl")],
        capture_output=True,
        text=True,
        check=True,
    )

    (article,) = map(json.loads, exported.stdout.splitlines())
    good, bad = article["questions"][-2:]  # other tests may have voted before
    assert article["text"][good["start"] :].startswith(good["answer"])
    assert (good["question"], bad["question"]) == (CONDITIONS, "who appointed Thomas West?")
    assert bad["open"]
    assert json.loads(evaluated.stdout)["files"][0]["answerable"] == 1
