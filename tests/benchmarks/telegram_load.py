"""
How fast the bot answers when many chats ask at once, and whether a flood from one holds up others.

Starts `article-bot telegram` against the tests' Bot API server, on the seed article. Measures from
the moment a question is queued to the arrival of its answer. Telegram takes 30 messages a second,
and the bot keeps to that: 200 answers cannot come faster than in 6.7 s, whatever computes them.

    python tests/benchmarks/telegram_load.py [--chats 20] [--questions 10] [--flood 1000]
        [--reader on off]

--reader on off measures a bot that reads, then one that does not, and says how their 95th
percentiles compare. Without a flood (--flood 0) the questions at once are all that is measured.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bots import Bot
from fake_telegram.api import BotApi
from fake_telegram.world import Chat
from reader_option import READERS, add_reader_option

QUESTIONS = (
    "what conditions did the US set?",
    "who is the US special representative for Afghanistan?",
    "who appointed Thomas West?",
    "what is the priority in Afghanistan?",
    "who is the mayor of Paris?",
)
ANSWER_TIMEOUT = 600.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--flood", type=int, default=1000)
    add_reader_option(parser)
    given = parser.parse_args()
    late = {}
    for reader in given.reader:
        print(f"reader {reader}:")
        late[reader] = measure(given, READERS[reader])
    if len(late) == len(READERS):
        print(
            f"all at once, reader on: the 95th percentile is {late['on'] / late['off']:.2f} times "
            "that of reader off"
        )


def measure(given: argparse.Namespace, reader: str) -> float:
    """Measure a bot with this *reader*; return the 95th percentile of questions at once, in s."""
    with (
        tempfile.TemporaryDirectory() as folder,
        BotApi() as api,
        Bot(api, Path(folder), READER=reader),
    ):
        chats = [api.private(api.user(f"Reader {number}")) for number in range(given.chats)]
        one_by_one(api, chats[0])
        late = report("all at once", at_once(api, chats, given.questions))
        if given.flood:
            flooding = api.private(api.user("Flood"))
            others = [api.private(api.user(f"Other {number}")) for number in range(given.chats)]
            for number in range(given.flood):
                ask(api, flooding, number)
            behind = at_once(api, others, 1)
            report(f"behind a flood of {given.flood:,} from one chat", behind)
    return late


def one_by_one(api: BotApi, chat: Chat) -> None:
    """Ask a few questions, each after the answer to the one before."""
    waits = []
    for number in range(10):
        asked = time.monotonic()
        ask(api, chat, number)
        waits.append(api.wait("sendMessage", chat_id=chat.id, timeout=ANSWER_TIMEOUT).at - asked)
    report("one after another", waits)


def at_once(api: BotApi, chats: list[Chat], questions: int) -> list[float]:
    """Let every one of *chats* ask at the same time; return how long each answer took."""
    asked: list[tuple[Chat, float]] = []
    for number in range(questions):
        for chat in chats:
            asked.append((chat, time.monotonic()))
            ask(api, chat, number)
    # Answers to one chat come in the order of its questions.
    return [
        api.wait("sendMessage", chat_id=chat.id, timeout=ANSWER_TIMEOUT).at - at
        for chat, at in asked
    ]


def ask(api: BotApi, chat: Chat, number: int) -> None:
    assert chat.user is not None
    api.send(chat, chat.user, QUESTIONS[number % len(QUESTIONS)])


def report(name: str, waits: list[float]) -> float:
    """Print how long the answers took; return the 95th percentile."""
    ordered = sorted(waits)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    print(
        f"{name}: {len(waits)} of {len(waits)} answered, median {statistics.median(waits):.2f} s, "
        f"95th percentile {late:.2f} s, last {ordered[-1]:.2f} s",
        flush=True,
    )
    return late


if __name__ == "__main__":
    main()
