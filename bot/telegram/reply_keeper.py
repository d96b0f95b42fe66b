"""Replies are kept where that can be; an answer is given all the same."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from bot.telegram.store import replies
from bot.telegram.store.reply_values import Reply
from index.errors import LibraryError, UnreachableError

log = logging.getLogger(__name__)

# Seconds in which nothing is kept after it could not be: each try may hold a thread for as long as
# a lock is waited for, and there are as few threads as cores.
PAUSE = 15.0


@dataclass
class ReplyKeeper:
    """Keeps replies, unless that failed a moment ago; *resume* is when it is tried again."""

    resume: float = 0.0

    def keep(self, engine: Engine, reply: Reply) -> Reply:
        """Store *reply* and return it with its id, or as it is when that cannot be."""
        if time.monotonic() < self.resume:
            return reply
        try:
            return replace(reply, id=replies.save(engine, reply))
        except UnreachableError:  # nothing had to be waited for
            return reply
        except LibraryError as exc:
            self.resume = time.monotonic() + PAUSE
            log.error("a reply is given without buttons, since it cannot be kept: %s", exc)
            return reply
