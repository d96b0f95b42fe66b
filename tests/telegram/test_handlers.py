"""What each handler does with an update, in this process: the real application, no network."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from local_bot import (
    ANN,
    BOB,
    BOT,
    CHANNEL,
    GROUP,
    OWNER,
    PRIVATE,
    Json,
    LocalBot,
    button,
    buttons_of,
    message,
    post,
)

from bot.config import Settings
from bot.telegram.store import chats, posts, replies
from bot.telegram.store.posts import Forward
from bot.telegram.store.reply_values import Conversation
from index.answering import Answerer
from index.datatypes import Answer, Passage, Span
from index.storage.database import SHARED
from index.storage.library import Library

QUESTION = "what conditions did the US set?"
HARBOUR = "The harbour of Lindholm is closed. " + "Divers found cracks in the eastern pier. " * 10
SEED = "taliban-us-recognition"
COPIED = {
    "type": "channel",
    "date": 0,
    "chat": CHANNEL,
    "message_id": 3,
}


def test_text_in_private_is_answered(local_bot: LocalBot) -> None:
    """The answer replies to the question, with buttons."""
    ((method, given),) = local_bot.receive(message=message(PRIVATE, QUESTION))

    assert method == "sendMessage"
    assert given["reply_parameters"] == {
        "message_id": 5,
        "allow_sending_without_reply": True,
    }
    assert "<blockquote" in given["text"]
    assert given["reply_markup"]["inline_keyboard"]


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        (QUESTION, False),
        (f"@articlebot {QUESTION}", True),
        (f"/ask {QUESTION}", True),
        (f"/ask@OtherBot {QUESTION}", False),
        ("/quiet", True),
    ],
)
def test_in_a_group_only_what_is_meant_for_the_bot(
    local_bot: LocalBot, text: str, *, answered: bool
) -> None:
    """Everything else is left alone."""
    assert bool(local_bot.told(message=message(GROUP, text))) is answered


@pytest.mark.parametrize(
    "update",
    [
        {"edited_message": message(PRIVATE, QUESTION, edit_date=1)},
        {"message": message(GROUP, f"@ArticleBot {QUESTION}", via_bot=BOT)},
        {"message": message(GROUP, f"@ArticleBot {QUESTION}", **{"from": BOT})},
        {"message": message(GROUP, f"/ask {QUESTION}", **{"from": BOT})},
        {"message": message(PRIVATE, "/start", via_bot=BOT)},
        {"message": message(PRIVATE, "/nosuch", via_bot=BOT)},
        {"channel_post": message(CHANNEL, QUESTION)},
        {
            "message": message(
                GROUP,
                f"@ArticleBot {QUESTION}",
                is_automatic_forward=True,
                forward_origin=COPIED,
            )
        },
    ],
)
def test_what_is_no_question_of_a_person_gets_nothing(
    local_bot: LocalBot, update: dict[str, Any]
) -> None:
    """Edits, other bots, inline results, posts and their copies."""
    assert local_bot.receive(**update) == []


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("/start", "Hello! I answer questions about articles"),
        ("/help", "Ask in your own words"),
        ("/articles", "I answer from:\n• <a href="),
        ("/article nosuch", "There is no such article any more"),
        ("/start a_nosuch", "There is no such article any more"),
        ("/ask", "Write your question after the command"),
        ("/nosuch", "I do not know this command"),
        ("/index", "Send <code>/index on</code> in a channel"),
        ("hello", "Hello! Ask about the articles"),
        ("thanks!", "You are welcome"),
        (f"/ask {'x' * 3000}", "This is too long for a question"),
    ],
)
def test_commands_and_courtesies_get_one_message(
    local_bot: LocalBot, text: str, begins: str
) -> None:
    """Each is answered in the bot's own words."""
    (told,) = local_bot.told(message=message(PRIVATE, text))

    assert told.startswith(begins)


@pytest.mark.parametrize("kind", ["voice", "sticker"])
def test_what_is_no_text_gets_a_polite_line(local_bot: LocalBot, kind: str) -> None:
    """The bot says that it reads text only."""
    file = {"file_id": "f", "file_unique_id": "f", "duration": 1}
    file |= {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    given = message(PRIVATE, "", **{kind: file})
    del given["text"], given["entities"]

    assert local_bot.told(message=given) == ["I can only read text; please write your question."]


def test_an_operator_and_an_admin_hear_of_more(local_bot: LocalBot) -> None:
    """/help tells an admin of the group what only they can do."""
    (for_members,) = local_bot.told(message=message(GROUP, "/help"))
    local_bot.request.results["getChatMember"] = OWNER
    (for_admins,) = local_bot.told(message=message(GROUP, "/help"))

    assert "/quiet" not in for_members
    assert for_admins.startswith(for_members)
    assert "/quiet" in for_admins


def test_an_article_is_summed_up_and_then_asked_alone(local_bot: LocalBot) -> None:
    """/article ID narrows the conversation; the button below /articles widens it again."""
    summary, told = local_bot.told(message=message(PRIVATE, f"/article {SEED}"))
    (listing,) = local_bot.receive(message=message(PRIVATE, "/articles"))
    narrowed = chats.scope_of(local_bot.engine, Conversation(7))
    notice, edit = local_bot.receive(callback_query=button(buttons_of(listing)["All articles"]))

    assert "<blockquote" in summary
    assert told.startswith("You now ask only “Even as ISIS attacks")
    assert narrowed == SEED
    assert notice.given["text"] == edit.given["text"] == "You now ask all articles."
    assert chats.scope_of(local_bot.engine, Conversation(7)) is None


def test_article_alone_says_what_it_is_about(local_bot: LocalBot) -> None:
    """/article without an id quotes the central sentences of what is asked here."""
    (summary,) = local_bot.told(message=message(PRIVATE, "/article"))

    assert "<blockquote" in summary


def test_a_narrowing_to_an_article_that_is_gone_ends(local_bot: LocalBot) -> None:
    """The question is answered from all articles, and so are the next ones."""
    chats.narrow(local_bot.engine, Conversation(7), "nosuch")

    (told,) = local_bot.told(message=message(PRIVATE, QUESTION))

    assert "<blockquote" in told
    assert chats.scope_of(local_bot.engine, Conversation(7)) is None


@pytest.mark.parametrize(("member", "quiet"), [(OWNER, True), (None, False)])
def test_only_admins_make_a_group_quiet(
    local_bot: LocalBot, member: Json | None, *, quiet: bool
) -> None:
    """An admin may, a member may not; it is told which."""
    if member is not None:
        local_bot.request.results["getChatMember"] = member

    (told,) = local_bot.told(message=message(GROUP, "/quiet"))

    assert chats.read_settings(local_bot.engine, GROUP["id"]).quiet is quiet
    assert told.startswith("From now on I only react" if quiet else "Only admins")


def test_a_quiet_group_gets_a_reaction(local_bot: LocalBot) -> None:
    """A refusal is a reaction there, when the articles do not answer."""
    chats.change_setting(local_bot.engine, GROUP["id"], "quiet", True)
    Library(local_bot.engine, SHARED).remove([SEED])

    ((method, given),) = local_bot.receive(message=message(GROUP, f"/ask {QUESTION}"))

    assert method == "setMessageReaction"
    assert given["reaction"] == [{"type": "emoji", "emoji": "🤷"}]


def test_more_context_and_back_turn_the_reply_over(local_bot: LocalBot) -> None:
    """Each press shows something else in the same message, and stops the button's waiting."""
    (answer,) = local_bot.receive(message=message(PRIVATE, QUESTION))
    shown = buttons_of(answer)
    notice, more = local_bot.receive(callback_query=button(shown["More"]))
    _, context = local_bot.receive(callback_query=button(shown["Context"]))
    _, back = local_bot.receive(callback_query=button(buttons_of(more)["Back"]))

    assert notice.method == "answerCallbackQuery"
    assert {call.method for call in (more, context, back)} == {"editMessageText"}
    assert len({answer.given["text"], more.given["text"], context.given["text"]}) == 3
    assert back.given["text"] == answer.given["text"]


def test_the_words_that_answer_stay_bold_behind_the_buttons(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More, Context and Back emphasise them alone, as the reply does."""
    ask = Answerer.answer

    def answer(*asked: Any, **options: Any) -> Answer:
        found = ask(*asked, **options)
        passages = map(with_three_words_known, found.passages)
        further = map(with_three_words_known, found.further)
        return replace(found, passages=tuple(passages), further=tuple(further))

    monkeypatch.setattr(Answerer, "answer", answer)
    (reply,) = local_bot.receive(message=message(PRIVATE, QUESTION))
    shown = buttons_of(reply)
    _, more = local_bot.receive(callback_query=button(shown["More"]))
    _, context = local_bot.receive(callback_query=button(shown["Context"]))
    _, back = local_bot.receive(callback_query=button(buttons_of(more)["Back"]))

    for call in (reply, more, context, back):
        bold = re.findall("<b>(.*?)</b>", call.given["text"])
        assert bold, call.given["text"]
        assert [words.count(" ") for words in bold] == [2] * len(bold)


def with_three_words_known(passage: Passage) -> Passage:
    """Say that the first three words of the best sentence answer."""
    words = " ".join(passage.article.cut(passage.best).split(" ")[:3])
    return replace(passage, answer=Span(passage.best.start, passage.best.start + len(words)))


def test_a_whole_answer_is_sent_on(local_bot: LocalBot) -> None:
    """“Whole answer” takes the buttons away, and sends the whole list below them."""
    rules = "\n".join(f"- Rule {n:03}: {'be kind to the cat, ' * 8}" for n in range(150))
    local_bot.put(f"The house has rules.\n\nThese are the rules of the house:\n{rules}")

    first = local_bot.receive(message=message(PRIVATE, "what are the rules of the house?"))
    pressed = button(buttons_of(first[-1])["Whole answer"])
    _, emptied, *rest = local_bot.receive(callback_query=pressed)

    shown = "".join(call.given["text"] for call in [*first, *rest])
    assert len(first) == 1
    assert emptied.method == "editMessageReplyMarkup"
    assert [n for n in range(150) if f"Rule {n:03}" not in shown] == []


def test_a_vote_is_kept(local_bot: LocalBot) -> None:
    """Everybody who sees a reply may say whether it is good."""
    (answer,) = local_bot.receive(message=message(GROUP, f"/ask {QUESTION}"))
    pressed = button(buttons_of(answer)["👎"], GROUP, by=BOB)

    (notice,) = local_bot.receive(callback_query=pressed)

    ((_, votes),) = replies.voted_replies(local_bot.engine)
    assert notice.given["text"] == "Thank you, noted."
    assert votes == -1


def test_in_a_group_only_who_asked_turns_the_reply_over(local_bot: LocalBot) -> None:
    """Somebody else is told so."""
    (answer,) = local_bot.receive(message=message(GROUP, f"/ask {QUESTION}"))
    pressed = button(buttons_of(answer)["More"], GROUP, by=BOB)

    (notice,) = local_bot.receive(callback_query=pressed)

    assert notice.given["text"] == "Only the person who asked can use this button."


@pytest.mark.parametrize(
    "data", ["nothing we know", "m:999999:2", "c:0", "m:1:99", f"c:{10**30}", "c:1:2:3"]
)
def test_an_unknown_button_has_expired(local_bot: LocalBot, data: str) -> None:
    """It is answered all the same, so that it stops waiting."""
    local_bot.receive(message=message(PRIVATE, QUESTION))

    ((method, given),) = local_bot.receive(callback_query=button(data))

    assert method == "answerCallbackQuery"
    assert given["text"] == "This button has expired; please ask again."


def test_a_button_of_another_chat_has_expired(local_bot: LocalBot) -> None:
    """Whatever a client sends, no reply of another chat is shown."""
    (answer,) = local_bot.receive(message=message(PRIVATE, QUESTION))
    pressed = button(buttons_of(answer)["More"], GROUP)

    (notice,) = local_bot.receive(callback_query=pressed)

    assert notice.given["text"] == "This button has expired; please ask again."


def test_a_long_post_becomes_an_article_and_an_edit_replaces_it(local_bot: LocalBot) -> None:
    """Where /index on was said; what an edit makes too short is none any more."""
    library = Library(local_bot.engine, str(CHANNEL["id"]))
    (reaction,) = local_bot.receive(channel_post=post("/index on"))
    local_bot.receive(channel_post=post(HARBOUR))
    text = library.get("post-5").article.text
    local_bot.receive(edited_channel_post=post("Open again.", edit_date=int(time.time())))

    assert reaction.method == "setMessageReaction"
    assert text == HARBOUR.strip()
    assert library.count() == 0


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        (f"/ask {QUESTION}", True),
        (f"/ask@ArticleBot {QUESTION}", True),
        (f"/ask@OtherBot {QUESTION}", False),
        ("/index maybe", False),
    ],
)
def test_a_channel_is_answered_when_it_asks(
    local_bot: LocalBot, text: str, *, answered: bool
) -> None:
    """/ask is answered in place; nothing else is posted."""
    assert bool(local_bot.told(channel_post=post(text))) is answered


@pytest.mark.parametrize(
    ("member", "begins"), [(OWNER, "From now on the posts of Town"), (None, "Only admins")]
)
def test_a_channel_is_indexed_from_afar_by_its_admins(
    local_bot: LocalBot, member: Json | None, begins: str
) -> None:
    """In private, an admin of the channel may say /index on; somebody else may not."""
    if member is not None:
        local_bot.request.results["getChatMember"] = member

    (told,) = local_bot.told(message=message(PRIVATE, "/INDEX On @town"))

    assert told.startswith(begins)
    assert chats.read_settings(local_bot.engine, CHANNEL["id"]).indexed is (member is OWNER)


def test_the_copy_of_a_post_is_remembered(local_bot: LocalBot) -> None:
    """So that comments further down its thread are known to be about it."""
    copy = message(GROUP, HARBOUR, is_automatic_forward=True, forward_origin=COPIED)

    local_bot.receive(message=copy)

    known = posts.find_forward(local_bot.engine, GROUP["id"], 5)
    assert known == Forward(GROUP["id"], 5, CHANNEL["id"], 3)


def test_a_comment_is_answered_from_its_post(local_bot: LocalBot) -> None:
    """What is asked in the thread of a post need not be put to the bot."""
    chats.change_setting(local_bot.engine, CHANNEL["id"], "indexed", True)
    local_bot.receive(channel_post=post(HARBOUR, message_id=3))
    copy = message(GROUP, HARBOUR, is_automatic_forward=True, forward_origin=COPIED)
    comment = {"message_id": 6, "message_thread_id": 5}
    local_bot.receive(message=copy)

    (told,) = local_bot.told(message=message(GROUP, "who found cracks?", **comment))
    chatter = local_bot.told(message=message(GROUP, "oh no", **comment))

    assert "Divers found cracks" in told
    assert chatter == []


@pytest.mark.parametrize(("words", "number"), [(QUESTION, 3), ("", 0)])
def test_an_inline_query_gets_results(local_bot: LocalBot, words: str, number: int) -> None:
    """The passages that answer, or a button that says what to do."""
    query = {"id": "1", "from": ANN, "query": words, "offset": ""}

    ((method, given),) = local_bot.receive(inline_query=query)

    assert method == "answerInlineQuery"
    assert 0 < len(given["results"]) <= number or not number
    assert ("button" in given) is (number == 0)


@pytest.mark.parametrize(
    ("words", "start"), [(QUESTION, "The article"), ("what is this about?", "<blockquote>")]
)
def test_an_inline_result_is_as_sure_as_a_reply(
    local_bot: LocalBot, words: str, start: str
) -> None:
    """The first one that answers says it above its passage; a summary is not sure of anything."""
    query = {"id": "1", "from": ANN, "query": words, "offset": ""}

    (answer,) = local_bot.receive(inline_query=query)

    first, *others = (
        result["input_message_content"]["message_text"] for result in answer.given["results"]
    )
    assert first.startswith(start)
    assert all(text.startswith("<blockquote") for text in others)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (f"@ArticleBot {QUESTION}", "<blockquote"),
        ("@ArticleBot", "Type a question about the articles"),
        ("@ArticleBot hello", "Hello! Ask about the articles"),
        (f"@ArticleBot {'x' * 3000}", "This is too long for a question"),
    ],
)
def test_a_guest_is_answered_in_one_message(local_bot: LocalBot, words: str, shown: str) -> None:
    """Called into a chat where it is no member, the bot answers the guest query."""
    given = message(GROUP, words, guest_query_id="g1")

    (answer,) = local_bot.receive(guest_message=given)

    content = answer.given["result"]["input_message_content"]
    assert answer.method == "answerGuestQuery"
    assert shown in content["message_text"]
    assert content["link_preview_options"] == {"is_disabled": True}


def membership(old: str, new: str, chat: Json = GROUP) -> Json:
    """The update that tells what the bot is in a chat."""
    was, becomes = ({"status": status, "user": BOT, "until_date": 0} for status in (old, new))
    date = {"date": 0, "from": ANN, "chat": chat}
    return {**date, "old_chat_member": was, "new_chat_member": becomes}


@pytest.mark.parametrize(
    ("old", "new", "chat", "greetings"),
    [
        ("left", "member", GROUP, 1),
        ("member", "left", GROUP, 0),
        ("member", "member", GROUP, 0),
        ("left", "member", CHANNEL, 0),
        ("left", "member", PRIVATE, 0),
    ],
)
def test_a_group_is_greeted_when_the_bot_is_added(
    local_bot: LocalBot, old: str, new: str, chat: Json, greetings: int
) -> None:
    """Once; channels and private chats are not."""
    assert len(local_bot.told(my_chat_member=membership(old, new, chat))) == greetings


@pytest.mark.parametrize("side", ["old", "new"])
def test_a_group_that_becomes_a_supergroup_keeps_everything(local_bot: LocalBot, side: str) -> None:
    """Whichever of the two chats says it, what the group had said is there under the new id."""
    group = {"id": -55, "type": "group", "title": "News"}
    chats.change_setting(local_bot.engine, group["id"], "quiet", True)
    moved = {"migrate_to_chat_id": GROUP["id"]}
    if side == "new":
        group, moved = GROUP, {"migrate_from_chat_id": group["id"]}

    local_bot.receive(message=message(group, "", **moved))

    assert chats.read_settings(local_bot.engine, GROUP["id"]).quiet


@pytest.mark.parametrize(
    "update",
    [
        {"message": message(GROUP, f"/ask {QUESTION}")},
        {"my_chat_member": membership("left", "member")},
        {"channel_post": post(f"/ask {QUESTION}")},
    ],
)
def test_chats_that_are_not_served_are_left(update: dict[str, Any]) -> None:
    """A group or channel that the operator does not allow is left without a word."""
    bot = LocalBot(Settings(threshold=0.0, chats=frozenset({-1})))

    called = [call.method for call in bot.receive(**update)]
    bot.close()

    assert called == ["leaveChat"]


@pytest.mark.parametrize("chat", [GROUP, PRIVATE])
def test_the_allowed_group_and_private_chats_are_served(chat: Json) -> None:
    """Where the operator names some chats, these and all private ones are answered."""
    bot = LocalBot(Settings(threshold=0.0, chats=frozenset({GROUP["id"]})))

    told = bot.told(message=message(chat, f"/ask {QUESTION}"))
    bot.close()

    assert len(told) == 1


def test_a_guest_is_answered_where_the_bot_would_not_stay() -> None:
    """Guest messages come from chats that nobody could allow."""
    bot = LocalBot(Settings(threshold=0.0, chats=frozenset({-1})))

    called = [
        call.method
        for call in bot.receive(
            guest_message=message(GROUP, "@ArticleBot why?", guest_query_id="g")
        )
    ]
    bot.close()

    assert called == ["answerGuestQuery"]


def test_articles_of_a_chat_stay_there(local_bot: LocalBot) -> None:
    """What only a private chat knows is found there, and never inline."""
    local_bot.put("The password of the cellar is marzipan. It was chosen by Hilda in 1974.")
    question = "what is the password of the cellar?"
    query = {"id": "1", "from": ANN, "query": question, "offset": ""}

    (in_private,) = local_bot.told(message=message(PRIVATE, question))
    (inline,) = local_bot.receive(inline_query=query)

    assert "marzipan" in in_private
    assert "marzipan" not in str(inline.given["results"])


def test_a_handler_that_fails_says_so(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who asks hears it in a few words, the operator in one line."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("no such luck")

    monkeypatch.setattr(local_bot.shared.answerers, "first_with_articles", fail)

    told = local_bot.told(message=message(PRIVATE, QUESTION))

    assert told == ["Something went wrong on my side; please ask again in a while."]
    assert "update 1 failed" in caplog.text


def test_an_update_that_is_not_for_a_handler_is_a_mistake(local_bot: LocalBot) -> None:
    """A handler that is added with a filter too wide fails loudly."""
    from bot.telegram.update_filters import given

    with pytest.raises(TypeError, match="not for"):
        given(None)
