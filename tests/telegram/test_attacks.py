"""What people try who want something that is not theirs; docs/threats.md says who and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_telegram.entities import detect
from fake_telegram.markup import parse_html
from fakes import put_article
from local_bot import ANN, BOB, CHANNEL, GROUP, PRIVATE, LocalBot, button, buttons_of, message

from bot.commands import article_bot
from bot.config import Settings
from bot.telegram.handlers.article_list import ARTICLE_LINK_PREFIX
from bot.telegram.store import chats
from index.storage.library import Library

BAIT = '<a href="tg://user?id=8">free</a> @admins_here </blockquote><b>x</b> [a](tg://b) &lt;'
HIDDEN = "The password of the cellar is marzipan. It was chosen by Hilda in 1974."
ASKED = "what is the password of the cellar?"
CALLING = {"mention", "text_mention", "text_link", "custom_emoji"}


@pytest.fixture
def bot() -> Iterator[LocalBot]:
    """A bot that has an article with bait in Ann's chat, and a secret in that of somebody else."""
    bot = LocalBot(Settings(threshold=0.0))
    text = f"The mayor {BAIT} opened the bridge in 1974. It rained {BAIT} all day."
    put_article(Library(bot.engine, str(PRIVATE["id"])), f"bait {BAIT}"[:100], text)
    put_article(Library(bot.engine, "555"), "secret", HIDDEN)
    yield bot
    bot.close()


def called_by(call: Any) -> set[str]:
    """The kinds of entities of what was sent that call somebody, or lead elsewhere."""
    text, entities = parse_html(call.given["text"])
    kinds = {entity["type"] for entity in detect(text, entities)}
    return kinds & CALLING


# Markup and mentions


@pytest.mark.parametrize(
    "said",
    [
        "who opened the bridge?",
        "/articles",
        "/article",
        "/start",
        f"/article {BAIT}",
        f"who opened the bridge? when did {BAIT} rain?",
        BAIT,
        f"/ask {BAIT}",
        f"/language {BAIT}",
        f"/index on {BAIT}",
        f"/{'x' * 30}{BAIT}",
    ],
)
def test_nobody_is_called_through_the_bot(bot: LocalBot, said: str) -> None:
    """Titles, texts and questions are shown as they are: no link, no mention, no tag of theirs."""
    sent = [call for call in bot.receive(message=message(PRIVATE, said)) if "text" in call.given]

    assert sent
    assert [call.given["text"] for call in sent if called_by(call)] == []


def test_nobody_is_called_through_inline_results(bot: LocalBot) -> None:
    """What an inline result sends has no tag of an article's either."""
    put_article(Library(bot.engine, ""), "bait", f"The mayor {BAIT} opened the bridge in 1974.")
    query = {"id": "1", "from": ANN, "query": "who opened the bridge?", "offset": ""}

    (answer,) = bot.receive(inline_query=query)

    for result in answer.given["results"]:
        text, entities = parse_html(result["input_message_content"]["message_text"])
        assert not {entity["type"] for entity in detect(text, entities)} & CALLING


def test_a_call_would_be_seen() -> None:
    """The tests above notice a mention and a link that Telegram would make."""

    class Call:
        def __init__(self, text: str) -> None:
            self.given = {"text": text}

    assert called_by(Call("ask @admins_here")) == {"mention"}
    assert called_by(Call('<a href="https://e.example">x</a>')) == {"text_link"}


# What other chats have


@pytest.mark.parametrize(
    "said",
    [ASKED, "/article secret", f"/start {ARTICLE_LINK_PREFIX}secret", "/articles", "/start",
     "/ask the cellar's password", "/article 555", "/article -555 secret"],
)  # fmt: skip
@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_articles_of_another_chat_are_not_reached(
    bot: LocalBot, said: str, chat: dict[str, Any]
) -> None:
    """By no question, id or link."""
    calls = bot.receive(message=message(chat, said))

    assert "marzipan" not in str(calls)
    assert "Hilda" not in str(calls)


def test_the_chat_itself_reaches_them(bot: LocalBot) -> None:
    """What the tests here look for is answered to whom it belongs to."""
    theirs = {"id": 555, "type": "private", "first_name": "Eve"}

    assert "marzipan" in str(bot.receive(message=message(theirs, ASKED)))


def test_articles_of_another_chat_are_not_reached_as_a_guest(bot: LocalBot) -> None:
    """A guest asks the shared articles only, wherever he is."""
    guest = message({"id": 555, "type": "private", "first_name": "Eve"}, ASKED)
    calls = bot.receive(guest_message=guest | {"guest_query_id": "1"})

    assert "marzipan" not in str(calls)


def test_a_forged_narrowing_does_not_open_an_article(bot: LocalBot) -> None:
    """Even a chat that is narrowed to an id of another one asks its own articles."""
    from bot.telegram.store.reply_values import Conversation

    chats.narrow(bot.engine, Conversation(int(PRIVATE["id"])), "secret")

    assert "marzipan" not in str(bot.receive(message=message(PRIVATE, ASKED)))


def test_a_conversation_of_another_chat_is_not_continued(bot: LocalBot) -> None:
    """A follow-up is read with what was asked here, not elsewhere by the same person."""
    bot.receive(message=message(PRIVATE, "who opened the bridge?"))

    calls = bot.receive(message=message(GROUP, "/ask and when?"))

    assert "about: " not in str(calls)


@pytest.mark.parametrize("number", range(1, 4))
def test_a_number_of_another_reply_shows_nothing(bot: LocalBot, number: int) -> None:
    """Ids of replies count up, so they can be guessed; they are bound to their chat."""
    theirs = {"id": 555, "type": "private", "first_name": "Eve"}
    eve = {"id": 555, "is_bot": False, "first_name": "Eve"}
    bot.receive(message=message(theirs, ASKED) | {"from": eve})

    calls = bot.receive(callback_query=button(f"w:{number}:0", PRIVATE))

    assert "marzipan" not in str(calls)


# Buttons, again and again


def test_a_vote_that_is_sent_again_counts_once(bot: LocalBot) -> None:
    """A callback that is repeated changes nothing."""
    from bot.telegram.store import replies

    (answer,) = bot.receive(message=message(PRIVATE, "who opened the bridge?"))
    press = button(buttons_of(answer)["👍"])

    for _ in range(3):
        bot.receive(callback_query=press)

    assert [votes for _, votes in replies.voted_replies(bot.engine)] == [1]


def test_a_stranger_does_not_index_a_channel(bot: LocalBot) -> None:
    """Whoever is no admin of a channel does not decide what becomes of its posts."""
    bot.request.results["getChatMember"] = {"status": "member", "user": BOB}

    bot.receive(message=message(PRIVATE, "/index on @town") | {"from": BOB})

    assert not chats.read_settings(bot.engine, CHANNEL["id"]).indexed


# What can be seen of the process


def test_no_option_takes_the_token() -> None:
    """A command line is seen by everybody on the machine (`ps`), so no option may hold it."""
    options = [
        option for command in article_bot.commands.values() for option in command.params
    ] + article_bot.params

    assert not [option.name for option in options if "token" in (option.name or "")]


def test_figures_and_webhook_are_told_on_this_machine_only() -> None:
    """Unless somebody says otherwise, nothing listens for others."""
    params = {param.name: param.default for param in article_bot.commands["telegram"].params}

    assert (params["listen"], params["metrics_listen"]) == ("127.0.0.1", "127.0.0.1")
