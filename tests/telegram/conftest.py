"""What the tests of the Telegram bot share: the bot in this process, and one in another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bots import Bot
from fake_telegram.api import BotApi
from fake_telegram.world import Chat, User
from local_bot import LocalBot

from bot.config import Settings


@pytest.fixture
def local_bot() -> Iterator[LocalBot]:
    """The bot in this process; whatever is asked is answered from the seed article."""
    bot = LocalBot(Settings(threshold=0.0))
    yield bot
    bot.close()


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Bot]:
    """Start a server and a bot that answers on it; tests keep apart by their chats."""
    folder = tmp_path_factory.mktemp("bot")
    with BotApi(can_read_all_group_messages=True) as api, Bot(api, folder) as bot:
        yield bot
        assert "Traceback" not in bot.log


@pytest.fixture
def api(bot: Bot) -> Iterator[BotApi]:
    """Give the server; the bot calls nothing that Telegram refuses, unless a test asks for it."""
    before = len(bot.api.refusals)
    yield bot.api
    assert not bot.api.refusals[before:], bot.api.transcript()


@pytest.fixture
def ann(api: BotApi) -> User:
    """Make a person who speaks English."""
    return api.user(first_name="Ann", language_code="en")


@pytest.fixture
def chat(api: BotApi, ann: User) -> Chat:
    """Open her private chat with the bot."""
    return api.private(ann)
