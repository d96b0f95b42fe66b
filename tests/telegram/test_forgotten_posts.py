"""What a channel edits away, and what a chat was called, leaves nothing in the cache folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_bot import CHANNEL, LocalBot, message, post

from bot.config import Settings
from bot.telegram.store import chats

STORM = "The storm came at night and broke the old pier of the town. " * 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Name the cache folder."""
    return tmp_path / "cache"


@pytest.fixture
def channel_bot(tmp_path: Path, folder: Path) -> Iterator[LocalBot]:
    """A bot with a cache folder, in a channel whose one post it has read and answered from."""
    settings = Settings(threshold=0.0, cache=folder)
    bot = LocalBot(settings, f"sqlite:///{tmp_path / 'db.sqlite'}")
    chats.change_setting(bot.engine, CHANNEL["id"], "indexed", True)
    bot.receive(channel_post=post(STORM, message_id=1))
    bot.receive(channel_post=post("/ask what broke the pier?", message_id=2))
    yield bot
    bot.close()


def kept(folder: Path) -> list[Path]:
    """List the files of encoded text."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("edited", [STORM.replace("night", "noon"), "Never mind."])
def test_an_edited_post_is_forgotten(channel_bot: LocalBot, folder: Path, edited: str) -> None:
    """Of what it said before nothing stays, whether it still is an article or not."""
    assert kept(folder)

    channel_bot.receive(edited_channel_post=post(edited, message_id=1, edit_date=int(time.time())))

    assert kept(folder) == []


def test_another_post_forgets_nothing(channel_bot: LocalBot, folder: Path) -> None:
    """Nothing is encoded anew because something was added."""
    before = kept(folder)

    channel_bot.receive(channel_post=post(STORM.replace("night", "noon"), message_id=3))

    assert kept(folder) == before


def test_a_chat_that_moves_leaves_nothing_under_its_old_name(
    channel_bot: LocalBot, folder: Path
) -> None:
    """Files are named after the chat, and nobody would look for the old name again."""
    group = {"id": CHANNEL["id"], "type": "group", "title": "Old"}

    channel_bot.receive(message=message(group, "", migrate_to_chat_id=-1077))

    assert kept(folder) == []
