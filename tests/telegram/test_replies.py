"""What the bot remembers of Telegram, in a real database."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import HashingEncoder
from sqlalchemy import Engine, select, update

from bot.telegram.store import chats, replies, reply_values, tables
from bot.telegram.store.feedback import question_file
from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.reply_values import Conversation, Reply
from index.datatypes import Answer, Article, Passage, Span, Tier
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle
from index.text.sentences import split_sentences

HERE, TOPIC = Conversation(-5), Conversation(-5, 7)
TEXT = "Three guests came. They sat down. Nobody spoke."


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Open a new database with the bot's tables."""
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    replies.open_store(engine)
    return engine


@pytest.fixture
def article(engine: Engine) -> Article:
    """Store an article of the chat -5."""
    return put(engine, TEXT)


def put(engine: Engine, text: str) -> Article:
    """Store *text* as the article "guests" of the chat -5, replacing what was there."""
    article = make_article(text, id="guests")
    loaded = [ReadArticle(article, explicit_id=True)]
    list(add_articles(Library(engine, "-5"), HashingEncoder, loaded, replace=True))
    return article


def reply_of(
    article: Article,
    question: str = "who came?",
    *,
    answered: bool = True,
    words: Span | None = None,
) -> Reply:
    """Make a reply that quotes two sentences, *words* of the first, and keeps one back."""
    spans = (Span(0, 18), Span(19, 33), Span(34, 47))
    passages = [
        Passage(article, span, span, "sentence", 1.0, split_sentences(article.text), answer)
        for span, answer in zip(spans, (words, None, None), strict=True)
    ]
    found = Answer(
        question, "may" if answered else "not", 0.9, tuple(passages[:2]), (), 1.0, (passages[2],)
    )
    return reply_values.make_reply(found, HERE, 42, library="-5", articles=3)


def test_a_reply_is_recalled_as_it_was_given(engine: Engine, article: Article) -> None:
    """Everything about it, and its passages word for word."""
    reply = reply_of(article)

    number = replies.save(engine, reply)
    recalled = replies.load(engine, HERE.chat, number)

    assert recalled is not None
    passages = find_passages(Library(engine, "-5"), recalled.passages) or []
    assert (recalled.question, recalled.tier, recalled.asker) == ("who came?", "may", 42)
    assert (recalled.shown, recalled.articles) == (2, 3)
    assert [passage.text for passage in passages] == [
        "Three guests came.",
        "They sat down.",
        "Nobody spoke.",
    ]


@pytest.mark.parametrize(("answered", "tier"), [(True, "may"), (False, "not")])
def test_a_reply_of_an_older_version_is_recalled(
    engine: Engine, article: Article, tier: Tier, *, answered: bool
) -> None:
    """It says only whether it was answered, and never counts as one that is sure."""
    number = replies.save(engine, reply_of(article))
    older = {
        "answered": answered,
        "confidence": 0.99,
        "kind": "answer",
        "articles": 3,
        "shown": 1,
        "passages": [],
        "unanswered": [],
    }
    with engine.begin() as connection:
        connection.execute(update(tables.replies).values(answer=json.dumps(older)))

    recalled = replies.load(engine, HERE.chat, number)

    assert recalled is not None
    assert (recalled.tier, recalled.answered) == (tier, answered)


def test_the_words_that_answer_are_recalled(engine: Engine, article: Article) -> None:
    """A button shows them as the reply did, and none where none were known."""
    reply = reply_of(article, words=Span(0, 12))

    recalled = replies.load(engine, HERE.chat, replies.save(engine, reply))

    assert recalled is not None
    passages = find_passages(Library(engine, "-5"), recalled.passages) or []
    assert [passage.answer for passage in passages] == [Span(0, 12), None, None]


def test_passages_of_a_text_that_changed_are_not_shown(engine: Engine, article: Article) -> None:
    """When other words stand where the passage stood, or the article is gone, there is none."""
    reply = reply_of(article)
    put(engine, "Four guests came. They stood. Somebody spoke.")
    changed = find_passages(Library(engine, "-5"), reply.passages)
    Library(engine, "-5").remove(["guests"])

    assert changed is None
    assert find_passages(Library(engine, "-5"), reply.passages) is None


def test_earlier_questions_belong_to_one_conversation(engine: Engine, article: Article) -> None:
    """The last twelve, the oldest first, and none of another topic."""
    for number in range(14):
        replies.save(engine, reply_of(article, f"question {number}"))

    assert replies.earlier_questions(engine, HERE) == [f"question {n}" for n in range(2, 14)]
    assert replies.earlier_questions(engine, TOPIC) == []


def test_old_replies_are_forgotten_unless_somebody_voted(engine: Engine, article: Article) -> None:
    """A reply goes, with its buttons; a voted one stays for the operator, without its people."""
    kept, gone, fresh = (replies.save(engine, reply_of(article)) for _ in range(3))
    replies.vote(engine, HERE.chat, kept, 42, 1)
    with engine.begin() as connection:
        long_ago = replies._now() - timedelta(days=31)
        aged = update(tables.replies).where(tables.replies.c.id != fresh).values(asked_at=long_ago)
        connection.execute(aged)

    replies.forget_old(engine, timedelta(days=30))

    assert replies.load(engine, HERE.chat, gone) is None
    assert replies.load(engine, HERE.chat, fresh) is not None
    ((judged, total),) = replies.voted_replies(engine)
    assert (judged.id, judged.asker, judged.conversation.chat, total) == (kept, 0, 0, 1)
    with engine.connect() as connection:
        assert list(connection.scalars(select(tables.votes.c.voter))) == [-1]


def test_a_later_vote_of_the_same_person_counts(engine: Engine, article: Article) -> None:
    """Everybody has one vote, and may change it."""
    number = replies.save(engine, reply_of(article))
    for voter, value in ((1, 1), (2, 1), (1, -1)):
        replies.vote(engine, HERE.chat, number, voter, value)

    ((_, total),) = replies.voted_replies(engine)

    assert total == 0


def test_a_vote_on_what_is_forgotten_does_nothing(engine: Engine) -> None:
    """There is nothing to vote on."""
    assert not replies.vote(engine, HERE.chat, 77, 1, 1)


def test_settings_are_the_chats_own(engine: Engine) -> None:
    """What one chat says changes nothing for another."""
    chats.change_setting(engine, -5, "quiet", True)
    chats.change_setting(engine, -5, "indexed", True)
    chats.change_setting(engine, -5, "indexed", False)

    assert chats.read_settings(engine, -5).quiet
    assert not chats.read_settings(engine, -5).indexed
    assert not chats.read_settings(engine, -6).quiet


def test_a_conversation_is_narrowed_to_one_article(engine: Engine) -> None:
    """A topic of a chat is another conversation."""
    chats.narrow(engine, HERE, "guests")
    chats.narrow(engine, TOPIC, "storm")
    chats.narrow(engine, TOPIC, None)

    assert chats.scope_of(engine, HERE) == "guests"
    assert chats.scope_of(engine, TOPIC) is None


def test_a_chat_that_moves_takes_everything_along(engine: Engine, article: Article) -> None:
    """Settings, replies and articles belong to the new id; moving twice does no harm."""
    number = replies.save(engine, reply_of(article))
    chats.change_setting(engine, -5, "quiet", True)

    chats.migrate(engine, -5, -100)
    chats.migrate(engine, -5, -100)

    recalled = replies.load(engine, -100, number)
    assert recalled is not None
    assert (recalled.conversation.chat, recalled.library) == (-100, "-100")
    assert chats.read_settings(engine, -100).quiet
    assert Library(engine, "-100").get("guests").article.text == TEXT


def test_feedback_becomes_questions(engine: Engine, article: Article) -> None:
    """What was good has evidence, what was rightly refused is impossible, the rest is open."""
    good = replies.save(engine, reply_of(article, "who came?"))
    bad = replies.save(engine, reply_of(article, "who left?"))
    refused = replies.save(engine, reply_of(article, "how old?", answered=False))
    for number, value in ((good, 1), (bad, -1), (refused, 1)):
        replies.vote(engine, HERE.chat, number, 42, value)

    (row,) = question_file(engine)

    assert row["text"] == TEXT
    assert row["questions"] == [
        {
            "id": f"telegram-{good}",
            "question": "who came?",
            "votes": 1,
            "answer": "Three guests came.",
            "start": 0,
            "evidence": [[0, 18], [19, 33]],
        },
        {
            "id": f"telegram-{bad}",
            "question": "who left?",
            "votes": -1,
            "answer": None,
            "start": None,
            "open": True,
            "shown": [[0, 18], [19, 33]],
        },
        {
            "id": f"telegram-{refused}",
            "question": "how old?",
            "votes": 1,
            "answer": None,
            "start": None,
            "impossible": True,
        },
    ]
