"""How much a chat may add, how long things are kept, and that what is forgotten is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from killed_databases import make_old
from local_bot import (
    ANN,
    BOT,
    CHANNEL,
    GROUP,
    OWNER,
    PRIVATE,
    Json,
    LocalBot,
    button,
    buttons_of,
    document,
    message,
    post,
    put,
)
from sqlalchemy import func, select, update

from bot.config import Settings
from bot.telegram import housekeeping
from bot.telegram.chat_erasure import erase_chat
from bot.telegram.offered_questions import offer_questions
from bot.telegram.store import addition_times, chats, departures, replies, tables
from index.storage.feeds import follow_feed, followed_feeds, open_feeds
from index.storage.library import Library

WORD = "Xylophone"
TEXT = f"The {WORD} of Harbour Town was built in 1911. It is played at the pier at night. " * 8
STORM = "The storm came at night and broke the old pier of the town. " * 10
LEFT = {"status": "left", "user": BOT}
MEMBER = {"status": "member", "user": BOT}


def bot_of(tmp_path: Path, **settings: Any) -> LocalBot:
    """A bot with a database and a cache folder of its own."""
    given = Settings(threshold=0.0, cache=tmp_path / "cache", **settings)
    return LocalBot(given, f"sqlite:///{tmp_path / 'db.sqlite'}")


@pytest.fixture
def kept_bot(tmp_path: Path) -> Iterator[LocalBot]:
    """A bot whose files can be looked at."""
    bot = bot_of(tmp_path)
    yield bot
    bot.close()


def last_of(bot: LocalBot, **update: Any) -> str:
    """The last thing that the bot says to an update."""
    return [call.given["text"] for call in bot.receive(**update) if "text" in call.given][-1]


def count_of(bot: LocalBot, chat: int) -> int:
    """How many articles a chat has."""
    return Library(bot.engine, str(chat)).count()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"max_articles": 1}, "This chat has the 1 articles that it may have"),
        ({"max_characters": 1_000}, "The articles of this chat may have 1,000 characters"),
        ({"additions_per_hour": 1}, "This chat has added 1 articles within an hour"),
    ],
)
def test_what_is_over_a_quota_is_told(tmp_path: Path, settings: Json, said: str) -> None:
    """In one line, and the first article stays."""
    bot = bot_of(tmp_path, **settings)
    first = last_of(bot, message=message(PRIVATE, TEXT))
    second = last_of(bot, message=message(PRIVATE, STORM))
    elsewhere = last_of(bot, message=message({**PRIVATE, "id": 8}, STORM))
    bot.close()

    assert first.startswith("Added:")
    assert second.startswith(said)
    assert elsewhere.startswith("Added:")


def test_a_quota_is_looked_at_before_the_download(tmp_path: Path) -> None:
    """Nothing is fetched or parsed that cannot be stored."""
    bot = bot_of(tmp_path, max_articles=1)
    bot.put(TEXT)
    bot.request.files["a.txt"] = STORM.encode()
    told = last_of(bot, message=document("a.txt"))
    bot.close()

    assert told.startswith("This chat has the 1 articles")


def test_a_removed_article_still_counts_for_the_hour(tmp_path: Path) -> None:
    """Adding and removing in turns is work as well."""
    bot = bot_of(tmp_path, additions_per_hour=1)
    bot.receive(message=message(PRIVATE, TEXT))
    (question,) = bot.receive(message=message(PRIVATE, "/remove the"))
    bot.receive(callback_query=button(buttons_of(question)["Yes, remove"]))
    told = last_of(bot, message=message(PRIVATE, STORM))
    bot.close()

    assert told.startswith("This chat has added 1 articles")


def test_quotas_hold_for_posts_of_a_channel(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The post is no article, the log says why, and edits of others still count."""
    bot = bot_of(tmp_path, max_articles=1)
    chats.change_setting(bot.engine, CHANNEL["id"], "indexed", True)
    bot.receive(channel_post=post(STORM, message_id=1))
    bot.receive(channel_post=post(TEXT, message_id=2))
    edited = post(STORM.replace("night", "noon"), message_id=1, edit_date=2_000_000_000)
    bot.receive(edited_channel_post=edited)
    library = Library(bot.engine, str(CHANNEL["id"]))
    [stored] = library.load(library.keys()).values()
    bot.close()

    assert "at noon" in stored.article.text
    assert "post 2 of -1009 is no article (This chat has the 1 articles" in caplog.text


def fill(bot: LocalBot, chat: Json = PRIVATE) -> None:
    """Let a chat store something in every table."""
    number = chat["id"]
    put(Library(bot.engine, str(number)), TEXT, bot.encoder)
    chats.change_setting(bot.engine, number, "short", True)
    addition_times.note_addition(bot.engine, number)
    open_feeds(bot.engine)
    follow_feed(bot.engine, str(number), f"https://example.org/{WORD}")
    (answer,) = bot.receive(message=message(chat, f"/ask when was the {WORD} built?"))
    bot.receive(callback_query=button(buttons_of(answer)["👍"], chat))
    bot.receive(message=message(chat, "/use own"))


def rows_of(bot: LocalBot, chat: int) -> dict[str, int]:
    """How many rows each table of the bot has of a chat."""
    found = {}
    with bot.engine.connect() as connection:
        for table in tables.metadata.tables.values():
            for name in ("chat", "channel"):
                if name in table.c:
                    own = select(func.count()).where(table.c[name] == chat)
                    found[f"{table.name}.{name}"] = connection.scalar(own)
        found["votes"] = connection.scalar(select(func.count()).select_from(tables.votes))
    return {name: number for name, number in found.items() if number}


def forget(bot: LocalBot, chat: Json = PRIVATE) -> str:
    """Say /forget, and yes."""
    *_, question = bot.receive(message=message(chat, "/forget"))
    data = buttons_of(question)["Yes, delete everything"]
    return last_of(bot, callback_query=button(data, chat))


def test_forget_deletes_every_row(kept_bot: LocalBot) -> None:
    """Articles, questions, votes, settings, feeds: of that chat, and of no other."""
    fill(kept_bot)
    fill(kept_bot, {**PRIVATE, "id": 8})
    before = rows_of(kept_bot, 7)
    said = forget(kept_bot)

    assert len(before) >= 5
    assert said == "Everything that was stored of this chat is deleted."
    assert rows_of(kept_bot, 7) == {"votes": 1}  # that of the other chat
    assert len(rows_of(kept_bot, 8)) >= 5
    assert (count_of(kept_bot, 7), count_of(kept_bot, 8)) == (0, 1)
    assert followed_feeds(kept_bot.engine, "7") == []


def test_forget_leaves_no_word_in_any_file(kept_bot: LocalBot, tmp_path: Path) -> None:
    """Neither in the database, its log, nor in the cache folder."""
    fill(kept_bot)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    before = [path for path in files if WORD.encode() in path.read_bytes()]
    forget(kept_bot)
    after = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert before
    assert [
        path for path in after if WORD.lower() in path.read_bytes().decode("latin1").lower()
    ] == []


def test_forget_leaves_nothing_in_memory(kept_bot: LocalBot) -> None:
    """No answerer, no windows, no offered questions."""
    fill(kept_bot)
    pool = kept_bot.shared.answerers
    offer_questions(pool.first_with_articles(["7"]), None)
    forget(kept_bot)

    shared = set(pool.shared.library.keys())
    assert "7" not in pool._opened
    assert not [key for key in pool.windows._windows if key[0] not in shared]
    assert WORD not in last_of(kept_bot, message=message(PRIVATE, "/start"))


def test_forget_takes_old_votes_too(kept_bot: LocalBot) -> None:
    """Those of which nothing but the library says whose they were."""
    fill(kept_bot)
    replies.forget_old(kept_bot.engine, timedelta(days=-1))
    before = len(replies.voted_replies(kept_bot.engine))
    forget(kept_bot)

    assert (before, replies.voted_replies(kept_bot.engine)) == (1, [])


def test_forget_can_be_cancelled(kept_bot: LocalBot) -> None:
    """Nothing goes without the second word."""
    fill(kept_bot)
    (question,) = kept_bot.receive(message=message(PRIVATE, "/forget"))
    kept_bot.receive(callback_query=button(buttons_of(question)["Cancel"]))

    assert count_of(kept_bot, 7) == 1


def test_a_member_of_a_group_cannot_press_forget(kept_bot: LocalBot) -> None:
    """Only an admin's press counts."""
    fill_group(kept_bot)
    kept_bot.receive(callback_query=button("forget:yes", GROUP))

    assert count_of(kept_bot, GROUP["id"]) == 1


def fill_group(bot: LocalBot) -> None:
    """Give the group an article."""
    put(Library(bot.engine, str(GROUP["id"])), TEXT, bot.encoder)


def test_after_forgetting_things_can_be_added_again(kept_bot: LocalBot) -> None:
    """What was known of the old articles is not taken for the new ones."""
    fill(kept_bot)
    forget(kept_bot)
    kept_bot.put(STORM)

    assert "pier" in last_of(kept_bot, message=message(PRIVATE, "what broke the pier?"))


def moved(bot: LocalBot, new: Json, old: Json, chat: Json = GROUP) -> None:
    """Tell the bot that it was added to a chat or removed from it."""
    change = {"chat": chat, "from": ANN, "date": 0, "old_chat_member": old, "new_chat_member": new}
    bot.receive(my_chat_member=change)


def age(bot: LocalBot, days: int) -> None:
    """Let all departures be so many days older."""
    with bot.engine.begin() as connection:
        long_ago = departures._now() - timedelta(days=days)
        connection.execute(update(tables.departures).values(left_at=long_ago))


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_a_chat_without_the_bot_is_deleted_after_thirty_days(
    tmp_path: Path, days: int, left: int
) -> None:
    """The date lies in the database, so it counts across restarts."""
    bot = bot_of(tmp_path)
    fill_group(bot)
    moved(bot, LEFT, MEMBER)
    age(bot, days)
    bot.close()
    bot = bot_of(tmp_path)
    housekeeping.tidy_up(bot.shared)
    articles = count_of(bot, GROUP["id"])
    bot.close()

    assert articles == left


def test_a_bot_that_is_taken_back_keeps_all(kept_bot: LocalBot) -> None:
    """Being added again cancels it."""
    fill_group(kept_bot)
    moved(kept_bot, LEFT, MEMBER)
    age(kept_bot, 31)
    moved(kept_bot, MEMBER, LEFT)
    housekeeping.tidy_up(kept_bot.shared)

    assert count_of(kept_bot, GROUP["id"]) == 1


def test_questions_are_kept_as_long_as_the_operator_says(tmp_path: Path) -> None:
    """ARTICLE_BOT_KEEP_DAYS, however long the bot runs."""
    bot = bot_of(tmp_path, keep_days=2.0)
    bot.receive(message=message(PRIVATE, "what conditions did the US set?"))
    with bot.engine.begin() as connection:
        asked = departures._now() - timedelta(days=3)
        connection.execute(update(tables.replies).values(asked_at=asked))
    before = rows_of(bot, 7)
    housekeeping.tidy_up(bot.shared)
    after = rows_of(bot, 7)
    bot.close()

    assert (before, after) == ({"telegram_replies.chat": 1}, {})


@pytest.fixture
def channel_bot(kept_bot: LocalBot) -> LocalBot:
    """A bot that has read a post of a channel."""
    chats.change_setting(kept_bot.engine, CHANNEL["id"], "indexed", True)
    kept_bot.receive(channel_post=post(STORM, message_id=1))
    return kept_bot


ORIGIN = {"type": "channel", "date": 0, "chat": CHANNEL, "message_id": 1}
COPY = message(PRIVATE, STORM, message_id=3, forward_origin=ORIGIN)


def stored_posts(bot: LocalBot) -> int:
    """How many messages of posts are remembered."""
    with bot.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(tables.posts)) or 0


def test_a_deleted_post_is_dropped_by_its_forward(channel_bot: LocalBot) -> None:
    """An admin of the channel replies /remove to it in private."""
    channel_bot.request.results["getChatMember"] = OWNER
    told = channel_bot.told(message=message(PRIVATE, "/remove", reply_to_message=COPY))

    assert told == ["This post is no longer an article."]
    assert (count_of(channel_bot, CHANNEL["id"]), stored_posts(channel_bot)) == (0, 0)


def test_a_reader_drops_no_post(channel_bot: LocalBot) -> None:
    """Whoever has a forward of it."""
    channel_bot.told(message=message(PRIVATE, "/remove", reply_to_message=COPY))

    assert count_of(channel_bot, CHANNEL["id"]) == 1


def test_a_post_is_dropped_in_the_channel(channel_bot: LocalBot) -> None:
    """By a reply there; the bot only reacts."""
    command = post("/remove", message_id=2, reply_to_message=post(STORM, message_id=1))
    calls = channel_bot.receive(channel_post=command)

    assert [call.method for call in calls] == ["setMessageReaction"]
    assert count_of(channel_bot, CHANNEL["id"]) == 0


def test_a_post_is_dropped_in_the_discussion_group(channel_bot: LocalBot) -> None:
    """In reply to Telegram's copy, by an admin, here one who writes as the group."""
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    copy = {**COPY, "chat": GROUP, "is_automatic_forward": True, "sender_chat": CHANNEL}
    given = message(GROUP, "/remove", reply_to_message=copy)
    told = channel_bot.told(message={**given, "from": hidden, "sender_chat": GROUP})

    assert told == ["This post is no longer an article."]
    assert count_of(channel_bot, CHANNEL["id"]) == 0


def test_a_channel_forgets_by_its_own_command(channel_bot: LocalBot) -> None:
    """/forget there deletes posts and articles."""
    channel_bot.request.results["getChatMember"] = OWNER
    *_, question = channel_bot.receive(channel_post=post("/forget", message_id=4))
    data = buttons_of(question)["Yes, delete everything"]
    channel_bot.receive(callback_query=button(data, CHANNEL))

    assert (count_of(channel_bot, CHANNEL["id"]), stored_posts(channel_bot)) == (0, 0)


def test_an_older_database_gets_the_new_tables(tmp_path: Path) -> None:
    """One that knew nothing of additions and departures, nor of work that goes on beside."""
    path = tmp_path / "old.sqlite"
    make_old(f"sqlite:///{path}")
    bot = LocalBot(Settings(threshold=0.0), f"sqlite:///{path}")
    addition_times.note_addition(bot.engine, 7)
    count = addition_times.count_additions(bot.engine, 7)
    erase_chat(bot.shared, 7)
    bot.close()

    assert count == 1
