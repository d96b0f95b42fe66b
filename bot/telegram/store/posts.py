"""
Channels: posts that become articles, and the comments below them.

A long post of a channel that wants it is an article of the channel's library. What arrives of an
album piece by piece, or is edited later, makes the same article again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine, delete, select
from telegram import Chat, Message, MessageOriginChannel, Update
from telegram.ext import ContextTypes

from bot.telegram.addressing import GROUPS, words_of
from bot.telegram.bot_context import Office
from bot.telegram.markup import shortened
from bot.telegram.store import chats
from bot.telegram.store.tables import forwards, posts
from index.errors import ArticleBotError, NotFoundError
from index.retrieval.forgetting import forget
from index.storage.engine import writing
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle

log = logging.getLogger(__name__)

MIN_CHARACTERS = 400  # a post must have more to become an article
TITLE = 100  # characters of its first line that name a post


@dataclass(frozen=True, slots=True)
class Post:
    """The post *message* of *channel*, which stands above a *thread* of comments."""

    channel: int
    message: int
    thread: int


async def index_post(office: Office, message: Message) -> None:
    """Make *message*, a post or what it was edited to, an article if it is long enough."""
    try:
        await office.run(partial(_index, office, message))
    except ArticleBotError as exc:
        log.warning("post %d of %d is no article (%s)", message.message_id, message.chat_id, exc)


async def note_forward(office: Office, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Remember which post a message is that Telegram put into the discussion group by itself."""
    message = update.message
    origin = message.forward_origin if message else None
    if message is None or not isinstance(origin, MessageOriginChannel):
        return
    row = {
        "chat": message.chat_id,
        "message": message.message_id,
        "channel": origin.chat.id,
        "post": origin.message_id,
    }

    def store() -> None:
        same = (forwards.c.chat == row["chat"], forwards.c.message == row["message"])
        with writing(office.engine) as connection:
            connection.execute(delete(forwards).where(*same))
            connection.execute(forwards.insert(), row)

    await office.run(store)


def is_in_thread(message: Message) -> bool:
    """Whether *message* belongs to a thread, which may be that of a post."""
    return message.message_thread_id is not None or message.reply_to_message is not None


def find_post(office: Office, message: Message) -> Post | None:
    """The post that *message* is a comment on, None when it is none; it waits."""
    if message.chat.type not in GROUPS:
        return None
    original = message.reply_to_message
    origin = original.forward_origin if original and original.is_automatic_forward else None
    thread = message.message_thread_id
    if original is not None and isinstance(origin, MessageOriginChannel):
        return Post(origin.chat.id, origin.message_id, thread or original.message_id)
    if thread is None:
        return None
    query = select(forwards.c.channel, forwards.c.post).where(
        forwards.c.chat == message.chat_id, forwards.c.message == thread
    )
    with office.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Post(row.channel, row.post, thread)


def linked_channel(office: Office, chat: Chat) -> int | None:
    """The channel whose posts are discussed in the group *chat*, if one was seen; it waits."""
    if chat.type not in GROUPS:
        return None
    query = (
        select(forwards.c.channel)
        .where(forwards.c.chat == chat.id)
        .order_by(forwards.c.message.desc())
        .limit(1)
    )
    with office.engine.connect() as connection:
        return connection.scalar(query)


def article_of(office: Office, post: Post | None) -> str | None:
    """The id of the article that *post* became, None if it is none; it waits."""
    if post is None:
        return None
    pieces = _pieces(office.engine, post.channel, post.message)
    name = _article_id(min(pieces, default=post.message))
    try:
        Library(office.engine, str(post.channel)).get(name)
    except NotFoundError:
        return None
    return name


def _index(office: Office, message: Message) -> None:
    """Store the words of one post, and make its album, or the post alone, an article."""
    if not chats.setting(office.engine, message.chat_id, "indexed"):
        return
    key = (posts.c.channel == message.chat_id, posts.c.message == message.message_id)
    row = {
        "channel": message.chat_id,
        "message": message.message_id,
        "album": message.media_group_id,
        "text": words_of(message),
        "link": message.link,
    }
    with writing(office.engine) as connection:
        connection.execute(delete(posts).where(*key))
        connection.execute(posts.insert(), row)
    pieces = _pieces(office.engine, message.chat_id, message.message_id)
    _make_article(office, message.chat_id, pieces)


def _pieces(engine: Engine, channel: int, number: int) -> dict[int, tuple[str, str | None]]:
    """The text and link of each message of the album of a post, or of the post alone."""
    own = posts.c.channel == channel
    album = select(posts.c.album).where(own, posts.c.message == number).scalar_subquery()
    same = (posts.c.message == number) | (posts.c.album == album)
    query = select(posts.c.message, posts.c.text, posts.c.link).where(own, same)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(posts.c.message)).all()
    return {row.message: (row.text, row.link) for row in rows}


def _make_article(office: Office, channel: int, pieces: dict[int, tuple[str, str | None]]) -> None:
    """Let the article of a post say what its *pieces* say now, or go when that is too little."""
    library = Library(office.engine, str(channel))
    before = set(library.keys())
    first = min(pieces)
    text = "\n\n".join(words for words, _ in pieces.values() if words.strip())
    stale = [_article_id(number) for number in pieces if number != first]
    if len(text) > MIN_CHARACTERS:
        article = make_article(
            text,
            id=_article_id(first),
            title=shortened(text.strip().split("\n", 1)[0], TITLE),
            source=pieces[first][1],
        )
        loaded = [ReadArticle(article, explicit_id=True)]
        list(add_articles(library, lambda: office.answerers.encoder, loaded, replace=True))
    else:
        stale.append(_article_id(first))
    for name in stale:
        library.release(name)
    if not before <= set(library.keys()):
        forget(library, office.settings.cache)


def _article_id(number: int) -> str:
    return f"post-{number}"
