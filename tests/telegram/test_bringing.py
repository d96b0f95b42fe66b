"""Articles that people bring: what is sent becomes one, or one line says why not."""

from __future__ import annotations

import asyncio
import io
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from local_bot import (
    ANN,
    CHANNEL,
    GROUP,
    OWNER,
    PRIVATE,
    Call,
    Json,
    LocalBot,
    button,
    buttons_of,
    document,
    message,
)

from bot.config import Settings
from bot.telegram.handlers import bringing
from index.errors import LibraryError
from index.sources.parsing import Parsers
from index.storage.library import Library

# Made by LibreOffice 7.4, with the password "secret".
LOCKED = Path(__file__).with_name("locked.pdf")
MADE = Path(__file__).parents[1] / "sources" / "made_elsewhere"
TEXT = "The ferry of Harbour Town was built in 1911. It carried 31,400 passengers. " * 8
QUESTION = "When was the ferry built?"
ORIGIN = {"type": "channel", "date": 0, "chat": CHANNEL, "message_id": 12}


@pytest.fixture
def town_bot() -> Iterator[LocalBot]:
    """A bot that may read pages of this machine."""
    settings = Settings(threshold=0.0, networks=(ip_network("127.0.0.0/8"),))
    bot = LocalBot(settings)
    yield bot
    bot.close()


def texts_of(calls: list[Call]) -> list[str]:
    """What the bot has said, by new messages and by changing them."""
    return [call.given["text"] for call in calls if call.given.get("text")]


def titles(bot: LocalBot, chat: Json = PRIVATE) -> list[str]:
    """The titles of a chat's own articles."""
    return [info.title for info in Library(bot.engine, str(chat["id"])).listing()]


def sent(bot: LocalBot, name: str, data: bytes, **fields: Any) -> list[Call]:
    """Send a document called *name* to the bot in private."""
    bot.request.files[name] = data
    return bot.receive(message=document(name, len(data), **fields))


@pytest.mark.parametrize(
    "name",
    [
        *("chromium.pdf", "harbour.md", "libreoffice.docx", "mail.eml"),
        *("pandoc.epub", "pandoc.html", "libreoffice.pdf"),
    ],
)
def test_a_document_of_any_kind_becomes_an_article(local_bot: LocalBot, name: str) -> None:
    """By what it holds, whatever it is called; the reply says title, length and language."""
    first, *_, last = sent(local_bot, "document", (MADE / name).read_bytes())

    assert first.given["text"] == "Reading document …"
    assert last.method == "editMessageText"
    assert last.given["text"].startswith("Added: <b>")
    assert "characters · English" in last.given["text"]
    assert len(titles(local_bot)) == 1
    assert "<blockquote" in local_bot.told(message=message(PRIVATE, QUESTION))[0]


def test_what_was_added_offers_questions_that_it_answers(local_bot: LocalBot) -> None:
    """Three buttons, each of which is answered from the new article alone."""
    *_, last = sent(local_bot, "harbour.md", (MADE / "harbour.md").read_bytes())
    below = last.given["reply_markup"]
    questions = [text for text, data in buttons_of(last).items() if data.startswith("q:")]
    data = buttons_of(last)[questions[0]]
    _, answer = local_bot.receive(callback_query=button(data, reply_markup=below))

    assert len(questions) == 3
    assert "<blockquote" in answer.given["text"]


def test_a_caption_is_answered_from_the_document(local_bot: LocalBot) -> None:
    """The question that came with it, after it was added, and without "was not read"."""
    calls = sent(local_bot, "a.txt", TEXT.encode(), caption=QUESTION)

    answer = texts_of(calls)[-1]
    assert answer.startswith(("The article says", "The article may say"))
    assert "1911" in answer


def test_a_document_of_an_album_is_added_like_any(local_bot: LocalBot) -> None:
    """Each of several that are sent together."""
    for number in range(2):
        sent(local_bot, f"{number}.txt", f"{number} {TEXT}".encode(), media_group_id="1")

    assert len(titles(local_bot)) == 2


def test_two_documents_of_one_name_are_two_articles(local_bot: LocalBot) -> None:
    """The second gets an id of its own."""
    sent(local_bot, "a.txt", TEXT.encode())
    sent(local_bot, "a.txt", TEXT.replace("1911", "1912").encode())

    ids = [info.id for info in Library(local_bot.engine, "7").listing()]
    assert ids == ["a", "a-2"]


def test_a_text_that_is_there_is_said_to_be(local_bot: LocalBot) -> None:
    """Nothing is stored twice."""
    sent(local_bot, "a.txt", TEXT.encode())
    *_, last = sent(local_bot, "b.txt", TEXT.encode())

    assert last.given["text"].startswith("This is here already:")
    assert len(titles(local_bot)) == 1


def test_a_long_text_becomes_an_article(local_bot: LocalBot) -> None:
    """What is long and asks nothing."""
    calls = local_bot.receive(message=message(PRIVATE, TEXT))

    assert texts_of(calls)[-1].startswith("Added: <b>")


def test_a_long_question_is_answered(local_bot: LocalBot) -> None:
    """What asks is a question, even of 400 characters."""
    calls = local_bot.receive(message=message(PRIVATE, f"{TEXT[:450]} {QUESTION}"))

    assert not titles(local_bot)
    assert [call.method for call in calls] == ["sendMessage"]


def test_a_text_that_a_client_has_cut_is_put_together(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pieces come one by one, and make one article."""
    monkeypatch.setattr(bringing, "PASTE_GAP", 0.2)
    pieces = ["Trams run on rails. " * 200, "Buses have wheels, and " * 180, "they run on roads."]

    async def paste() -> None:
        for number, piece in enumerate(pieces, 5):
            await local_bot.process(message=message(PRIVATE, piece.strip(), message_id=number))
        await asyncio.gather(*local_bot.application.bot_data.tasks)

    local_bot.run(paste)

    library = Library(local_bot.engine, "7")
    [stored] = library.load(library.keys()).values()
    assert "rails.\n\nBuses" in stored.article.text
    assert stored.article.text.endswith("wheels, and they run on roads.")


def test_a_forwarded_post_becomes_an_article_with_its_link(local_bot: LocalBot) -> None:
    """Readers find the post again."""
    local_bot.receive(message=message(PRIVATE, TEXT[:150], forward_origin=ORIGIN))

    [info] = Library(local_bot.engine, "7").listing()
    assert info.source == "https://t.me/town/12"


@pytest.mark.parametrize("text", ["short words", "https://example.org/a"])
def test_add_in_reply_takes_any_message(local_bot: LocalBot, text: str) -> None:
    """However short; a picture without words is none."""
    original = message(PRIVATE, "The tram runs at night.", message_id=3)
    told = local_bot.receive(message=message(PRIVATE, "/add", reply_to_message=original))
    picture = {**original, "photo": [], "text": None}
    (usage,) = local_bot.told(message=message(PRIVATE, "/add", reply_to_message=picture))

    assert texts_of(told)[-1].startswith("Added: <b>")
    assert usage.startswith("Send me a document")


def test_add_below_a_document_adds_it_in_a_group(local_bot: LocalBot) -> None:
    """A caption may be a command, for an admin."""
    local_bot.request.results["getChatMember"] = OWNER
    local_bot.request.files["a.txt"] = TEXT.encode()
    given = document("a.txt", chat=GROUP, caption="/add@ArticleBot")

    async def add() -> None:
        await local_bot.process(message=given)
        await asyncio.gather(*local_bot.application.bot_data.tasks)

    local_bot.run(add)

    assert len(titles(local_bot, GROUP)) == 1


def test_only_admins_add_in_a_group(local_bot: LocalBot) -> None:
    """A member is told so, and an anonymous admin is one."""
    original = message(GROUP, TEXT, message_id=3)
    given = message(GROUP, "/add", reply_to_message=original)

    async def add(asked: Json) -> None:
        await local_bot.process(message=asked)
        await asyncio.gather(*local_bot.application.bot_data.tasks)

    (refused,) = local_bot.told(message=given)
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    local_bot.run(lambda: add({**given, "from": hidden, "sender_chat": GROUP}))

    assert refused == "Only admins of this chat can do that."
    assert len(titles(local_bot, GROUP)) == 1


def test_a_document_for_nobody_in_a_group_is_not_read(local_bot: LocalBot) -> None:
    """Groups share files all day; one that is put to the bot is told how."""
    local_bot.request.files["a.txt"] = TEXT.encode()
    silent = local_bot.receive(message=document("a.txt", chat=GROUP))
    mention = [{"type": "mention", "offset": 0, "length": 11}]
    given = document("a.txt", chat=GROUP, caption="@ArticleBot", caption_entities=mention)
    (told,) = local_bot.told(message=given)

    assert silent == []
    assert told == "An admin can add this: reply to it with /add."


def scanned() -> bytes:
    """A PDF with a page and no text."""
    pdf = pdfium.PdfDocument.new()
    pdf.new_page(100, 100)
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


def packed(name: str) -> bytes:
    """A zip archive with one member."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, "x")
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (scanned(), "document holds no text, only images"),
        (LOCKED.read_bytes(), "document is locked"),
        (b"%PDF-1.4 nothing", "document cannot be read; it is damaged"),
        (packed("ppt/presentation.xml"), "I cannot read document: it is of a kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "I cannot read document: it is of a kind"),
        (b" \n ", "document holds no text."),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(
    local_bot: LocalBot, data: bytes, said: str
) -> None:
    """In the place of the progress, and nothing is stored."""
    first, *_, last = sent(local_bot, "document", data)

    assert first.given["text"] == "Reading document …"
    assert last.given["text"].startswith(said)
    assert "\n" not in last.given["text"]
    assert not titles(local_bot)


def test_a_document_is_refused_before_the_download(local_bot: LocalBot) -> None:
    """The Bot API hands out 20 MB."""
    (call,) = local_bot.receive(message=document("big.pdf", 21 * 2**20))

    assert call.given["text"].startswith("big.pdf is 21 MB; from Telegram I get files of up to 20")


def test_a_missing_extra_is_told(local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """To who sends it, without a word of pip."""
    reply = '{"error": "it needs a package", "refusal": "extra"}'
    command = [sys.executable, "-c", f"input(); print({reply!r}, flush=True)"]
    bare = partial(Parsers, command=command)
    monkeypatch.setattr("bot.telegram.article_adding.Parsers", bare)
    *_, last = sent(local_bot, "document", scanned())

    assert last.given["text"].startswith("I cannot read document here: what reads its kind is not")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_refusals_are_in_the_language_of_who_asks(local_bot: LocalBot, language: str) -> None:
    """What the loaders say in English is not shown."""
    *_, last = sent(local_bot, "a.pdf", scanned(), **{"from": ANN | {"language_code": language}})

    assert "images" not in last.given["text"]


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = f"<html><title>Ferry</title><body><article><p>{TEXT}</p></article></body></html>"
        self.send_response(200 if self.path == "/ferry" else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """A web site of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def linked(text: str, url: str) -> Json:
    """A message with a link in it."""
    at = text.index(url)
    return message(PRIVATE, text, entities=[{"type": "url", "offset": at, "length": len(url)}])


def test_a_link_becomes_an_article(town_bot: LocalBot, site: str) -> None:
    """The page that it leads to, which is its source."""
    calls = town_bot.receive(message=linked(f"{site}/ferry", f"{site}/ferry"))

    assert texts_of(calls)[-1].startswith("Added: <b>")
    [info] = Library(town_bot.engine, "7").listing()
    assert info.source == f"{site}/ferry"


def test_a_question_beside_a_link_is_answered_from_its_page(town_bot: LocalBot, site: str) -> None:
    """Both in one message."""
    calls = town_bot.receive(message=linked(f"{QUESTION} {site}/ferry", f"{site}/ferry"))

    assert texts_of(calls)[-1].startswith(("The article says", "The article may say"))


def test_add_takes_an_address(town_bot: LocalBot, site: str) -> None:
    """Behind the command."""
    calls = town_bot.receive(message=message(PRIVATE, f"/add {site}/ferry"))

    assert texts_of(calls)[-1].startswith("Added: <b>")


def test_a_page_that_is_not_there_is_told(town_bot: LocalBot, site: str) -> None:
    """In one line."""
    calls = town_bot.receive(message=message(PRIVATE, f"/add {site}/nothing"))

    assert "cannot be reached; check it" in texts_of(calls)[-1]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/", "http://[::1]/"])
def test_private_addresses_are_refused(local_bot: LocalBot, url: str) -> None:
    """Nobody reads the machine's own network through the bot."""
    calls = local_bot.receive(message=message(PRIVATE, f"/add {url}"))

    assert "not on the public internet" in texts_of(calls)[-1]


@pytest.mark.parametrize("path", ["/etc/passwd", "file:///etc/passwd", "../../etc/passwd"])
def test_add_never_reads_a_file_of_the_machine(local_bot: LocalBot, path: str) -> None:
    """What is behind /add is an address or the words themselves."""
    local_bot.receive(message=message(PRIVATE, f"/add {path}"))

    library = Library(local_bot.engine, "7")
    assert all(
        "root:" not in stored.article.text for stored in library.load(library.keys()).values()
    )


def test_a_question_about_a_site_is_a_question(local_bot: LocalBot) -> None:
    """A name of a machine in it is no link that somebody brings."""
    text = "what does the article say about example.com?"
    (told,) = local_bot.told(message=linked(text, "example.com"))

    assert "<blockquote" in told
    assert not titles(local_bot)


def test_a_moving_picture_is_no_document(local_bot: LocalBot) -> None:
    """Telegram sends one with both."""
    given = document("giphy.mp4", caption=QUESTION)
    given["animation"] = {**given["document"], "width": 1, "height": 1, "duration": 1}
    (told,) = local_bot.told(message=given)

    assert told.startswith("I have read only your words")


def test_a_stop_is_told_where_the_progress_stood(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for an article sends it again."""

    async def wait(*_: object) -> bytes:
        await asyncio.Event().wait()
        return b""

    monkeypatch.setattr(bringing, "_download", wait)

    async def stop() -> None:
        work = asyncio.create_task(local_bot.process(message=document("a.txt")))
        await asyncio.sleep(0.2)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    local_bot.run(stop)

    told = local_bot.request.calls[-1].given["text"]
    assert told == "I was stopped while I read a.txt; please send it again."


def test_a_database_that_fails_is_told(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The progress does not stand there for ever."""

    def fail(*_: object, **__: object) -> None:
        raise LibraryError("the disk is full.")

    monkeypatch.setattr("bot.telegram.article_adding.add_articles", fail)
    *_, last = sent(local_bot, "a.txt", TEXT.encode())

    assert last.given["text"].startswith("Something went wrong on my side")


def test_progress_is_shown_in_one_message(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is edited while pages are read and sentences are encoded."""
    monkeypatch.setattr("bot.telegram.source_progress.INTERVAL", 0.01)
    calls = sent(local_bot, "a.pdf", (MADE / "chromium.pdf").read_bytes())

    assert [call.method for call in calls if call.method == "sendMessage"] == ["sendMessage"]
    assert any("page 1 of" in text or "Encoding" in text for text in texts_of(calls))
