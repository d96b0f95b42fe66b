"""A channel's history as Telegram Desktop exports it (`result.json`), a document for each post."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.datatypes import Link, Span
from index.errors import ArticleError
from index.sources.documents import Document, Part
from index.sources.hints import Hints
from index.sources.part_links import moved

CHANNELS = {"public_channel", "private_channel"}
MIN_WORDS = 3  # a post of fewer is a greeting, a picture's caption or a link
MAX_TITLE = 100  # characters of the first line that name a post
_BLANK = re.compile(r"\n[ \t]*\n")
_WORD = re.compile(r"[^\W\d_]{2,}")
_REPORT = 500  # posts after which progress is told


def parse(data: bytes, hints: Hints) -> Iterator[Document]:
    """
    The posts of the channels in *data*; *name* is the channel's id with the number of the post.

    Raises ArticleError for an export of groups or private chats: what people said among
    themselves is no article.
    """
    export = _export(data, hints.name)
    listed = export.get("chats")
    chats = listed.get("list", []) if isinstance(listed, dict) else [export]
    channels = [chat for chat in chats if isinstance(chat, dict) and chat.get("type") in CHANNELS]
    if not channels:
        raise ArticleError(
            f"{hints.name} is no export of a channel; export a channel's history as JSON "
            "in Telegram Desktop."
        )
    for channel in channels:
        yield from _posts(channel, hints)


def _export(data: bytes, name: str) -> dict[str, Any]:
    try:
        export = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise ArticleError(
            f"{name} is not JSON that can be read; export the channel anew."
        ) from exc
    if not isinstance(export, dict):
        raise ArticleError(f"{name} is no export of Telegram Desktop.")
    return export


def _posts(channel: dict[str, Any], hints: Hints) -> Iterator[Document]:
    number, title = channel.get("id"), channel.get("name")
    messages = channel.get("messages")
    known = messages if isinstance(messages, list) else []
    for at, message in enumerate(known, start=1):
        if at % _REPORT == 0:
            hints.progress(at, len(known))
        if isinstance(message, dict) and message.get("type") == "message":
            post = _post(message, number, title if isinstance(title, str) else None)
            if post is not None:
                yield post


def _post(message: dict[str, Any], channel: object, title: str | None) -> Document | None:
    text, links = _text(message.get("text"))
    number = message.get("id")
    if len(_WORD.findall(text)) < MIN_WORDS or not isinstance(number, int):
        return None
    parts = tuple(_blocks(text, links))
    first = " ".join(parts[0].text.partition("\n")[0].split())
    return Document(
        parts,
        title=first if len(first) <= MAX_TITLE else f"{first[: MAX_TITLE - 1].rstrip()}…",
        author=title,
        date=str(message.get("date") or "")[:10] or None,
        link=f"https://t.me/c/{channel}/{number}" if isinstance(channel, int) else None,
        name=f"{title or channel}-{number}",
    )


def _blocks(text: str, links: Sequence[Link]) -> Iterator[Part]:
    """The paragraphs of *text*, each with the *links* in it."""
    position = 0
    for end, following in [*(blank.span() for blank in _BLANK.finditer(text)), (len(text),) * 2]:
        start = position + len(text[position:end]) - len(text[position:end].lstrip("\n"))
        block, position = text[start:end].rstrip("\n"), following
        if block.strip():
            last = start + len(block)
            inside = [link for link in links if start <= link.span.start < link.span.end <= last]
            yield Part("paragraph", block, links=tuple(moved(inside, -start)))


def _text(pieces: object) -> tuple[str, list[Link]]:
    """The words of a message, a text or a list of texts and formatted pieces, and its links."""
    listed = pieces if isinstance(pieces, list) else [pieces]
    text, links = "", []
    for piece in listed:
        known = piece if isinstance(piece, dict) else {"text": piece}
        words, address = known.get("text"), known.get("href")
        if isinstance(words, str):
            span = Span(len(text), len(text) + len(words))
            text += words
            if known.get("type") == "text_link" and isinstance(address, str) and words.strip():
                links.append(Link(span, address))
    return text, links
