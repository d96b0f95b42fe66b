"""
A Bot API server for end-to-end tests, as strict as Telegram's.

It runs in a thread of the tests, takes the calls of a bot, and lets a test do what people do:
write, press, join, vote. What Telegram would refuse it refuses, in Telegram's words, and keeps in
`refusals`. The tests beside it (test_server, test_rules, test_people, test_api_markup) hold it to
what Telegram documents, most of them through python-telegram-bot.

    with BotApi() as api:
        start_the_bot_with(api.url, api.token)
        ann = api.user("Ann", language_code="en")
        asked = api.send(api.private(ann), ann, "who came?")
        answer = api.wait("sendMessage", chat_id=ann.id)
        api.press(answer.result, "More", user=ann)
        api.wait("editMessageText")
        assert api.refusals == []

Read from the outside in: api (the server and what a test asks of it), people and places (what
people do), updates (what the bot gets of it), delivery (polling and webhook), methods (what the bot
can call, each checked by the module it stands in), faults (what a test lets go wrong).
"""

from fake_telegram.api import TOKEN, BotApi
from fake_telegram.updates import text_mention

__all__ = ["TOKEN", "BotApi", "text_mention"]
