"""
What a message brings that can become an article: a document, links, a post, a long text.

Pure functions of a message; nothing is downloaded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Document, Message, MessageEntity, MessageOriginChannel

from bot.telegram.addressing import asks_openly, without, words_at, words_of
from bot.telegram.markup import shortened
from index.text.messages import MAX_QUESTION

MIN_TEXT = 400  # characters of a text that is no question; as of a post that becomes an article
MIN_FORWARDED_POST = 100  # of a channel's post that somebody forwards; a shorter one asks
MAX_LINKS = 5  # of one message
MAX_NAME = 60  # characters of what a source is called in a message
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_LINKED = (MessageEntity.URL, MessageEntity.TEXT_LINK)


@dataclass(frozen=True, slots=True)
class Brought:
    """
    What is to become an article: a *document* to download, the address *link*, or else *text*.

    *name* is what it is called while it is read; *source* where it is from, if one can go there.
    """

    name: str
    document: Document | None = None
    link: str | None = None
    text: str = ""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that a message brings, and the *question* that it asks of it, "" for none."""

    sources: tuple[Brought, ...]
    question: str = ""


def read_bundle(message: Message) -> Bundle | None:
    """What *message*, said to the bot alone, brings; None when it is a question or no text."""
    words = words_of(message)
    document = document_of(message)
    if document is not None:
        return Bundle((_document(document),), words)
    if is_post(message) and len(words) >= MIN_FORWARDED_POST:
        return Bundle((_text(message, words),))
    links = _links(message, words)
    rest = _without_links(message, words)
    if links and len(rest) < MIN_TEXT:
        return Bundle(links, rest if asks_openly(rest, None) else "")
    if len(words) > MAX_QUESTION or (len(words) >= MIN_TEXT and not asks_openly(words, None)):
        return Bundle((_text(message, words),))
    return None


def read_any(message: Message) -> Bundle | None:
    """What *message* brings when somebody says /add to it: whatever text there is."""
    words = words_of(message)
    found = read_bundle(message)
    if found is not None or not words:
        return found
    return Bundle((_text(message, words),))


def read_argument(message: Message, argument: str) -> Bundle:
    """What stands behind the command /add: addresses, or else a text."""
    links = tuple(_link(word) for word in argument.split() if _WEB.fullmatch(word))
    if links and len(links) == len(argument.split()):
        return Bundle(links[:MAX_LINKS])
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", argument):  # an address as people write it
        return Bundle((_link(f"https://{argument}"),))
    return Bundle((_text(message, argument),))


def document_of(message: Message) -> Document | None:
    """The document that came with *message*; a moving picture, which has one too, is none."""
    return message.document if message.animation is None else None


def joined_text(pieces: list[str]) -> str:
    """A text that a client cut: between its paragraphs, or else between words."""
    text = pieces[0]
    for piece in pieces[1:]:
        ended = re.search(r"[.!?…:。！？][\"'”’»)]*\s*$", text)
        text = text.rstrip() + ("\n\n" if ended else " ") + piece.lstrip()
    return text


def named_text(text: str, source: str | None = None) -> Brought:
    """A *text* that somebody wrote, called by its first words."""
    return Brought(f"“{shortened(text, MAX_NAME)}”", text=text, source=source)


def is_post(message: Message) -> bool:
    """Whether *message* was forwarded from a channel."""
    return isinstance(message.forward_origin, MessageOriginChannel)


def post_link(origin: MessageOriginChannel) -> str | None:
    """Where the post of a channel can be seen by everybody, None for a private channel."""
    name = origin.chat.username
    return f"https://t.me/{name}/{origin.message_id}" if name else None


def _document(document: Document) -> Brought:
    return Brought(shortened(document.file_name or "document", MAX_NAME), document=document)


def _text(message: Message, words: str) -> Brought:
    origin = message.forward_origin
    source = post_link(origin) if isinstance(origin, MessageOriginChannel) else None
    return named_text(words, source)


def _link(url: str) -> Brought:
    return Brought(shortened(url, MAX_NAME), link=url)


def _links(message: Message, words: str) -> tuple[Brought, ...]:
    """
    The addresses in *message* that begin with http, or the one that it is.

    "What does it say about example.com?" names one as well, and asks.
    """
    found: dict[str, Brought] = {}
    for entity in _entities(message):
        shown = words_at(words, entity)
        url = entity.url or shown
        if _WEB.match(url):
            found[url] = _link(url)
        elif shown == words.strip():
            found[url] = _link(f"https://{url}")
    return tuple(found.values())[:MAX_LINKS]


def _without_links(message: Message, words: str) -> str:
    shown = [entity for entity in _entities(message) if entity.type == MessageEntity.URL]
    return without(words, shown) if shown else words


def _entities(message: Message) -> list[MessageEntity]:
    # Words that are linked are looked up in a forwarded message only: a question that was copied
    # from a page may have some.
    kinds = _LINKED if message.forward_origin is not None else _LINKED[:1]
    known = message.entities or message.caption_entities or ()
    return [entity for entity in known if entity.type in kinds]
