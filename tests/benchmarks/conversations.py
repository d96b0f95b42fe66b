r"""
Plays a conversation with the bot, to be read: what was said, and what a person then sees.

    python tests/benchmarks/conversations.py TURNS --article FILE… [--width 60]
    python tests/benchmarks/conversations.py TURNS --article FILE… --telegram private|group|channel

TURNS is a file with a turn a line; `\n` in one is a line break. In the console, which runs in a
terminal of tmux so wide, a turn is a line that is typed. In Telegram, which is the tests' Bot API
server, it is a message; `[More]` presses that button, `> text` replies to the bot's last message.
In a channel the articles are posts, and the turns comments below the last one.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bots import Bot
from fake_telegram.api import BotApi
from fake_telegram.log import Call

ROOT = Path(__file__).parents[2]
HEIGHT = 50  # lines of the terminal
TYPED = 60.0  # seconds that an answer may take there
PROMPT = re.compile(r"(\[.*\] )?\?|Pane is dead.*")
QUIET = 1.2  # seconds without a call after which the bot has said all
SILENT = 6.0  # seconds without one after which it says nothing
SHOWN = ("sendMessage", "editMessageText", "answerCallbackQuery", "setMessageReaction")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("turns", type=Path)
    parser.add_argument("--article", type=Path, nargs="+", default=[])
    parser.add_argument("--width", type=int, default=100)
    parser.add_argument("--telegram", choices=["private", "group", "channel"])
    parser.add_argument("--language", default="en", help="of the person's Telegram")
    given = parser.parse_args()
    lines = given.turns.read_text(encoding="utf-8").splitlines()
    turns = [line.replace("\\n", "\n") for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as place:
        database = f"sqlite:///{place}/articles.sqlite"
        command = [sys.executable, "-m", "bot", "--database", database]
        if given.article and given.telegram != "channel":
            subprocess.run([*command, "add", *given.article], check=True, cwd=ROOT)
        if given.telegram:
            _talk_in_telegram(Path(place), turns, given)
        else:
            print(_talk_in_terminal([*command, "console"], place, turns, given.width))


def _talk_in_terminal(command: Sequence[str], home: str, turns: Sequence[str], width: int) -> str:
    """Type *turns* into a console that is *width* cells wide; all that its screen showed."""
    settings = ["env", f"PYTHONPATH={ROOT}", f"XDG_STATE_HOME={home}", "PAGER=cat"]
    tmux = ["tmux", "-L", f"talk{os.getpid()}"]
    size = ["-x", str(width), "-y", str(HEIGHT)]
    start = [*tmux, "new-session", "-d", *size, shlex.join([*settings, *command])]
    subprocess.run([*start, ";", "set", "remain-on-exit", "on"], check=True)
    try:
        screen = _screen_at_prompt(tmux)
        for turn in turns:
            subprocess.run([*tmux, "send-keys", "-l", turn], check=True)
            subprocess.run([*tmux, "send-keys", "Enter"], check=True)
            screen = _screen_at_prompt(tmux)
        return screen
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


def _screen_at_prompt(tmux: Sequence[str]) -> str:
    """Wait until the last line is a prompt behind which nothing stands, or the console has left."""
    deadline = time.monotonic() + TYPED
    while True:
        time.sleep(0.3)
        taken = subprocess.run([*tmux, "capture-pane", "-pS-"], capture_output=True, check=True)
        screen = taken.stdout.decode().rstrip()
        if PROMPT.fullmatch(screen.rpartition("\n")[2]) or time.monotonic() > deadline:
            return screen


def _talk_in_telegram(folder: Path, turns: Sequence[str], given: argparse.Namespace) -> None:
    """Send *turns* to the place that is *given*, and print what the bot does at each."""
    with BotApi(can_read_all_group_messages=True) as api, Bot(api, folder):
        ann = api.user("Ann", language_code=given.language)
        write = _writer(api, ann, given)
        seen = _settled(api, 0)
        for turn in turns:
            print(f"\n→ {turn}")
            said = [call for call in api.calls[:seen] if call.method == "sendMessage"]
            offering = [call for call in api.calls[:seen] if turn in _buttons(call)]
            if offering:
                api.press(offering[-1].result, turn[1:-1], user=ann)
            elif turn.startswith("> "):
                write(turn[2:], reply_to=said[-1].result)
            else:
                write(turn)
            before, seen = seen, _settled(api, seen)
            calls = [call for call in api.calls[before:seen] if call.method in SHOWN]
            print("".join(map(_told, calls)), end="", flush=True)


def _writer(api: BotApi, ann: Any, given: argparse.Namespace) -> Callable[..., Any]:
    """What sends a turn to where the conversation is held."""
    if given.telegram == "private":
        return partial(api.send, api.private(ann), ann)
    group = api.supergroup("Talk", members=[ann])
    if given.telegram == "group":
        return partial(api.send, group, ann)
    channel = api.channel("Town", members=[ann], linked=group, username="town_news")
    api.post(channel, "/index on")
    posts = [api.post(channel, path.read_text(encoding="utf-8")) for path in given.article]
    return partial(api.comment, posts[-1], ann)


def _settled(api: BotApi, seen: int) -> int:
    """Wait until the bot says no more; how many calls there were then."""
    start = last = time.monotonic()
    number = seen
    while (now := time.monotonic()) - last < QUIET or (number == seen and now - start < SILENT):
        if len(api.calls) > number:
            number, last = len(api.calls), now
        time.sleep(0.05)
    return number


def _buttons(call: Call) -> list[str]:
    rows = (call.params.get("reply_markup") or {}).get("inline_keyboard", [])
    return [f"[{button['text']}]" for row in rows for button in row]


def _told(call: Call) -> str:
    """What a person sees of *call*: its words, as HTML, and the buttons."""
    said = str(call.params.get("text") or call.params.get("reaction") or "")
    lines = [f"← {call.method} {call.error}".strip(), said, " ".join(_buttons(call))]
    return "".join(f"{line}\n" for line in lines if line)


if __name__ == "__main__":
    main()
