"""An article of a million characters is asked, and nobody else notices."""

from __future__ import annotations

import asyncio
import time

import pytest
from local_bot import ANN, BOB, PRIVATE, Json, LocalBot, button, buttons_of, message

LENGTH = 1_000_000  # characters
QUESTION = "who guards the lighthouse of Rocksby?"
ANSWER = "The lighthouse of Rocksby is guarded by Ilse Brandt, who guards it alone."
FILLER = "Nothing of interest happened in the harbour on that day, wrote the chronicler. "
BOBS = {"id": BOB["id"], "type": "private", "first_name": "Bob"}
# Seconds. Splitting such an article takes .5, and no chat may wait for it; what runs in a thread
# may hold the interpreter for its switch interval (.005) again and again.
LONGEST_PAUSE = 0.1


def paragraphs() -> str:
    """An article of many paragraphs."""
    half = "\n\n".join([FILLER * 5] * (LENGTH // len(FILLER) // 10))
    return f"{half}\n\n{ANSWER}\n\n{half}"


def one_paragraph() -> str:
    """An article of one endless paragraph."""
    half = FILLER * (LENGTH // len(FILLER) // 2)
    return f"{half}{ANSWER} {half}"


def one_list() -> str:
    """An article that is one endless list, which is quoted whole."""
    number = LENGTH // (len(FILLER) * 4)
    items = [f"- Rule {n} of the lighthouse of Rocksby: {FILLER * 4}" for n in range(number)]
    return "\n".join(["These are all who guard the lighthouse of Rocksby:", "", *items])


class Pauses:
    """Measures how long the event loop was busy with one thing; *longest* is in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> Pauses:
        self._ticking = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ticking.cancel()

    async def _tick(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest = max(self.longest, now - before)
            before = now


def asked_by(person: Json, chat: Json, text: str) -> Json:
    """A question of *person* in *chat*."""
    return message(chat, text, **{"from": person})


@pytest.mark.parametrize("make_text", [paragraphs, one_paragraph, one_list])
def test_a_long_article_stops_nobody(local_bot: LocalBot, make_text) -> None:
    """While it is asked, and its buttons pressed, another chat is served and the loop goes on."""
    local_bot.put(make_text())
    served: list[str] = []

    async def work(name: str, **update: Json) -> None:
        await local_bot.process(**update)
        served.append(name)

    async def serve() -> float:
        async with Pauses() as pauses:
            await asyncio.gather(
                work("Ann", message=asked_by(ANN, PRIVATE, QUESTION)),
                work("Bob", message=asked_by(BOB, BOBS, "what conditions did the US set?")),
            )
            answer = [call for call in local_bot.request.calls if call.method == "sendMessage"][-1]
            for name, data in buttons_of(answer).items():
                if name not in {"👍", "👎"}:
                    await local_bot.process(callback_query=button(data))
                    print(name, pauses.longest)
        return pauses.longest

    longest = local_bot.run(serve)
    print(longest)
    edited = [call for call in local_bot.request.calls if call.method == "editMessageText"]

    assert served == ["Bob", "Ann"]
    assert edited
    assert longest < LONGEST_PAUSE
