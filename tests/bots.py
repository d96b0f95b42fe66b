"""`article-bot telegram` as a process, against the tests' own Bot API server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fake_telegram.api import TOKEN, BotApi
from fake_telegram.log import Call
from fake_telegram.world import Chat
from packaged_model import packaged_encoder

READY = "answers from"
START = 300  # seconds that a start may take on a busy machine


class Bot:
    """
    The command, running from the `with` on; it ends by SIGTERM at the end of it.

    *settings* are the ARTICLE_BOT_… variables without their prefix; those of the tests' own
    environment do not reach it; DATABASE is by default a file in *folder*. *log* holds what it
    wrote so far.
    """

    def __init__(self, api: BotApi, folder: Path, *options: str, **settings: str) -> None:
        self.api = api
        self._folder = folder
        self.database = folder / "articles.sqlite"
        database = settings.pop("DATABASE", f"sqlite:///{self.database}")
        command = [sys.executable, "-m", "bot", "--database", database]
        self._command = [*command, "telegram", *options]
        given = {"TOKEN": TOKEN, "API_URL": api.url, **settings}
        ours = {"ARTICLE_BOT_CACHE"}  # the exported model, which all tests share
        kept = {
            name: value
            for name, value in os.environ.items()
            if "ARTICLE_BOT" not in name or name in ours
        }
        # The bot runs in a folder of its own, where no .env lies.
        kept["PYTHONPATH"] = str(Path(__file__).parents[1])
        self._environment = kept | {f"ARTICLE_BOT_{name}": given[name] for name in given}
        self.log = ""
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        if self.process is None:
            self.start()
        self.wait_until_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: object, __: TracebackType | None
    ) -> None:
        code = self.stop()
        if kind is None:
            assert code == 0, self.log

    def tell_at(self, port: int) -> None:
        """Let the next start tell its figures at a *port* of this machine."""
        self._command += ["--metrics-port", str(port)]
        self.log = ""

    def start(self) -> None:
        """Start the process without waiting for it."""
        if cache := os.environ.get("ARTICLE_BOT_CACHE"):  # where tests run, one of them exports
            packaged_encoder(Path(cache))
        self.process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_until_ready(self) -> None:
        """Wait until the bot has loaded its models and listens."""
        self.wait_for_line(READY)

    def wait_for_line(self, *parts: str) -> None:
        """Wait for a line of the log with all *parts*, which may be read later than it is done."""
        deadline = time.monotonic() + START
        while not any(all(part in line for part in parts) for line in self.log.splitlines()):
            assert time.monotonic() < deadline, f"no line says {parts}: {self.log}"
            assert self.is_running(), f"the bot has ended: {self.log}"
            time.sleep(0.02)

    def is_running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process and return its exit code."""
        if self.process is not None and self.is_running():
            self.process.send_signal(number)
        return self.wait()

    def wait(self, timeout: float = START) -> int:
        """Wait for the end of the process and return its exit code."""
        assert self.process is not None
        code = self.process.wait(timeout)
        self._reader.join(timeout)
        return code

    def _read(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log += line
        self.process.stderr.close()


def sent_to(api: BotApi, chat: Chat, method: str = "sendMessage") -> list[Call]:
    """What the bot has called for *chat* so far."""
    return [call for call in api.calls if call.matches(method, {"chat_id": chat.id})]


def settle(api: BotApi, chat: Chat, **message: Any) -> None:
    """
    Wait until the bot has worked on all that *chat* was sent.

    Updates of one chat are worked on in their order, so a command that is always answered is sent,
    and its answer waited for.
    """
    person = api.user(first_name="Zoe")
    if chat.type == "private":
        assert chat.user is not None
        person = chat.user
    api.send(chat, person, "/help", deliver=True, **message)
    while "/ask" not in api.wait("sendMessage", chat_id=chat.id).params["text"]:
        pass
