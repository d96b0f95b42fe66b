"""A mail (.eml) into a document: its subject, sender, day and words; attachments are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from index.errors import ArticleError
from index.sources.documents import Document, Part
from index.sources.hints import Hints

MAX_NESTING = 50  # parts of a mail in parts of it
_ADDRESS = re.compile(r"\s*<[^>]*>")
_BLANK = re.compile(r"\n[ \t]*\n")


def parse(data: bytes, hints: Hints) -> Iterator[Document]:
    """The mail *data*; raises ArticleError when it holds no words."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ArticleError(f"{hints.name} is no mail; give a file that a mail program saved.")
    words, attachments = _words(message, hints.name)
    if not words:
        raise ArticleError(f"{hints.name} holds no text; give a mail with words in it.", "empty")
    subject = _header(message, "subject")
    heading = () if subject is None else (Part("heading", subject, 1),)
    left = f"{hints.name}: {attachments:,} attached; attachments are left out."
    yield Document(
        (*heading, *words),
        title=subject,
        author=_ADDRESS.sub("", _header(message, "from") or "").strip(' "') or None,
        date=_day(_header(message, "date")),
        notice=left if attachments else None,
    )


def _header(message: EmailMessage, name: str) -> str | None:
    """A header as text, None when there is none or it cannot be read."""
    try:
        value = message.get(name)
        return None if value is None else " ".join(str(value).split()) or None
    except (ValueError, IndexError, LookupError, AttributeError, TypeError):
        return None  # the library fails on some headers that others make


def _words(message: EmailMessage, name: str) -> tuple[tuple[Part, ...], int]:
    """The parts of the body, plain text before HTML, and the number of attachments."""
    bodies: dict[str, EmailMessage] = {}
    attachments = 0
    for part, depth in _walk(message, 0):
        kind = part.get_content_type()
        if depth > MAX_NESTING:
            raise ArticleError(f"{name} holds mails in mails without end; it is not read.")
        if kind in {"text/plain", "text/html"} and not part.is_attachment():
            bodies.setdefault(kind, part)
        else:
            attachments += 1
    if "text/plain" in bodies and (words := _plain(bodies["text/plain"])):
        return words, attachments
    return _html(bodies["text/html"]) if "text/html" in bodies else (), attachments


def _walk(message: EmailMessage, depth: int) -> Iterator[tuple[EmailMessage, int]]:
    """The parts of a mail that hold no other parts, and how deep they lie."""
    if not message.is_multipart() or depth > MAX_NESTING:
        yield message, depth
        return
    for part in message.iter_parts():
        if isinstance(part, EmailMessage):
            yield from _walk(part, depth + 1)


def _text(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, ValueError, AttributeError):  # a charset that is none
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _plain(part: EmailMessage) -> tuple[Part, ...]:
    text = _text(part).replace("\r\n", "\n")
    if part.get_param("format") == "flowed":
        text = re.sub(r"(?<=\S) \n(?=\S)", " ", text)
    return tuple(
        Part("quotation" if block.lstrip().startswith(">") else "paragraph", block.strip("\n"))
        for block in _BLANK.split(text)
        if block.strip()
    )


def _html(part: EmailMessage) -> tuple[Part, ...]:
    from index.sources.html_pages import parse_markup
    from index.sources.html_tree import parts_of_tree

    tree = parse_markup(_text(part))
    return () if tree is None else parts_of_tree(tree)


def _day(date: str | None) -> str | None:
    try:
        parsed: datetime = parsedate_to_datetime(date or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed.date().isoformat()
