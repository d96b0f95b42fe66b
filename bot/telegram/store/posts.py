"""
Posts of channels, and their copies in discussion groups.

Like bot.telegram.store.replies: one transaction each, outside of the event loop.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Engine, delete, select

from bot.telegram.store.tables import forwards, posts
from bot.telegram.store.upserts import put_row
from index.storage.engine import writing


@dataclass(frozen=True, slots=True)
class PostMessage:
    """
    One *message* of a post, with its words; the messages of an album are one post.

    *edited* is when it was posted or edited, in seconds.
    """

    channel: int
    message: int
    album: str | None
    text: str
    link: str | None
    edited: int = 0


@dataclass(frozen=True, slots=True)
class Forward:
    """The *message* of the group *chat* into which Telegram has copied *post* of *channel*."""

    chat: int
    message: int
    channel: int
    post: int


def save_post(engine: Engine, post: PostMessage) -> None:
    """Store *post*, in the place of what it said before, unless that is a later edit."""
    with writing(engine) as connection:
        put_row(connection, posts, asdict(post), lambda new: posts.c.edited <= new.edited)


def messages_of_post(engine: Engine, channel: int, message: int) -> list[PostMessage]:
    """The messages of the album that *message* belongs to, in order, or *message* alone."""
    own = posts.c.channel == channel
    album = select(posts.c.album).where(own, posts.c.message == message).scalar_subquery()
    same = (posts.c.message == message) | (posts.c.album == album)
    with engine.connect() as connection:
        rows = connection.execute(select(posts).where(own, same).order_by(posts.c.message))
        return [PostMessage(**row) for row in rows.mappings()]


def forget_post(engine: Engine, channel: int, message: int) -> None:
    """Forget the words of all messages of the post that *message* belongs to."""
    numbers = [post.message for post in messages_of_post(engine, channel, message)]
    own = (posts.c.channel == channel, posts.c.message.in_(numbers))
    with writing(engine) as connection:
        connection.execute(delete(posts).where(*own))


def save_forward(engine: Engine, forward: Forward) -> None:
    """Remember *forward*."""
    with writing(engine) as connection:
        put_row(connection, forwards, asdict(forward))


def find_forward(engine: Engine, chat: int, message: int) -> Forward | None:
    """The post whose copy is *message* of *chat*, None when it is no copy."""
    query = select(forwards).where(forwards.c.chat == chat, forwards.c.message == message)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Forward(**row)


def latest_forward(engine: Engine, chat: int) -> Forward | None:
    """The last post that was copied into *chat*, None when there was none."""
    query = select(forwards).where(forwards.c.chat == chat).order_by(forwards.c.message.desc())
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else Forward(**row)
