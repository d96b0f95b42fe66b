"""
What goes in and out of the bot, told line by line: updates (→) and calls (←).

Runs `article-bot telegram` against the tests' Bot API server through what a person may do: ask in
private, in a forum topic, under a channel's post, inline; press a button after a restart; wait for
a 429; start with a token that Telegram rejects.

    python tests/benchmarks/telegram_transcript.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bots import Bot
from fake_telegram.api import BotApi

QUESTION = "what conditions did the US set?"
POST = (
    "The harbour of Lindholm will close for six weeks from the third of March. Divers found cracks "
    "in the eastern pier during an inspection in January. The repair costs four million crowns and "
    "is paid by the port authority. Ferries will use the old quay at Sandvik in the meantime, said "
    "harbour master Ilse Brandt. Fishing boats with a draught of less than two metres may still "
    "enter at high tide. The fish market moves to the school yard until the work is done."
)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with BotApi(can_read_all_group_messages=True) as api:
            ann = api.user("Ann", language_code="en")
            private = api.private(ann)
            with Bot(api, folder):
                for _ in range(15):
                    api.wait("setMyCommands")
                told = Told(api)
                api.send(private, ann, QUESTION)
                answer = api.wait("sendMessage", chat_id=private.id)
                told.now("A private question")
                forum = api.supergroup("Forum", forum=True, members=[ann])
                topic = api.topic(forum, "News", ann)
                api.send(forum, ann, f"@articlebot {QUESTION}", topic=topic)
                api.wait("sendMessage", chat_id=forum.id)
                told.now("A mention in a topic of a group")
                group = api.supergroup("Talk", members=[ann])
                channel = api.channel("Town", members=[ann], linked=group, username="town_news")
                api.post(channel, "/index on")
                post = api.post(channel, POST)
                api.comment(post, ann, "who pays for the repair?")
                api.wait("sendMessage", chat_id=group.id)
                told.now("A comment under a channel's post")
                query = api.inline(ann, "who appointed Thomas West?")
                api.wait("answerInlineQuery", inline_query_id=query["id"])
                told.now("An inline query")
            with Bot(api, folder):
                api.press(answer.result, "More", user=ann)
                api.wait("editMessageText", chat_id=private.id)
                told.now("A button, after a restart")
                api.fail("sendMessage", 429, retry_after=2, chat_id=private.id)
                api.send(private, ann, "who is the mayor of Paris?")
                api.wait("sendMessage", chat_id=private.id)
                told.now("A chat that Telegram puts off (429)")
        with BotApi() as api:
            bot = Bot(api, folder, TOKEN="987654321:AAotherTokenOfTheTestsOfTheBot-0_1234")
            bot.start()
            code = bot.wait()
            Told(api).now("A token that Telegram rejects")
            print(f"exit code {code}, standard error: {bot.log}")


class Told:
    """What has been told of the server's transcript so far."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._lines = len(api.transcript().splitlines()) if api.calls else 0

    def now(self, title: str) -> None:
        """Print what happened since the last time, but for how the bot presents itself."""
        lines = self._api.transcript().splitlines()
        print(f"## {title}\n")
        for line in lines[self._lines :]:
            if "setMy" not in line:
                print(f"    {line}")
        print()
        self._lines = len(lines)


if __name__ == "__main__":
    main()
