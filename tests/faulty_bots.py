"""Bots that are asked while something below them fails, and what people got meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from bots import sent_to
from fake_telegram.log import Call
from killed_bots import Asked, Workers, question_of
from postgresql_server import PostgresqlServer

SORRY, LATE = "Something went wrong on my side", "You asked this a while ago"
GAP = 0.25  # seconds between questions


@dataclass
class Phase:
    """
    What became of the questions of one time: so many *asked*, and of these how many got what.

    *answered* with passages, of these some with *buttons* and some with a note that they are
    *late*; *sorry* were told that something went wrong, *silent* were told nothing. *waits* are the
    seconds to each first reply.
    """

    name: str
    started: float
    asked: int = 0
    answered: int = 0
    buttons: int = 0
    late: int = 0
    sorry: int = 0
    silent: int = 0
    waits: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        slowest = f"slowest {max(self.waits):.1f} s" if self.waits else "none was answered"
        return (
            f"{self.name}: {self.asked} asked, {self.answered} answered ({self.buttons} with "
            f"buttons, {self.late} said to be late), {self.sorry} told that it failed, "
            f"{self.silent} told nothing; {slowest}"
        )


@dataclass
class Trial:
    """Questions to *workers* in phases: before, while and after something fails."""

    workers: Workers
    phases: list[Phase] = field(default_factory=list)

    def ask(self, phase: str, seconds: float) -> None:
        """Let a new person ask two questions every GAP, for so many *seconds*."""
        self.phases.append(Phase(phase, time.monotonic()))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.workers.ask_from(self.workers.new_chat(), 2)
            time.sleep(GAP)

    def outcome(self) -> list[Phase]:
        """Wait for what is not answered yet; say what became of the questions of each phase."""
        self.workers.settle()
        for asked in self.workers.chats:
            replies = first_replies(self.workers, asked)
            for question, at in zip(asked.questions, asked.times, strict=True):
                phase = [phase for phase in self.phases if phase.started <= at][-1]
                note(phase, at, replies.get(question))
        return self.phases


def first_replies(workers: Workers, asked: Asked) -> dict[int, Call]:
    """The first reply to each question of a chat that has one, by the question's message."""
    calls = [call for call in sent_to(workers.api, asked.chat) if call.result]
    return {question_of(call): call for call in reversed(calls)}


def note(phase: Phase, asked_at: float, reply: Call | None) -> None:
    """Count what a question that was asked in *phase* got."""
    phase.asked += 1
    if reply is None:
        phase.silent += 1
        return
    phase.waits.append(reply.at - asked_at)
    text = reply.params["text"]
    phase.sorry += SORRY in text
    phase.answered += "<blockquote" in text
    phase.buttons += bool(reply.params.get("reply_markup"))
    phase.late += LATE in text


def ask_a_failing_service(
    workers: Workers, server: PostgresqlServer, questions: int, chats: int, rate: float
) -> None:
    """
    Let all *chats* ask in turns, *rate* questions a second.

    After a third of them one worker is killed and started again, after two thirds *server* is
    restarted.
    """
    asking = [workers.new_chat() for _ in range(chats)]
    started = time.monotonic()
    for number in range(questions):
        workers.ask_from(asking[number % chats], 1)
        if number == questions // 3:
            workers.kill(workers.bots[0])
        if number == 2 * questions // 3:
            server.stop()
            server.start()
        time.sleep(max(0.0, started + (number + 1) / rate - time.monotonic()))
