"""
How the bot starts and ends, as a process: tokens, the network, polling and webhook.

Three lives of a bot are enough for all of it. In each, things happen in the order in which they
would; the tests ask what came of them.
"""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from bots import Bot, settle
from fake_telegram.api import TOKEN, BotApi
from fake_telegram.log import Call
from fake_telegram.world import Chat
from local_bot import BOT, RecordingRequest, fresh_inbox
from telegram.error import NetworkError

from bot.cli import main
from bot.config import Settings, load_settings
from bot.phrases import languages
from bot.telegram.application import make_application
from bot.telegram.bot_token import find_token
from bot.telegram.run import _reach
from index.errors import UsageError

CONDITIONS = "what conditions did the US set?"
ANSWER = "has not said publicly"
OTHER = "987654321:AAotherTokenOfTheTestsOfTheBot-0_1234"


@dataclass(frozen=True)
class Life:
    """
    What is left of a *bot* that has ended with exit *code*.

    *chat* is one that asked it, *calls* are all that the server has got until then.
    """

    bot: Bot
    chat: Chat
    code: int
    calls: list[Call]

    @classmethod
    def of(cls, bot: Bot, chat: Chat, code: int) -> Self:
        """Look back at *bot*."""
        return cls(bot, chat, code, [*bot.api.calls, *bot.api.polls])

    def called(self, method: str, **wanted: Any) -> list[Call]:
        """The calls of *method* with the *wanted* parameters, in order."""
        return [call for call in self.calls if call.matches(method, wanted)]

    def told(self, **wanted: Any) -> list[str]:
        """The texts that were sent, to whom *wanted* says."""
        return [call.result["text"] for call in self.called("sendMessage", **wanted) if call.result]


def ask(api: BotApi, chat: Chat) -> Call:
    """Ask in a private *chat*, and wait for the answer."""
    assert chat.user is not None
    api.send(chat, chat.user, CONDITIONS)
    return api.wait("sendMessage", chat_id=chat.id)


def send_unreadable(api: BotApi, chat: Chat) -> None:
    """Let somebody send a poll, as Bot API servers before 10.0 write it."""
    fields = ("is_closed", "is_anonymous", "allows_multiple_answers")
    poll = {"id": "1", "question": "Who reads my words?", "options": [], "total_voter_count": 0}
    poll |= {"type": "regular", **dict.fromkeys(fields, False)}
    sender = {"id": chat.id, "is_bot": False, "first_name": "Ann"}
    head = {"message_id": 9999, "date": int(time.time()), "chat": chat.json, "from": sender}
    api.delivery.put("message", head | {"poll": poll})


def stop_while_asked(bot: Bot, chat: Chat, number: signal.Signals) -> int:
    """Ask, and tell the bot to stop by a signal before it has answered; return its exit code."""
    assert chat.user is not None
    seen = len(bot.api.untaken("sendChatAction"))
    bot.api.fail("sendMessage", delay=0.5)
    bot.api.send(chat, chat.user, CONDITIONS)
    for _ in range(seen + 1):
        bot.api.wait("sendChatAction")
    return bot.stop(number)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """Make the folder in which a bot starts and keeps its database."""
    return tmp_path_factory.mktemp("start")


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[Life]:
    """A bot starts without a network, presents itself, and is ended by SIGTERM while asked."""
    (folder / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    with BotApi(can_read_all_group_messages=False, supports_inline_queries=False) as api:
        api.go_offline()
        bot = Bot(api, folder, TOKEN="", TOKEN_FILE="token")
        bot.start()
        bot.wait_for_line("the connection to Telegram broke")
        api.go_online()
        bot.wait_until_ready()
        chat = api.private(api.user())
        ask(api, chat)
        for _ in range(3 * len(languages())):
            api.wait("setMyCommands")
        code = stop_while_asked(bot, chat, signal.SIGTERM)
        yield Life.of(bot, chat, code)


@pytest.fixture(scope="module")
def second(first: Life, folder: Path) -> Life:
    """It is started again; its database fails for a while, and another program polls once."""
    (folder / ".env").write_text(f"ARTICLE_BOT_TOKEN={TOKEN}\n", encoding="utf-8")
    api, chat = first.bot.api, first.chat
    answer = first.called("sendMessage")[0].result
    bot = Bot(api, folder, TOKEN="")
    bot.start()
    bot.wait_until_ready()
    api.press(answer, "More", user=chat.user)
    api.wait("editMessageText", message_id=answer["message_id"])
    hidden = bot.database.rename(bot.database.with_suffix(".hidden"))
    bot.database.write_bytes(b"This is no database at all, whatever its name says." * 100)
    broken = api.private(api.user())
    ask(api, broken)
    hidden.rename(bot.database)
    api.fail("getUpdates", 409, "terminated by other getUpdates request; make sure that only one")
    settle(api, chat)  # an update ends the poll that is under way, and the next one fails
    bot.wait_for_line("another program polls")
    send_unreadable(api, chat)
    settle(api, chat)
    return Life.of(bot, broken, bot.stop())


@pytest.fixture(scope="module")
def third(folder: Path) -> Iterator[Life]:
    """Another one gets its updates by webhook, and is ended by SIGINT while asked."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/hook"
    options = ("--webhook-url", url, "--listen", "127.0.0.1", "--port", str(port))
    with BotApi() as api:
        bot = Bot(api, folder, *options, TOKEN=TOKEN)
        bot.start()
        bot.wait_until_ready()
        chat = api.private(api.user())
        ask(api, chat)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(
                urllib.request.Request(url, b"{}", {"Content-Type": "application/json"})
            )
        send_unreadable(api, chat)
        settle(api, chat)
        code = stop_while_asked(bot, chat, signal.SIGINT)
        yield Life.of(bot, chat, code)


def test_the_bot_waits_for_the_network(first: Life) -> None:
    """Started before Telegram can be reached, it comes up when it can, and answers."""
    assert ANSWER in first.told()[0]


def test_the_bot_presents_itself(first: Life) -> None:
    """The menus are set, and the log says what only the owner can tell BotFather."""
    assert len(first.called("setMyCommands")) == 3 * len(languages())
    assert "/setprivacy" in first.bot.log
    assert "/setinline" in first.bot.log


def test_only_what_is_worked_on_is_asked_for(first: Life) -> None:
    """Telegram sends no reactions, which nobody would read."""
    allowed = first.called("getUpdates")[-1].params["allowed_updates"]

    assert "message_reaction" not in allowed
    assert {"message", "edited_message", "channel_post", "guest_message"} <= set(allowed)


@pytest.mark.parametrize("life", ["first", "third"])
def test_a_question_in_flight_is_answered_before_the_end(
    life: str, request: pytest.FixtureRequest
) -> None:
    """By SIGTERM or SIGINT: what was asked before is still answered; the exit code is 0."""
    ended: Life = request.getfixturevalue(life)

    assert ended.code == 0, ended.bot.log
    assert ANSWER in ended.told()[-1]


@pytest.mark.parametrize("life", ["first", "second", "third"])
def test_no_log_shows_the_token_or_a_traceback(life: str, request: pytest.FixtureRequest) -> None:
    """Wherever the token stands, and whatever fails."""
    log = request.getfixturevalue(life).bot.log

    assert TOKEN.partition(":")[2] not in log
    assert "Traceback" not in log


def test_buttons_work_after_a_restart(second: Life) -> None:
    """A reply of an earlier process is turned over by the next one."""
    (edit,) = second.called("editMessageText")

    assert "<blockquote" in edit.params["text"]


def test_a_fault_of_its_own_is_admitted(second: Life) -> None:
    """When the database cannot be used, who asks is told so in a few words."""
    told = second.told(chat_id=second.chat.id)
    assert told == ["Something went wrong on my side; please ask again in a while."]


def test_another_poller_for_a_moment_is_outlived(second: Life) -> None:
    """One conflict is a line in the log, and what is asked then is answered."""
    assert second.code == 0
    assert second.bot.log.count("another program polls for this bot") == 1


@pytest.mark.parametrize("life", ["second", "third"])
def test_an_update_that_cannot_be_read_is_skipped(
    life: str, request: pytest.FixtureRequest
) -> None:
    """Whichever way it comes: one line without a word of it, and the next one is answered."""
    ended: Life = request.getfixturevalue(life)

    (line,) = [line for line in ended.bot.log.splitlines() if "cannot be read" in line]
    assert "(message) cannot be read (TypeError) and is skipped; it is number 1" in line
    assert "Who reads my words" not in ended.bot.log
    assert ended.bot.api.delivery.pending == []


def test_updates_come_by_webhook(third: Life) -> None:
    """The webhook is set with a secret, and the bot polls for nothing."""
    (hook,) = third.called("setWebhook")

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/hook", hook.params["url"])
    assert re.fullmatch(r"[\w-]{32,256}", hook.params["secret_token"])
    assert TOKEN.partition(":")[2] not in hook.params["secret_token"]
    assert not third.called("getUpdates")


def test_a_token_that_telegram_rejects_is_one_line(tmp_path: Path) -> None:
    """It stands nowhere in that line, and the exit code is 2."""
    with BotApi() as api:
        bot = Bot(api, tmp_path, TOKEN=OTHER)
        bot.start()
        code = bot.wait()

    last = bot.log.splitlines()[-1]  # whoever comes first is told that the model is prepared
    assert code == 2
    assert last == (
        "article-bot: Telegram does not accept the token in ARTICLE_BOT_TOKEN; "
        "ask @BotFather for it."
    )
    assert OTHER not in bot.log
    assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {},
            "there is no token; get one from @BotFather and set ARTICLE_BOT_TOKEN, or name a file "
            "that holds it in ARTICLE_BOT_TOKEN_FILE.",
        ),
        (
            {"TOKEN": "123:short-secret"},
            "ARTICLE_BOT_TOKEN holds no token of a bot; one looks like 123456789:AAE… and comes "
            "from @BotFather.",
        ),
        ({"TOKEN_FILE": "nosuch.txt"}, "the file nosuch.txt of the token cannot be read"),
        ({"CHATS": "here"}, "ARTICLE_BOT_CHATS is 'here' and must be ids of chats"),
        ({"API_URL": "localhost"}, "ARTICLE_BOT_API_URL is 'localhost' and must be an address"),
    ],
)
def test_a_start_that_cannot_be_is_one_line(
    settings: dict[str, str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is wrong stands in one line without the token, and the exit code is 2."""
    monkeypatch.chdir(tmp_path)
    for name in map(str.upper, Settings.__dataclass_fields__):
        monkeypatch.delenv(f"ARTICLE_BOT_{name}", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(f"ARTICLE_BOT_{name}", value)

    code = main(["--database", f"sqlite:///{tmp_path / 'a.sqlite'}", "telegram"])

    written = capsys.readouterr().err
    assert code == 2
    assert written.startswith(f"article-bot: {line}")
    assert written.count("\n") == 1
    assert "secret" not in written


def test_telegram_is_tried_until_it_answers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """However long the network is down, the bot starts when it is back."""
    pauses: list[float] = []
    failures = [NetworkError("no route")] * 12

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    def get_me(_: object) -> dict[str, Any]:
        if failures:
            raise failures.pop()
        return BOT

    monkeypatch.setattr(asyncio, "sleep", sleep)
    request = RecordingRequest()
    request.results["getMe"] = get_me
    application = make_application(TOKEN, "http://127.0.0.1:1", fresh_inbox(), request)

    asyncio.run(_reach(application))

    assert application.bot.username == "ArticleBot"
    assert caplog.text.count("Telegram cannot be reached") == 3  # each after three quick tries
    assert pauses[3::4] == [1.0, 1.5, 2.25]


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    """White space around it does not matter."""
    (tmp_path / "token").write_text(f" {TOKEN}\n\n", encoding="utf-8")

    assert find_token(Settings(token_file=tmp_path / "token")) == TOKEN


def test_the_token_may_stand_in_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file .env in the folder where the bot starts is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARTICLE_BOT_TOKEN", raising=False)
    (tmp_path / ".env").write_text(f"ARTICLE_BOT_TOKEN={TOKEN}\n", encoding="utf-8")

    assert find_token(load_settings()) == TOKEN


def test_a_file_without_a_token_is_named(tmp_path: Path) -> None:
    """What it holds is not shown."""
    (tmp_path / "token").write_text("my secret", encoding="utf-8")

    with pytest.raises(UsageError, match=r"token holds no token of a bot") as caught:
        find_token(Settings(token_file=tmp_path / "token"))
    assert "secret" not in str(caught.value)
