"""What the tests of the Telegram bot share: the bot in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local_bot import LocalBot

from bot.config import Settings


@pytest.fixture
def local_bot() -> Iterator[LocalBot]:
    """The bot in this process; whatever is asked is answered from the seed article."""
    bot = LocalBot(Settings(threshold=0.0))
    yield bot
    bot.close()
