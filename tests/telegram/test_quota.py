"""How much of the database the posts of one channel may take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local_bot import CHANNEL, LocalBot, post
from sqlalchemy import func, select

from bot.config import Settings
from bot.telegram.store import chats
from bot.telegram.store.tables import posts
from index.storage.library import Library
from index.storage.usage import measure_usage

LONG = "The mayor of {name} has spoken about the new bridge over the river. " * 7


@pytest.fixture
def bot(request: pytest.FixtureRequest) -> Iterator[LocalBot]:
    """A bot in a channel whose posts become articles, as many as its settings allow."""
    bot = LocalBot(Settings(**request.param))
    chats.change_setting(bot.engine, CHANNEL["id"], "indexed", True)
    yield bot
    bot.close()


def articles_of(bot: LocalBot) -> list[str]:
    """The ids of the articles of the channel."""
    return [info.id for info in Library(bot.engine, str(CHANNEL["id"])).listing()]


def publish(bot: LocalBot, number: int, text: str, kind: str = "channel_post") -> None:
    """Post *text* as the message *number*."""
    bot.receive(**{kind: post(text, message_id=number)})


@pytest.mark.parametrize("bot", [{"chat_articles": 2}, {"chat_characters": 1000}], indirect=True)
def test_what_is_more_than_a_channel_may_is_left_out(
    bot: LocalBot, caplog: pytest.LogCaptureFixture
) -> None:
    """The posts before stay, and one line names the limit and the setting."""
    for number in (1, 2, 3):
        publish(bot, number, LONG.format(name=f"town {number}"))

    (line,) = [line for line in caplog.messages if "post 3 of" in line]
    assert articles_of(bot) == ["post-1", "post-2"]
    assert "is no article (the channel has the " in line
    assert "that ARTICLE_BOT_CHAT_" in line


@pytest.mark.parametrize("bot", [{"chat_articles": 1}], indirect=True)
def test_nothing_is_kept_of_what_is_left_out(bot: LocalBot) -> None:
    """Not the words of the post either."""
    for number in (1, 2):
        publish(bot, number, LONG.format(name=f"town {number}"))

    with bot.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(posts)) == 1


@pytest.mark.parametrize("bot", [{"chat_articles": 1}], indirect=True)
def test_an_edit_takes_the_place_of_its_post(bot: LocalBot) -> None:
    """In a channel that is full a post can still be corrected."""
    publish(bot, 1, LONG.format(name="Rome"))

    publish(bot, 1, LONG.format(name="Oslo"), "edited_channel_post")

    library = Library(bot.engine, str(CHANNEL["id"]))
    assert "Oslo" in library.get("post-1").article.text


@pytest.mark.parametrize("bot", [{}], indirect=True)
def test_a_short_sentence_counts_for_its_vector(bot: LocalBot) -> None:
    """Many tiny sentences take as much room as long ones, and count so."""
    publish(bot, 1, "He ran. She saw. It is. We go. " * 40)

    usage = measure_usage(Library(bot.engine, str(CHANNEL["id"])))

    assert usage.articles == 1
    assert usage.characters >= 160 * 50


@pytest.mark.parametrize("bot", [{}], indirect=True)
def test_other_channels_do_not_count(bot: LocalBot) -> None:
    """Usage is that of one library."""
    publish(bot, 1, LONG.format(name="Rome"))

    assert measure_usage(Library(bot.engine, "-1")) == (0, 0)
    assert measure_usage(Library(bot.engine, str(CHANNEL["id"])), without="post-1") == (0, 0)
