"""What goes wrong because a test wants it: refusals, silence, slowness, floods."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from fake_telegram.world import Json, Refused

PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass
class Fault:
    """
    What happens to the next `times` calls of `method` ("*": of any), in one chat if it is given.

    With an `error_code` the call is refused; `description` may be given in full or without its
    beginning. `drop="before"` cuts the connection before the call is carried out, `"after"` when
    it is, so that only the answer is lost. `delay` seconds pass before the answer. With `every=2`
    it is every second call.
    """

    method: str
    error_code: int = 0
    description: str = ""
    times: int = 1
    chat_id: int | None = None
    retry_after: int = 0
    migrate_to_chat_id: int = 0
    drop: str = ""
    delay: float = 0.0
    every: int = 1
    met: int = 0

    def meets(self, method: str, params: Json) -> bool:
        """Whether this happens to a call of *method*, which is counted."""
        here = self.chat_id is None or self.chat_id == params.get("chat_id")
        if not (self.times > 0 and self.method in ("*", method) and here):
            return False
        self.met += 1
        return self.met % self.every == 0

    def refuse(self) -> None:
        """Raise the refusal, if this is one."""
        if not self.error_code:
            return
        parameters = {}
        if self.retry_after:
            parameters["retry_after"] = self.retry_after
        if self.migrate_to_chat_id:
            parameters["migrate_to_chat_id"] = self.migrate_to_chat_id
        raise Refused(self.error_code, self._said(), **parameters)

    def _said(self) -> str:
        if self.error_code == 429:
            return f"Too Many Requests: retry after {self.retry_after}"
        phrase = PHRASES[self.error_code]
        if not self.description or self.description.startswith(phrase):
            return self.description or phrase
        return f"{phrase}: {self.description}"


@dataclass
class Flood:
    """
    Telegram's limits for messages sent; None leaves one off.

    Its FAQ for bots names 30 a second overall, one a second in a chat, 20 a minute in a group.
    """

    per_second: int | None = None
    per_chat_per_second: int | None = None
    per_group_per_minute: int | None = None
    sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, method: str, params: Json) -> None:
        """Count a call that sends, or refuse it with the seconds to wait."""
        if not method.startswith("send") or method == "sendChatAction":
            return
        chat = params.get("chat_id")
        in_group = isinstance(chat, int) and chat < 0
        limits = [
            ("all", self.per_second, 1.0),
            (("second", chat), self.per_chat_per_second, 1.0),
            (("minute", chat), self.per_group_per_minute if in_group else None, 60.0),
        ]
        now = time.monotonic()
        wait = max(self._wait(key, limit, period, now) for key, limit, period in limits)
        if wait > 0:
            seconds = math.ceil(wait)
            said = f"Too Many Requests: retry after {seconds}"
            raise Refused(429, said, retry_after=seconds)
        for key, limit, _ in limits:
            if limit is not None:
                self.sent[key].append(now)

    def _wait(self, key: object, limit: int | None, period: float, now: float) -> float:
        if limit is None:
            return 0.0
        sent = self.sent[key]
        while sent and sent[0] <= now - period:
            sent.popleft()
        return sent[0] + period - now if len(sent) >= limit else 0.0
