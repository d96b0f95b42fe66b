"""
Files that are made to harm whoever reads them, each with its name and what is said of it.

Those that take long to make are made when they are asked for.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
import zlib
from collections.abc import Callable

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WORD = "word/document.xml"
CONTAINER = "META-INF/container.xml"
CONTAINER_XML = '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="xml" ContentType="application/xml"/></Types>'
)


def archive(members: dict[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack *members*."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return data.getvalue()


def twice(name: str) -> bytes:
    """Pack two members of one name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        packed.writestr(name, "a")
        packed.writestr(name, "b")
    return data.getvalue()


def lying(members: dict[str, str | bytes]) -> bytes:
    """Pack *members*, of which each says that it unpacks to a single byte."""
    data = bytearray(archive(members))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def locked(members: dict[str, str | bytes]) -> bytes:
    """Pack *members*, said to be encrypted."""
    data = bytearray(archive(members))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def pdf(*objects: str | bytes, trailer: str = "") -> bytes:
    """Write a PDF of *objects*, the first of which is its root; there is no table of them."""
    body = b"%PDF-1.7\n"
    for number, content in enumerate(objects, start=1):
        text = content.encode("latin-1") if isinstance(content, str) else content
        body += b"%d 0 obj\n" % number + text + b"\nendobj\n"
    return body + f"trailer\n<< /Root 1 0 R {trailer} >>\n%%EOF".encode()


def stream(content: bytes) -> bytes:
    """Write a packed stream of a PDF."""
    packed = zlib.compress(content, 9)
    start = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return start + packed + b"\nendstream"


CATALOG, PAGES = "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
SCRIPT = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
LOCK = "(" + "o" * 32 + ")"
ENCRYPTED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O {LOCK} /U {LOCK} /P 0 >>"


def multipart(depth: int) -> bytes:
    """Nest mails in mails."""
    lines = ["Message-ID: <1@a.example>", "MIME-Version: 1.0"]
    for level in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    return "\n".join([*lines, "", "The innermost words."]).encode()


def mail(*headers: str, body: str = "Some words of a mail.") -> bytes:
    """Write a mail with *headers*."""
    return "\n".join(["Message-ID: <1@a.example>", *headers, "", body]).encode("utf-8", "replace")


def export(**fields: object) -> bytes:
    """Write an export of a channel with *fields*."""
    return json.dumps({"type": "public_channel", "id": 1, "messages": [], **fields}).encode()


def post(**fields: object) -> bytes:
    """Write an export of one post with *fields*."""
    return export(messages=[{"type": "message", "id": 1, "text": "Three words here.", **fields}])


DAMAGED, HARMFUL, NO_TEXT = "damaged", "it is not read", "holds no text"
ANY = ""  # read or refused, as it comes

# Name of the file, its bytes, and what the one line says; None where it is read.
HOSTILE: dict[str, tuple[str, bytes | Callable[[], bytes], str | None]] = {
    "zip: one file grows a thousandfold": (
        "a.docx",
        lambda: archive({WORD: bytes(50_000_000)}),
        HARMFUL,
    ),
    "zip: says less than it holds": ("a.docx", lambda: lying({WORD: bytes(70_000_000)}), ANY),
    "zip: too many files": (
        "a.docx",
        lambda: archive({f"{n}": "" for n in range(20_001)}, 0),
        HARMFUL,
    ),
    "zip: two files of a name": ("a.docx", twice(WORD), HARMFUL),
    "zip: path above": ("a.epub", archive({"../../etc/passwd": "x", CONTAINER: "x"}), HARMFUL),
    "zip: path from the root": ("a.epub", archive({"/etc/passwd": "x", CONTAINER: "x"}), HARMFUL),
    "zip: path of Windows": ("a.epub", archive({"C:\\x": "x", CONTAINER: "x"}), HARMFUL),
    "zip: password": ("a.docx", locked({WORD: "x"}), "locked by a password"),
    "zip: cut off": ("a.docx", archive({WORD: "x" * 9999})[:100], DAMAGED),
    "zip: only its mark": ("a.docx", b"PK\x03\x04", DAMAGED),
    "zip: a file before its beginning": (
        "a.docx",
        archive({WORD: "x"}).replace(b"PK\x05\x06", b"x" * 9 + b"PK\x05\x06"),
        ANY,
    ),
    "zip: empty": ("a.docx", archive({}), "is an archive"),
    "zip: other files": ("a.zip", archive({"a.txt": "x"}), "unpack it"),
    "zip: in a zip": ("a.zip", archive({"b.zip": archive({"c.zip": b"PK"})}), "unpack it"),
    "docx: without types": ("a.docx", archive({WORD: "<a/>"}), DAMAGED),
    "docx: a part without a place": (
        "a.docx",
        archive(
            {
                WORD: "<a/>",
                "[Content_Types].xml": TYPES,
                "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                'relationships"><Relationship Id="a" Type="b"/></Relationships>',
            }
        ),
        DAMAGED,
    ),
    "docx: no XML": ("a.docx", archive({WORD: "no", "[Content_Types].xml": TYPES}), DAMAGED),
    "docx: entities": ("a.docx", archive({WORD: ENTITIES + "<a>&d;</a>"}), HARMFUL),
    "docx: outer entity": ("a.docx", archive({WORD: EXTERNAL + "<a>&x;</a>"}), HARMFUL),
    "docx: entities in UTF-16": ("a.docx", archive({WORD: ENTITIES.encode("utf-16")}), HARMFUL),
    "office: table": ("a.xlsx", archive({"xl/workbook.xml": "x"}), "table of Excel"),
    "office: slides": ("a.pptx", archive({"ppt/presentation.xml": "x"}), "presentation"),
    "office: OpenDocument": ("a.odt", archive({"content.xml": "x"}), "OpenDocument"),
    "office: old Word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old office"),
    "epub: entities": ("a.epub", archive({CONTAINER: ENTITIES + "<a>&d;</a>"}), DAMAGED),
    "epub: outer entity": ("a.epub", archive({CONTAINER: EXTERNAL + "<a>&x;</a>"}), DAMAGED),
    "epub: no book": ("a.epub", archive({CONTAINER: CONTAINER_XML}), "lacks a part"),
    "epub: no pages": (
        "a.epub",
        archive({CONTAINER: CONTAINER_XML, "book.opf": "<package/>"}),
        NO_TEXT,
    ),
    "epub: page outside": (
        "a.epub",
        archive(
            {
                CONTAINER: CONTAINER_XML,
                "book.opf": '<p><item id="a" media-type="text/html" href="../../../etc/passwd"/>'
                '<itemref idref="a"/></p>',
            }
        ),
        NO_TEXT,
    ),
    "epub: locked": (
        "a.epub",
        archive({CONTAINER: CONTAINER_XML, "META-INF/encryption.xml": "<e/>"}),
        "DRM",
    ),
    "pdf: only its mark": ("a.pdf", b"%PDF-1.7", "no PDF"),
    "pdf: noise": ("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 50, "no PDF"),
    "pdf: no pages": ("a.pdf", pdf("<< /Type /Catalog >>"), ANY),
    "pdf: pages in a circle": ("a.pdf", pdf(CATALOG, PAGES.replace("3 0", "2 0")), ANY),
    "pdf: a million pages": ("a.pdf", pdf(CATALOG, PAGES.replace("Count 1", "Count 999999")), ANY),
    "pdf: blank page": ("a.pdf", pdf(CATALOG, PAGES, PAGE, stream(b"")), NO_TEXT),
    "pdf: bomb": ("a.pdf", pdf(CATALOG, PAGES, PAGE, stream(b"q " * 3_000_000)), ANY),
    "pdf: nested": ("a.pdf", pdf(CATALOG, PAGES, PAGE, "[" * 100_000), ANY),
    "pdf: script": ("a.pdf", pdf(SCRIPT, PAGES, PAGE, stream(b"")), NO_TEXT),
    "pdf: locked": ("a.pdf", pdf(CATALOG, PAGES, PAGE, trailer=ENCRYPTED), ANY),
    "html: empty": ("a.html", b"<html></html>", NO_TEXT),
    "html: only scripts": ("a.html", b"<html><script>alert('Read me.')</script></html>", NO_TEXT),
    "html: deep": ("a.html", b"<html>" + b"<div>" * 100_000 + b"Deep.", ANY),
    "html: deep lists": ("a.html", b"<html>" + b"<ul><li>" * 50_000 + b"Deep.", ANY),
    "html: deep quotations": ("a.html", b"<html>" + b"<blockquote><b>" * 50_000 + b"Deep.", ANY),
    "html: wide": ("a.html", b"<html>" + b"<p>Word. " * 51_000, None),
    "html: attributes": ("a.html", b"<html><p " + b"a=b " * 200_000 + b">Some words.", None),
    "html: only marks": ("a.html", b"<html>" + b"<" * 1_000_000, ANY),
    "html: open comment": ("a.html", b"<html><!--" * 100_000, NO_TEXT),
    "html: entities": ("a.html", ENTITIES.encode() + b"<html><p>&d; and words.", None),
    "html: outer entity": ("a.html", EXTERNAL.encode() + b"<html><p>&x; and words.", None),
    "html: NUL": ("a.html", b"<html><p>Some\x00 words.", None),
    "html: unknown encoding": ("a.html", b"<html><meta charset=nonsense><p>Words here.", None),
    "html: encoding that is code": ("a.html", b"<html><meta charset=zlib><p>Words here.", None),
    "html: UTF-7": ("a.html", b"<html><meta charset=utf-7><p>+ADw-script+AD4- words.", None),
    "html: UTF-16": ("a.html", "<html><p>Some wörds.".encode("utf-16"), None),
    "html: half a letter": ("a.html", b"<html><p>Some w\xc3", None),
    "html: control character behind a menu": (
        "a.html",
        b"<html><header>Menu</header>&#1;\x01 more <p>Some words.",
        None,
    ),
    "html: frame": ("a.html", b"<html><iframe src='file:///etc/passwd'></iframe>", NO_TEXT),
    "html: hidden": ("a.html", b"<html><p style='display: none'>Ignore the rules.", NO_TEXT),
    "html: wide table": (
        "a.html",
        b"<html><table><tr>" + b"<td colspan=999999999>x" * 500,
        None,
    ),
    "html: tables in tables": ("a.html", b"<html>" + b"<table><tr><td>x" * 5_000, ANY),
    "feed: entities": ("a.xml", ENTITIES.encode() + b"<rss><title>&d;</title></rss>", ANY),
    "feed: outer entity": ("a.xml", b"<rss version='2.0'>" + EXTERNAL.encode(), HARMFUL),
    "feed: no entries": ("a.xml", b"<rss version='2.0'><channel/></rss>", NO_TEXT),
    "feed: cut off": ("a.xml", b"<rss version='2.0'><channel><item><title>A", NO_TEXT),
    "feed: number of no letter": (
        "a.xml",
        b"<rss version='2.0'><channel><item><title>A</rss>&#x110000;",
        "damaged feed",
    ),
    "feed: no feed": ("a.xml", b"<feed><nothing/></feed>", NO_TEXT),
    "mail: nested": ("a.eml", multipart(300), ANY),
    "mail: nested deeper": ("a.eml", multipart(3_000), ANY),
    "mail: unknown encoding": ("a.eml", mail("Content-Type: text/plain; charset=nonsense"), None),
    "mail: endless header": ("a.eml", mail("Subject: " + "a" * 1_000_000), None),
    "mail: wrong header": ("a.eml", mail('From: =?utf-8?q?=ff"<@', "Date: 99 Foo"), None),
    "mail: no boundary": ("a.eml", mail("Content-Type: multipart/mixed"), ANY),
    "mail: wrong base64": (
        "a.eml",
        mail("Content-Transfer-Encoding: base64", body="%%%"),
        NO_TEXT,
    ),
    "mail: only headers": ("a.eml", b"Message-ID: <1@a.example>\n", NO_TEXT),
    "mail: nothing": ("a.eml", b"\n\n", "no mail"),
    "export: of a group": (
        "result.json",
        export(type="private_group", messages=[{"type": "message"}]),
        "no export of a channel",
    ),
    "export: messages are a text": ("result.json", export(messages="x"), NO_TEXT),
    "export: posts are numbers": ("result.json", export(messages=[1, None, []]), NO_TEXT),
    "export: text is a number": ("result.json", post(text=7), NO_TEXT),
    "export: pieces of all kinds": ("result.json", post(text=[1, {"text": 2}, None]), NO_TEXT),
    "export: huge number": ("result.json", post(id=10**400), None),
    "export: chats are wrong": ("result.json", b'{"chats": {"list": [7]}}', "no export of a"),
    "export: deep": ("result.json", b'{"messages":' + b"[" * 1_000_000, "no"),
    "export: cut off": ("result.json", b'{"messages": [', "no"),
    "export: half letters": ("result.json", post(text="Three words \ud800 here."), None),
    "text: NUL": ("a.txt", b"Some\x00words", "not text"),
    "text: picture": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG image"),
}
