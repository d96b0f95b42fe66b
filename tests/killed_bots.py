"""Bots that are killed while they are asked, and what became of every question."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from bots import Bot, sent_to
from fake_telegram.api import BotApi
from fake_telegram.balancer import Balancer
from fake_telegram.log import Call
from fake_telegram.world import Chat
from nginx_front import front_of
from ports import free_port

QUESTIONS = (
    "what conditions did the US set?",
    "who is the US special representative for Afghanistan?",
    "who appointed Thomas West?",
    "what is the priority in Afghanistan?",
    "what do we know about the ISIS attack?",
)
PATIENCE = 120.0  # seconds in which all that was asked must be answered
MANY = {"QUESTIONS_PER_MINUTE": "100000"}


@dataclass
class Asked:
    """The questions of a *chat*, as ids of their messages, in order, and when they were asked."""

    chat: Chat
    questions: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # on the monotonic clock

    def answers(self, api: BotApi) -> list[tuple[int, float]]:
        """Which question was answered when, in the order of the answers."""
        calls = [call for call in sent_to(api, self.chat) if call.result]
        return [(question_of(call), call.at) for call in calls]


@dataclass
class Toll:
    """What kills have done: questions *asked*, *lost*, answered twice, and out of order."""

    asked: int = 0
    lost: int = 0
    doubled: int = 0
    worst: int = 0  # questions answered twice after one kill
    failures: list[str] = field(default_factory=list)  # what the log says of them
    disordered: int = 0  # chats
    kills: list[float] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)  # seconds from a kill to the next start


@dataclass
class Workers:
    """Bots on one database, and the server that they answer on."""

    api: BotApi
    bots: list[Bot]
    chats: list[Asked] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    log: str = ""  # of those that were killed

    def ask(self, outstanding: int, per_chat: int) -> None:
        """Let people who never asked before ask, until so many questions are unanswered."""
        while (missing := outstanding - self.count_unanswered()) > 0:
            self.ask_from(self.new_chat(), min(per_chat, missing))

    def new_chat(self) -> Asked:
        """The private chat of somebody who never asked before."""
        self.chats.append(Asked(self.api.private(self.api.user())))
        return self.chats[-1]

    def ask_from(self, asked: Asked, number: int) -> None:
        """Let the person of a private chat ask so many questions."""
        assert asked.chat.user is not None
        for _ in range(number):
            text = QUESTIONS[(len(asked.questions) + len(self.chats)) % len(QUESTIONS)]
            asked.times.append(time.monotonic())
            sent = self.api.send(asked.chat, asked.chat.user, text)
            asked.questions.append(sent["message_id"])

    def count_unanswered(self) -> int:
        """How many questions have no answer yet."""
        answered = {(c.params["chat_id"], question_of(c)) for c in _messages(self.api)}
        asked = {(a.chat.id, number) for a in self.chats for number in a.questions}
        return len(asked - answered)

    def wait_for_answers(self, number: int) -> None:
        """Wait until so many more questions are answered."""
        deadline = time.monotonic() + PATIENCE
        left = max(self.count_unanswered() - number, 0)
        while self.count_unanswered() > left and time.monotonic() < deadline:
            time.sleep(0.02)

    def kill(self, bot: Bot) -> None:
        """End *bot* by SIGKILL and start it again."""
        assert bot.process is not None
        bot.process.send_signal(signal.SIGKILL)
        bot.wait()
        self.kills.append(time.monotonic())
        self.log += bot.log
        bot.log = ""
        bot.start()

    def settle(self) -> None:
        """Wait until all that was asked is answered, and no bot starts any more."""
        deadline = time.monotonic() + PATIENCE
        while self.count_unanswered() and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(0.5)  # for what would be answered twice
        for bot in self.bots:
            if bot.is_running():
                bot.wait_until_ready()

    def toll(self) -> Toll:
        """Count what became of all questions."""
        toll = Toll(kills=self.kills, returns=self.returns)
        after: Counter[int] = Counter()
        for asked in self.chats:
            answers = asked.answers(self.api)
            order = [question for question, _ in answers]
            toll.asked += len(asked.questions)
            toll.lost += len(set(asked.questions) - set(order))
            seen: dict[int, float] = {}
            for question, at in answers:
                if question in seen:  # it is the end of who has answered before
                    toll.doubled += 1
                    after[sum(kill < seen[question] for kill in self.kills)] += 1
                seen[question] = at
            first = list(dict.fromkeys(order))
            repeats = [a for a, b in pairwise(order) if a == b]
            toll.disordered += first != sorted(first) or len(order) - len(first) != len(repeats)
        toll.worst = max(after.values(), default=0)
        lines = self.log.splitlines()
        toll.failures = [line for line in lines if " ERROR " in line or "Traceback" in line]
        return toll


@contextmanager
def polling(folder: Path, workers: int = 1, **settings: str) -> Iterator[Workers]:
    """One bot that polls, or several of which one does."""
    with BotApi() as api, ExitStack() as stack:
        bots = [Bot(api, folder, **MANY, **settings) for _ in range(workers)]
        enter(stack, bots)
        yield Workers(api, bots)


@contextmanager
def webhooks(
    folder: Path,
    workers: int = 2,
    scratch: Path | None = None,
    options: Sequence[str] = (),
    **settings: str,
) -> Iterator[Workers]:
    """Several bots that share a webhook, behind nginx if there is a *scratch* folder for it."""
    ports = [free_port() for _ in range(workers)]
    with BotApi() as api, ExitStack() as stack:
        front = front_of(ports, scratch) if scratch else Balancer(ports)
        stack.callback(front.close)
        bots = [
            Bot(
                *(api, folder, "--webhook-url", front.url, *options),
                *("--listen", "127.0.0.1", "--port", str(port)),
                **{**MANY, **settings},
            )
            for port in ports
        ]
        enter(stack, bots)
        yield Workers(api, bots)


def enter(stack: ExitStack, bots: Sequence[Bot]) -> None:
    """Start *bots* side by side, wait until all are ready, and let *stack* end them."""
    for bot in bots:
        bot.start()
        stack.push(bot)
    for bot in bots:
        bot.wait_until_ready()


WAYS: dict[str, Callable[..., AbstractContextManager[Workers]]] = {
    "polling": polling,
    "pollers": partial(polling, workers=2),
    "webhook": webhooks,
}


def kill_at_random(workers: Workers, kills: int, burst: int, seed: int) -> None:
    """
    Kill one bot after the other, *kills* times, while *burst* questions are outstanding.

    Two of three kills come after so many answers as chance says, one at any moment of a start.
    """
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for number in range(kills):
        workers.ask(burst, per_chat=5)
        bot = chance.choice(workers.bots)
        if number % 3:
            bot.wait_until_ready()
            if workers.kills:
                workers.returns.append(time.monotonic() - workers.kills[-1])
            workers.wait_for_answers(chance.randrange(burst // 2))
            time.sleep(chance.uniform(0.0, 0.1))
        else:
            time.sleep(chance.uniform(0.0, 3.0))
        workers.kill(bot)
    workers.settle()


def _messages(api: BotApi) -> list[Call]:
    return [call for call in api.calls if call.method == "sendMessage" and call.result]


def question_of(call: Call) -> int:
    """The message that *call* replies to, 0 for none."""
    quoting = call.params.get("reply_parameters") or {}
    return int(quoting.get("message_id", 0))
