"""What kind of source some bytes are, by what they hold; names only settle what is open."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath
from typing import Literal

Kind = Literal["text", "html", "pdf", "zip", "feed", "mail", "telegram"]

SAMPLE = 4_096  # bytes by which a kind is known
_PDF_WITHIN = 1_024  # some programs write a line before its mark
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
# What may stand before the first element of markup.
_PROLOGUE = re.compile(
    r"\s+|<\?[^>]*>|<!--(?:(?!-->).)*-->|<!doctype(?P<type>[^>\[]*)>", re.IGNORECASE | re.DOTALL
)
_ELEMENT = re.compile(r"<([a-z][\w:.-]*)", re.IGNORECASE)
_FEEDS, _PAGES = frozenset(("rss", "feed", "rdf:rdf")), frozenset(("html", "head", "body"))
_MAIL = re.compile(
    r"(?:From [^\n]+\n)?(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|Date|From|To|"
    r"Subject|X-[\w-]+|DKIM-Signature|ARC-Seal|Content-Type):",
    re.IGNORECASE,
)
_MAIL_PROOF = re.compile(r"(?im)^(?:MIME-Version|Message-ID|Received|Return-Path):")
_EXPORT = re.compile(r'"(?:messages|chats)"\s*:|"type"\s*:\s*"\w*(?:channel|group|chat)"')
_TAG = re.compile(r"(?i)</?(?:p|div|h[1-6]|br|ul|ol|table|a|span|article|section)\b[^>]*>")
_HTML_SUFFIXES = {".html", ".htm", ".xhtml"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def kind_of(data: bytes, name: str, *, says_html: bool = False) -> Kind:
    """
    The kind of *data*, of which the first SAMPLE bytes are enough.

    *name* is that of its file; *says_html* that a server calls it a page.
    """
    if data.startswith(_ARCHIVES):
        return "zip"
    if b"%PDF-" in data[:_PDF_WITHIN] and (data.startswith(b"%PDF-") or not _is_markup(data)):
        return "pdf"
    return _kind_of_text(_start(data), PurePath(name).suffix.lower(), says_html=says_html)


def _kind_of_text(text: str, suffix: str, *, says_html: bool) -> Kind:
    if (root := _root(text)) in _FEEDS:
        return "feed"
    if root in _PAGES or ((says_html or suffix in _HTML_SUFFIXES) and "<" in text):
        return "html"
    if suffix == ".eml" or (_MAIL.match(text) and _MAIL_PROOF.search(text)):
        return "mail"
    is_export = suffix == ".json" and text.lstrip().startswith("{") and _EXPORT.search(text)
    return "telegram" if is_export else "text"


def _is_markup(data: bytes) -> bool:
    text = _start(data)
    return _TAG.search(text) is not None or bool(_root(text))


def _root(text: str) -> str:
    """The first element of markup in lower case, as its type names it or as it stands there."""
    at = 0
    while before := _PROLOGUE.match(text, at):
        at = before.end()
        if before["type"] and before["type"].split()[:1] in (["html"], ["HTML"]):
            return "html"
    element = _ELEMENT.match(text, at)
    return "" if element is None else element[1].lower()


def _start(data: bytes) -> str:
    encoding = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "utf-8")
    return data[:SAMPLE].decode(encoding, "ignore")
