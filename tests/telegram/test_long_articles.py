"""An article of a million characters is asked, and nobody else notices."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from bots import Bot
from fake_telegram.api import BotApi
from fake_telegram.world import Chat, User
from fakes import HashingEncoder
from local_bot import (
    BOB,
    PRIVATE,
    Json,
    LocalBot,
    RememberingEncoder,
    button,
    buttons_of,
    message,
    put,
)

from index.encoding.protocol import Encoder, Progress, Vectors
from index.storage.database import open_database
from index.storage.library import Library

LENGTH = 1_000_000  # characters
LIST_LENGTH = 200_000  # of it more is quoted than of any other article
QUESTION = "who guards the lighthouse of Rocksby?"
OTHER_QUESTION = "what conditions did the US set?"
ANSWER = "The lighthouse of Rocksby is guarded by Ilse Brandt, who guards it alone."
FILLER = "Nothing of interest happened in the harbour on that day, wrote the chronicler. "
BOBS = {"id": BOB["id"], "type": "private", "first_name": "Bob"}
# Seconds of processor time that the event loop's own thread may spend on one thing, while no other
# chat can be served. It spends .01, and .14 when what is asked for the first time is loaded there;
# splitting the article again there takes .3 and more. The clock on the wall, and the time of all
# threads, would measure what else the machine does.
LONGEST_PAUSE = 0.2


def one_paragraph() -> str:
    """An article of one endless paragraph."""
    half = FILLER * (LENGTH // len(FILLER) // 2)
    return f"{half}{ANSWER} {half}"


def one_list() -> str:
    """An article that is one endless list."""
    number = LIST_LENGTH // (len(FILLER) * 4)
    items = [f"- Rule {n} of the lighthouse of Rocksby: {FILLER * 4}" for n in range(number)]
    return "\n".join(["These are all who guard the lighthouse of Rocksby:", "", *items])


class Pauses:
    """Measures what the event loop itself computes in one go; *longest* is in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> Pauses:
        self._ticking = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ticking.cancel()

    async def _tick(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.thread_time()
            self.longest = max(self.longest, now - before)
            before = now


class StandInEncoder(HashingEncoder):
    """Gives vectors as long as those of *encoder*, in its name and in no time."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.identity)
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = RememberingEncoder().encode(texts, progress)
        times = self.dimension // vectors.shape[1]
        return np.tile(vectors, times) / np.float32(times**0.5)


@pytest.mark.parametrize("make_text", [one_paragraph, one_list])
def test_a_long_article_stops_nobody(local_bot: LocalBot, make_text: Callable[[], str]) -> None:
    """While it is asked, and its buttons pressed, another chat is served and the loop goes on.

    Who is served first is not asked: a button may be answered sooner than what came beside it.
    """
    local_bot.put(make_text())
    served: Counter[str] = Counter()

    async def work(name: str, update: Json) -> None:
        await local_bot.process(**update)
        served[name] += 1

    async def serve() -> float:
        async with Pauses() as pauses:
            asked = {"message": message(PRIVATE, QUESTION)}
            meanwhile = {"message": message(BOBS, OTHER_QUESTION, **{"from": BOB})}
            await asyncio.gather(work("Ann", asked), work("Bob", meanwhile))
            answer = [call for call in local_bot.request.calls if call.method == "sendMessage"][-1]
            shown = buttons_of(answer)
            for label in ("More", "Context"):
                pressed = {"callback_query": button(shown[label])}
                meanwhile = {"callback_query": button("no such button", BOBS, BOB)}
                await asyncio.gather(work("Ann", pressed), work("Bob", meanwhile))
        return pauses.longest

    longest = local_bot.run(serve)

    assert served == {"Ann": 3, "Bob": 3}
    assert longest < LONGEST_PAUSE


def test_a_long_article_stops_no_process(
    bot: Bot, api: BotApi, chat: Chat, ann: User, encoder: Encoder
) -> None:
    """The same from outside: the other chat's answer does not wait for that of the long article."""
    library = Library(open_database(f"sqlite:///{bot.database}"), str(chat.id))
    put(library, one_paragraph(), StandInEncoder(encoder))
    bob = api.user(first_name="Bob")
    api.send(chat, ann, QUESTION)
    api.send(api.private(bob), bob, OTHER_QUESTION)

    other = api.wait("sendMessage", chat_id=bob.id)
    answer = api.wait("sendMessage", chat_id=chat.id, timeout=60)
    api.press(answer.result, "Context", user=ann)
    context = api.wait("editMessageText", chat_id=chat.id)

    assert other.at < answer.at
    assert ANSWER in answer.result["text"]
    assert ANSWER in context.result["text"]
