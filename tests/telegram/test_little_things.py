"""What people send that is no plain question: long texts, albums, stickers, what has waited."""

from __future__ import annotations

import time
from typing import Any

import pytest
from local_bot import (
    BOT,
    GROUP,
    PRIVATE,
    Json,
    LocalBot,
    button,
    buttons_of,
    message,
)

from bot.config import Settings
from bot.telegram.handlers import questions
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle

QUESTION = "what conditions did the US set?"
ONLY_TEXT = "I can only read text; please write your question."
PHOTO = {"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}
STICKER = PHOTO | {"type": "regular", "is_animated": False, "is_video": False}


def picture(chat: Json = PRIVATE, **fields: Any) -> Json:
    """A message with a picture and no text."""
    given = message(chat, "", photo=[PHOTO], **fields)
    return {name: value for name, value in given.items() if name not in {"text", "entities"}}


def test_a_question_right_behind_a_long_text_is_answered(local_bot: LocalBot) -> None:
    """Only what a client cuts off in the same moment goes on."""
    now = int(time.time())
    local_bot.told(message=message(PRIVATE, "word " * 800, date=now))
    rest = local_bot.told(message=message(PRIVATE, "word " * 20, date=now, message_id=6))
    asked = local_bot.told(message=message(PRIVATE, QUESTION, date=now))
    said = local_bot.told(message=message(PRIVATE, "conditions of the US", date=now + 2))

    assert rest == []
    assert "<blockquote" in asked[0]
    assert "<blockquote" in said[0]


def test_an_album_is_answered_by_the_caption_that_one_of_its_pictures_has(
    local_bot: LocalBot,
) -> None:
    """Whichever it is, and once."""
    album = {"media_group_id": "1"}
    told = [
        local_bot.told(message=picture(**album)),
        local_bot.told(message=picture(caption=QUESTION, **album)),
        local_bot.told(message=picture(caption=QUESTION, **album)),
    ]

    assert [len(texts) for texts in told] == [0, 1, 0]
    assert "<blockquote" in told[1][0]


def test_an_album_without_words_is_told_once(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When no caption came, the bot says that it reads text only."""
    monkeypatch.setattr(questions, "ALBUM_GAP", 0.0)
    for _ in range(3):
        local_bot.receive(message=picture(media_group_id="2"))
    local_bot.receive(message=message(PRIVATE, "/help"))

    texts = [call.given.get("text") for call in local_bot.request.calls]
    assert texts.count(ONLY_TEXT) == 1


@pytest.mark.parametrize(("kind", "said"), [("sticker", []), ("voice", [ONLY_TEXT])])
def test_a_reply_to_the_bot_without_words(local_bot: LocalBot, kind: str, said: list[str]) -> None:
    """A sticker in a group asks nothing; who speaks is told what is read."""
    file = STICKER if kind == "sticker" else PHOTO | {"duration": 1}
    answered = message(GROUP, "an answer", **{"from": BOT})
    given = message(GROUP, "", reply_to_message=answered, **{kind: file})
    del given["text"], given["entities"]

    assert local_bot.told(message=given) == said


def test_an_answer_that_comes_late_says_so(local_bot: LocalBot) -> None:
    """After ten minutes somebody may have forgotten what they asked."""
    (late,) = local_bot.told(message=message(PRIVATE, QUESTION, date=int(time.time()) - 900))
    (prompt,) = local_bot.told(message=message(PRIVATE, QUESTION))

    assert late == f"You asked this a while ago, when I could not answer.\n\n{prompt}"


@pytest.mark.parametrize(("hours", "answered"), [(23, True), (25, False)])
def test_what_has_waited_for_a_day_is_dropped(
    local_bot: LocalBot, caplog: pytest.LogCaptureFixture, hours: int, *, answered: bool
) -> None:
    """Nobody waits for it any more; the log names it."""
    date = int(time.time()) - hours * 3600

    told = local_bot.told(message=message(PRIVATE, QUESTION, date=date))

    assert bool(told) is answered
    assert ("has waited for too long" in caplog.text) is not answered


def test_the_operator_says_how_long_is_too_long() -> None:
    """By default it is a day."""
    bot = LocalBot(Settings(max_age=0.1))
    told = bot.told(message=message(PRIVATE, "/help", date=int(time.time()) - 600))
    bot.close()

    assert told == []


def test_long_ids_are_listed_on_pages(local_bot: LocalBot) -> None:
    """Every article is on one of them, and no page is too long for a message."""
    library = Library(local_bot.engine, str(PRIVATE["id"]))
    ids = [f"{number:03}" + "😀" * 190 for number in range(50)]
    articles = [
        ReadArticle(make_article(f"Article {id_[:3]} is here.", id=id_), explicit_id=True)
        for id_ in ids
    ]
    list(add_articles(library, lambda: local_bot.encoder, articles))

    (page,) = local_bot.receive(message=message(PRIVATE, "/articles"))
    pages = [page]
    while "▶" in buttons_of(pages[-1]):
        pages.append(local_bot.receive(callback_query=button(buttons_of(pages[-1])["▶"]))[-1])
    back = local_bot.receive(callback_query=button(buttons_of(pages[1])["◀"]))[-1]

    text = "".join(call.given["text"] for call in pages)
    assert [id_ for id_ in ids if id_ not in text] == []
    assert max(len(call.given["text"].encode("utf-16-le")) for call in pages) < 2 * 4600
    assert back.given["text"] == page.given["text"]
