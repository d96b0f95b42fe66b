"""How the bot starts and ends: tokens, the network, polling and webhook."""

from __future__ import annotations

import re
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from bots import Bot, settle
from fake_telegram.api import TOKEN, BotApi

CONDITIONS = "what conditions did the US set?"
OTHER = "987654321:AAotherTokenOfTheTestsOfTheBot-0_1234"


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"TOKEN": ""},
            "there is no token; get one from @BotFather and set ARTICLE_BOT_TOKEN, or name a file "
            "that holds it in ARTICLE_BOT_TOKEN_FILE.",
        ),
        (
            {"TOKEN": "123:short-secret"},
            "ARTICLE_BOT_TOKEN holds no token of a bot; one looks like 123456789:AAE… and comes "
            "from @BotFather.",
        ),
        (
            {"TOKEN": OTHER},
            "Telegram does not accept the token in ARTICLE_BOT_TOKEN; ask @BotFather for it.",
        ),
        (
            {"TOKEN": "", "TOKEN_FILE": "nosuch.txt"},
            "the file nosuch.txt of the token cannot be read",
        ),
        ({"CHATS": "here"}, "ARTICLE_BOT_CHATS is 'here' and must be ids of chats"),
        ({"API_URL": "localhost"}, "ARTICLE_BOT_API_URL is 'localhost' and must be an address"),
    ],
)
def test_a_start_that_cannot_be_is_one_line(
    tmp_path: Path, settings: dict[str, str], line: str
) -> None:
    """What is wrong stands in one line without the token, and the exit code is 2."""
    with BotApi() as api:
        bot = Bot(api, tmp_path, **settings)
        bot.start()
        code = bot.wait()

    assert code == 2
    assert bot.log.startswith(f"article-bot: {line}")
    assert bot.log.count("\n") == 1
    assert "secret" not in bot.log
    assert OTHER not in bot.log


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    """A file is named by a setting; the bot then works, and its log has no token."""
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    with BotApi() as api, Bot(api, tmp_path, TOKEN="", TOKEN_FILE="token") as bot:
        ann = api.user()
        api.send(api.private(ann), ann, CONDITIONS)
        api.wait("sendMessage", chat_id=ann.id)

    assert TOKEN.partition(":")[2] not in bot.log


def test_the_token_may_stand_in_dotenv(tmp_path: Path) -> None:
    """A file .env in the folder where the bot starts is read."""
    (tmp_path / ".env").write_text(f"ARTICLE_BOT_TOKEN={TOKEN}\n", encoding="utf-8")
    with BotApi() as api, Bot(api, tmp_path, TOKEN=""):
        pass


def test_the_bot_presents_itself(tmp_path: Path) -> None:
    """Menus and descriptions are set in five languages, and the log says what BotFather must do."""
    with (
        BotApi(can_read_all_group_messages=False, supports_inline_queries=False) as api,
        Bot(api, tmp_path) as bot,
    ):
        for _ in range(15):
            api.wait("setMyCommands")
        for _ in range(5):
            api.wait("setMyDescription")
            api.wait("setMyShortDescription")
        ann = api.user(language_code="de")
        admin = api.supergroup(members=[ann])
        api.send(admin, ann, "/help")
        told = api.wait("sendMessage", chat_id=admin.id).result["text"]
        allowed = api.polls[-1].params["allowed_updates"]

    scopes = {
        (call.params["scope"]["type"], call.params.get("language_code"))
        for call in api.calls
        if call.method == "setMyCommands"
    }
    assert len(scopes) == 15
    assert "edited_message" not in allowed
    assert {"message", "channel_post", "guest_message"} <= set(allowed)
    assert "/setprivacy" in bot.log
    assert "/setinline" in bot.log
    assert "Privatsphäre-Modus" in told


def test_the_bot_waits_for_the_network(tmp_path: Path) -> None:
    """Started before Telegram can be reached, it comes up when it can."""
    with BotApi() as api:
        api.go_offline()
        bot = Bot(api, tmp_path)
        bot.start()
        time.sleep(3)
        assert bot.is_running(), bot.log
        api.go_online()
        with bot:
            ann = api.user()
            api.send(api.private(ann), ann, CONDITIONS)
            api.wait("sendMessage", chat_id=ann.id)


def test_another_poller_ends_the_bot(tmp_path: Path) -> None:
    """Two programs with one token: a clear line, no traceback, exit code 1."""
    with BotApi() as api:
        bot = Bot(api, tmp_path)
        bot.start()
        bot.wait_until_ready()
        api.fail(
            "getUpdates", 409, "terminated by other getUpdates request; make sure that only one"
        )
        code = bot.wait()

    assert code == 1
    assert "another program gets the messages of this bot" in bot.log
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_question_in_flight_is_answered_before_the_end(tmp_path: Path, number: int) -> None:
    """What was asked before the bot is told to stop is still answered; the exit code is 0."""
    with BotApi() as api:
        bot = Bot(api, tmp_path)
        bot.start()
        bot.wait_until_ready()
        ann = api.user()
        api.fail("sendMessage", delay=1.0)
        api.send(api.private(ann), ann, CONDITIONS)
        api.wait("sendChatAction")
        code = bot.stop(number)

        assert code == 0
        api.wait("sendMessage", chat_id=ann.id, timeout=1)


def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    """A reply of an earlier process is turned over by the next one."""
    with BotApi() as api:
        ann = api.user()
        chat = api.private(ann)
        with Bot(api, tmp_path):
            api.send(chat, ann, CONDITIONS)
            answer = api.wait("sendMessage", chat_id=chat.id).result
        with Bot(api, tmp_path):
            api.press(answer, "More", user=ann)
            api.wait("editMessageText", message_id=answer["message_id"])


def test_updates_come_by_webhook(tmp_path: Path) -> None:
    """The webhook is set with a secret; without it nobody gets in; posts are worked on."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    with BotApi() as api:
        options = ("--webhook-url", url, "--listen", "127.0.0.1", "--port", str(port))
        with Bot(api, tmp_path, *options):
            hook = api.wait("setWebhook").params
            ann = api.user()
            chat = api.private(ann)
            api.send(chat, ann, CONDITIONS)
            answer = api.wait("sendMessage", chat_id=chat.id)
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(
                    urllib.request.Request(url, b"{}", {"Content-Type": "application/json"})
                )
            settle(api, chat)

    assert hook["url"] == url
    assert re.fullmatch(r"[\w-]{32,256}", hook["secret_token"])
    assert TOKEN.partition(":")[2] not in hook["secret_token"]
    assert "has not said publicly" in answer.result["text"]
    assert not api.polls
