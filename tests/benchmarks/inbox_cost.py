"""
What it costs a question that it is kept, counted, and its answer kept, in milliseconds.

    python tests/benchmarks/inbox_cost.py [--questions 500]
        [--database sqlite postgresql+psycopg://USER@HOST:PORT/NAME]

In turns a question is worked on by a bot in this process as it comes, and through the inbox, with
an encoder that computes next to nothing and a Bot API that answers at once; the difference is what
inbox and outbox take. The time by the clock means something on an idle machine only. The database
is a new file, or the one that is named.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "telegram"))

from local_bot import ANN, PRIVATE, LocalBot, message
from telegram import Update
from telegram.ext import AIORateLimiter

from bot.config import Settings

QUESTION = "what conditions did the US set?"
WARM = 20  # questions that are not counted

Times = tuple[float, float]  # by the clock, and of the processor, in milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--database", nargs="+", default=["sqlite"])
    given = parser.parse_args()
    for database in given.database:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/a.sqlite" if database == "sqlite" else database
            bot = LocalBot(Settings(threshold=0.0), url)
            direct, kept = bot.run(lambda bot=bot: measure(bot, given.questions))
            bot.close()
        for name, place in (("by the clock", 0), ("of the processor", 1)):
            before, after = (median(times[place] for times in way) for way in (direct, kept))
            print(
                f"{database.partition(':')[0]}, {name}: {before:.2f} ms a question as it comes, "
                f"{after:.2f} ms through the inbox, {after - before:.2f} ms more",
                flush=True,
            )


async def measure(bot: LocalBot, number: int) -> tuple[list[Times], list[Times]]:
    """Work on *number* questions each way, in turns; return what each took."""
    limiter = bot.application.bot.rate_limiter
    assert isinstance(limiter, AIORateLimiter)
    limiter._base_limiter = None  # else it is Telegram's pace that is measured
    direct: list[Times] = []
    kept: list[Times] = []
    processor = bot.application.update_processor
    for count in range(-WARM, number):
        for times, through in ((direct, False), (kept, True)):
            update = make_update(bot, 2 * (count + WARM) + through + 1)
            begun, spent = time.perf_counter(), time.process_time()
            if through:
                await bot.inbox.put(update)
                update = await bot.inbox.get()
            await processor.process_update(update, bot.application.process_update(update))
            if count >= 0:
                took = time.perf_counter() - begun, time.process_time() - spent
                times.append((took[0] * 1000, took[1] * 1000))
    return direct, kept


def make_update(bot: LocalBot, number: int) -> Update:
    """A question of somebody who has never asked."""
    who = {"id": 1_000_000 + number}
    given = message(PRIVATE | who, QUESTION, **{"from": ANN | who})
    update = Update.de_json({"update_id": number, "message": given}, bot.application.bot)
    assert update is not None
    return update


if __name__ == "__main__":
    main()
