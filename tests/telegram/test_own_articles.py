"""A chat's own articles: looked at, renamed, removed, asked alone, and seen by that chat only."""

from __future__ import annotations

import time

import pytest
from local_bot import (
    BOB,
    BOT,
    GROUP,
    OWNER,
    PRIVATE,
    Call,
    Json,
    LocalBot,
    button,
    buttons_of,
    message,
    put,
    sent_message,
)

from bot.telegram.store import chats
from bot.telegram.store.reply_values import Conversation
from index.storage.library import Library

FERRY = "The ferry of Harbour Town\n\nThe ferry was built in 1911 and carried 31,400 passengers."
TRAM = "The tram of Harbour Town\n\nThe tram runs at night and stops at the pier of the town."
WORD = "31,400"
OTHER = {"id": 8, "type": "private", "first_name": "Bob"}


@pytest.fixture
def own_bot(local_bot: LocalBot) -> LocalBot:
    """A bot that Ann has given two articles, "own" and "tram", in private."""
    local_bot.put(FERRY)
    add(local_bot, TRAM, "tram")
    return local_bot


def add(bot: LocalBot, text: str, name: str, chat: Json = PRIVATE) -> None:
    """Add *text* under the id *name*."""
    put(Library(bot.engine, str(chat["id"])), text, bot.encoder, name)


def titles(bot: LocalBot, chat: Json = PRIVATE) -> list[str]:
    """The titles of the chat's own articles."""
    return [info.title for info in Library(bot.engine, str(chat["id"])).listing()]


def said_by_bot(call: Call, chat: Json = PRIVATE, **fields: object) -> Json:
    """What the bot has sent, as it stands in a reply to it."""
    markup = call.given.get("reply_markup")
    return sent_message({"chat_id": chat["id"]}) | {
        "text": call.given["text"],
        **({"reply_markup": markup} if "inline_keyboard" in (markup or {}) else {}),
        **fields,
    }


def open_card(bot: LocalBot, number: str = "1") -> Call:
    """Press a number below /articles; the newest article has the first."""
    (listing,) = bot.receive(message=message(PRIVATE, "/articles"))
    _, card = bot.receive(callback_query=button(buttons_of(listing)[number]))
    return card


def test_a_number_opens_its_article(own_bot: LocalBot) -> None:
    """With what it is, and what can be done with it."""
    card = open_card(own_bot)

    assert card.method == "editMessageText"
    assert card.given["text"].startswith("<b>The tram of Harbour Town</b>\n")
    assert "<code>tram</code>" in card.given["text"]
    assert list(buttons_of(card)) == ["Ask only this", "Rename", "Remove", "Back"]


def test_back_leads_to_the_list(own_bot: LocalBot) -> None:
    """Where the numbers are."""
    _, listing = own_bot.receive(callback_query=button(buttons_of(open_card(own_bot))["Back"]))

    assert listing.given["text"].startswith("I answer from:\n1. The tram")
    assert list(buttons_of(listing)) == ["1", "2"]


def test_shared_articles_have_no_numbers(local_bot: LocalBot) -> None:
    """They are not the chat's own."""
    (listing,) = local_bot.receive(message=message(PRIVATE, "/articles"))

    assert "reply_markup" not in listing.given


def test_an_article_is_removed_after_a_question(own_bot: LocalBot) -> None:
    """Pressed twice it is gone, and its buttons with it."""
    _, question = own_bot.receive(callback_query=button(buttons_of(open_card(own_bot))["Remove"]))
    before = titles(own_bot)
    _, gone = own_bot.receive(callback_query=button(buttons_of(question)["Yes, remove"]))

    assert question.given["text"] == "Remove “The tram of Harbour Town” from this chat?"
    assert len(before) == 2
    assert gone.given["text"] == "“The tram of Harbour Town” is removed."
    assert titles(own_bot) == ["The ferry of Harbour Town"]


def test_a_removal_can_be_cancelled(own_bot: LocalBot) -> None:
    """The article is shown again."""
    _, question = own_bot.receive(callback_query=button(buttons_of(open_card(own_bot))["Remove"]))
    _, card = own_bot.receive(callback_query=button(buttons_of(question)["Cancel"]))

    assert "Rename" in buttons_of(card)
    assert len(titles(own_bot)) == 2


@pytest.mark.parametrize("name", ["tram", "tr", "the tram of", "TRAM"])
def test_remove_takes_a_name(own_bot: LocalBot, name: str) -> None:
    """An id, its beginning, or the title; it asks as the button does."""
    (question,) = own_bot.receive(message=message(PRIVATE, f"/remove {name}"))
    own_bot.receive(callback_query=button(buttons_of(question)["Yes, remove"]))

    assert titles(own_bot) == ["The ferry of Harbour Town"]


@pytest.mark.parametrize("words", ["/remove", "/remove harbour", "/remove nothing", "/use"])
def test_who_names_no_single_article_is_told_how(own_bot: LocalBot, words: str) -> None:
    """Several, none, or no name."""
    (told,) = own_bot.told(message=message(PRIVATE, words))

    assert told.startswith(("Which article? /articles shows", "There is no such article"))
    assert len(titles(own_bot)) == 2


def test_remove_in_reply_takes_what_is_shown(own_bot: LocalBot) -> None:
    """The message about an article says which is meant."""
    shown = said_by_bot(open_card(own_bot))
    given = message(PRIVATE, "/remove", reply_to_message=shown)
    (question,) = own_bot.receive(message=given)

    assert question.given["text"].startswith("Remove “The tram")


def test_an_article_is_renamed_by_a_reply(own_bot: LocalBot) -> None:
    """The bot asks for the title, and the reply is one."""
    pressed = button(buttons_of(open_card(own_bot))["Rename"])
    _, request = own_bot.receive(callback_query=pressed)
    link = request.given["text"].split('href="')[1].split('"')[0]
    entity = {"type": "text_link", "offset": 0, "length": 3, "url": link}
    shown = said_by_bot(request, entities=[entity])
    (told,) = own_bot.told(message=message(PRIVATE, "Night tram", reply_to_message=shown))

    assert request.given["reply_markup"]["force_reply"] is True
    assert told == "It is now called “Night tram”."
    assert "Night tram" in titles(own_bot)


@pytest.mark.parametrize("words", ["/rename tram Night tram", "/rename tr  Night\ntram"])
def test_rename_takes_a_name_and_a_title(own_bot: LocalBot, words: str) -> None:
    """The first word is the article."""
    own_bot.told(message=message(PRIVATE, words))

    assert "Night tram" in titles(own_bot)


def test_rename_without_a_title_is_told_how(own_bot: LocalBot) -> None:
    """Nothing is renamed to nothing."""
    (told,) = own_bot.told(message=message(PRIVATE, "/rename tram"))

    assert told.startswith("Write the article and its new title")


def test_use_narrows_and_widens(own_bot: LocalBot) -> None:
    """/use ARTICLE asks that one alone, /use all all of them."""
    here = Conversation(PRIVATE["id"])
    own_bot.receive(message=message(PRIVATE, "/use the tram"))
    narrowed = chats.scope_of(own_bot.engine, here)
    (told,) = own_bot.told(message=message(PRIVATE, "/use all"))

    assert narrowed == "tram"
    assert told == "You now ask all articles."
    assert chats.scope_of(own_bot.engine, here) is None


def test_the_button_asks_one_alone(own_bot: LocalBot) -> None:
    """Like /use."""
    own_bot.receive(callback_query=button(buttons_of(open_card(own_bot))["Ask only this"]))

    assert chats.scope_of(own_bot.engine, Conversation(PRIVATE["id"])) == "tram"


@pytest.mark.parametrize("what", ["name", "rm", "sure", "use"])
def test_a_member_of_a_group_changes_nothing(local_bot: LocalBot, what: str) -> None:
    """Every button but that which shows the article is for admins."""
    add(local_bot, FERRY, "own", GROUP)
    [key] = Library(local_bot.engine, str(GROUP["id"])).keys()
    *_, notice = local_bot.receive(callback_query=button(f"a:{key}:{what}", GROUP))

    assert notice.given["text"] == "Only admins of this chat can do that."
    assert titles(local_bot, GROUP) == ["The ferry of Harbour Town"]


@pytest.mark.parametrize("words", ["/remove own", "/rename own x", "/use own", "/forget"])
def test_commands_that_change_a_group_are_for_admins(local_bot: LocalBot, words: str) -> None:
    """Others are told so."""
    add(local_bot, FERRY, "own", GROUP)

    assert local_bot.told(message=message(GROUP, words)) == [
        "Only admins of this chat can do that."
    ]


def test_an_admin_removes_in_a_group(local_bot: LocalBot) -> None:
    """The button asks Telegram who presses it."""
    local_bot.request.results["getChatMember"] = OWNER
    add(local_bot, FERRY, "own", GROUP)
    *_, question = local_bot.receive(message=message(GROUP, "/remove own"))
    local_bot.receive(callback_query=button(buttons_of(question)["Yes, remove"], GROUP))

    assert titles(local_bot, GROUP) == []


# What one chat has is seen by that chat alone.


def said(calls: list[Call]) -> str:
    """All that the bot has said, in any way."""
    return str([call.given for call in calls])


@pytest.mark.parametrize("chat", [GROUP, OTHER])
@pytest.mark.parametrize(
    "words",
    [
        "/ask how many passengers did the ferry carry?",
        "/articles",
        "/article own",
        "/use own",
        "/remove own",
        "/start a_own",
    ],
)
def test_another_chat_sees_nothing(own_bot: LocalBot, chat: Json, words: str) -> None:
    """By no question, list, id or deep link, not even of the same person."""
    own_bot.request.results["getChatMember"] = OWNER
    by = {"from": BOB} if chat is OTHER else {}
    calls = own_bot.receive(message=message(chat, words, **by))

    assert WORD not in said(calls)
    assert "Harbour" not in said(calls)
    assert len(titles(own_bot)) == 2


@pytest.mark.parametrize("what", ["", ":use", ":name", ":rm", ":sure"])
def test_a_button_of_another_chat_does_nothing(own_bot: LocalBot, what: str) -> None:
    """Keys count through all chats; one of another chat is none here, even if it is offered."""
    key = Library(own_bot.engine, "7").keys()[0]
    calls = own_bot.receive(callback_query=button(f"a:{key}{what}", OTHER, BOB))

    assert "expired" in said(calls)
    assert WORD not in said(calls)
    assert len(titles(own_bot)) == 2


def test_an_offered_question_of_another_chat_does_nothing(own_bot: LocalBot) -> None:
    """Nor does the key in the button of a question."""
    key = Library(own_bot.engine, "7").keys()[0]
    calls = own_bot.receive(callback_query=button(f"q:0:{key}", OTHER, BOB))

    assert [call.method for call in calls] == ["answerCallbackQuery"]


def test_inline_sees_shared_articles_only(own_bot: LocalBot) -> None:
    """What is sent from there stands in any chat."""
    query = {"id": "1", "from": message(PRIVATE, "x")["from"], "offset": ""}
    calls = own_bot.receive(inline_query=query | {"query": "how many passengers?"})

    assert WORD not in said(calls)


def test_a_guest_sees_shared_articles_only(own_bot: LocalBot) -> None:
    """Called into another chat, by the owner or anybody."""
    given = message(GROUP, "@ArticleBot how many passengers?", guest_query_id="1")
    calls = own_bot.receive(guest_message=given | {"date": int(time.time())})

    assert "answerGuestQuery" in {call.method for call in calls}
    assert WORD not in said(calls)


def test_a_request_for_a_title_counts_in_its_chat_only(own_bot: LocalBot) -> None:
    """A forged link names no article of another chat."""
    key = Library(own_bot.engine, "7").keys()[0]
    link = {"type": "text_link", "offset": 0, "length": 1, "url": f"https://t.me/b?start=r_{key}"}
    shown = {**sent_message({"chat_id": 8}), "chat": OTHER, "from": BOT, "entities": [link]}
    own_bot.told(message=message(OTHER, "Mine", reply_to_message=shown, **{"from": BOB}))

    assert "Mine" not in titles(own_bot)
