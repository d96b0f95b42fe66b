"""
Posts of channels as articles.

A long post of a channel that wants it is an article of the channel's library. What arrives of an
album piece by piece, or is edited later, makes the same article again. All functions wait for the
database, so they are called in a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Engine
from telegram import Message

from bot.telegram.addressing import words_of
from bot.telegram.bot_context import SharedResources
from bot.telegram.chat_erasure import forget_caches
from bot.telegram.comment_threads import CommentedPost
from bot.telegram.library_quotas import check_quotas
from bot.telegram.markup import shortened
from bot.telegram.store import addition_times, chats, posts
from bot.telegram.store.posts import PostMessage
from index.errors import ArticleBotError, NotFoundError
from index.retrieval.forgetting import forget
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle

log = logging.getLogger(__name__)

MIN_CHARACTERS = 400  # a post must have more to become an article
MAX_REDONE = 5  # times that a post may change while it is made an article
MAX_POST_TITLE = 100  # characters of its first line that name a post


def index_post(shared: SharedResources, message: Message) -> None:
    """
    Make *message*, a post or what it was edited to, an article if it is long enough.

    Nothing happens in a channel that has not asked for it; what cannot be stored is logged.
    """
    engine, channel = shared.engine, message.chat_id
    if not chats.read_settings(engine, channel).indexed:
        return
    album, text = message.media_group_id, words_of(message)
    edited = int((message.edit_date or message.date).timestamp())
    post = PostMessage(channel, message.message_id, album, text, message.link, edited)
    try:
        posts.save_post(engine, post)
        said = posts.messages_of_post(engine, channel, message.message_id)
        for _ in range(MAX_REDONE):
            _make_article(shared, channel, said)
            before, said = said, posts.messages_of_post(engine, channel, message.message_id)
            if said == before:  # no other worker has stored an edit meanwhile
                break
    except ArticleBotError as exc:  # also when the channel has as many articles as it may
        log.warning("post %d of %d is no article (%s)", message.message_id, channel, exc)


def find_article_of_post(engine: Engine, post: CommentedPost | None) -> str | None:
    """The id of the article that *post* became, None if it is none."""
    if post is None:
        return None
    messages = posts.messages_of_post(engine, post.channel, post.message)
    name = _article_id(messages[0].message if messages else post.message)
    try:
        Library(engine, str(post.channel)).get(name)
    except NotFoundError:
        return None
    return name


def drop_post(shared: SharedResources, channel: int, message: int) -> str | None:
    """
    Let the post with *message* be no article any more, and forget its words.

    Return the title that the article had, None when the post was none.
    """
    name = find_article_of_post(shared.engine, CommentedPost(channel, message, 0))
    if name is None:
        return None
    library = Library(shared.engine, str(channel))
    stored = library.get(name)
    library.release(name)
    posts.forget_post(shared.engine, channel, message)
    forget_caches(shared, library, [stored.key])
    return stored.article.title


def _make_article(shared: SharedResources, channel: int, messages: Sequence[PostMessage]) -> None:
    """Let the article of a post say what its *messages* say now, or go when that is too little."""
    library = Library(shared.engine, str(channel))
    before = set(library.keys())
    first = messages[0]
    text = "\n\n".join(message.text for message in messages if message.text.strip())
    stale = [_article_id(message.message) for message in messages[1:]]
    if len(text) > MIN_CHARACTERS:
        article = make_article(
            text,
            id=_article_id(first.message),
            title=shortened(text.strip().split("\n", 1)[0], MAX_POST_TITLE),
            source=first.link,
        )
        read = [ReadArticle(article, explicit_id=True)]
        if library.check(article, replace=True, explicit_id=True) == "new":
            check_quotas(shared, channel, len(article.text))
            addition_times.note_addition(shared.engine, channel)
        list(add_articles(library, lambda: shared.answerers.encoder, read, replace=True))
    else:
        stale.append(_article_id(first.message))
    for name in stale:
        library.release(name)
    if not before <= set(library.keys()):
        forget(library, shared.settings.cache)


def _article_id(message: int) -> str:
    return f"post-{message}"
