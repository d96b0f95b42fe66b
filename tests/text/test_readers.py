"""Files and standard input into articles."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import ArticleError
from index.text import readers
from index.text.readers import ReadArticle, completed, skim_path

GERMAN = (
    "Gestern wurde in der Hauptstadt eine neue Bücherei eröffnet. Über zwanzig Jahre hatten die "
    "Bürger darauf gewartet; schon am ersten Tag kamen rund dreitausend Menschen. „Damit hatten "
    "wir nicht gerechnet“, sagte die Leiterin. Größere Säle öffnen im Frühjahr."
)
ADVICE = "give a text, a page, a PDF, a DOCX, an EPUB or a mail."


def write(folder: Path, name: str, content: str | bytes) -> str:
    """Put a file into *folder* and give its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def load_path(path: str, **options: Any) -> Iterator[ReadArticle]:
    """Load the articles of a file, as a chat or a console has them."""
    for read in skim_path(path, **options):
        yield completed(read)


def refusal(path: str, **options: str) -> str:
    """Load *path*, which fails, and give the message."""
    with pytest.raises(ArticleError) as caught:
        list(load_path(path, **options))
    return str(caught.value)


def give_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Put *data* on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_text_file_gives_one_article(tmp_path: Path) -> None:
    """Its name gives the id and, without a title in the text, the title."""
    path = write(tmp_path, "My notes.txt", "Some words.\r\n")

    [loaded] = load_path(path)

    article = loaded.article
    assert (article.id, article.title, article.text) == ("my-notes", "My notes", "Some words.")
    assert (article.source, loaded.notice, loaded.line) == (path, None, None)


def test_markdown_keeps_the_words_of_links(tmp_path: Path) -> None:
    """The title is taken out of Markdown, and links become their words; all else stays."""
    text = "# The *title*\n\nSome **bold** words, a [link](https://example.org).\n\n- item"

    [loaded] = load_path(write(tmp_path, "a.md", text))

    stored = text.replace("[link](https://example.org)", "link")
    assert (loaded.article.title, loaded.article.text) == ("The title", stored)


def test_options_name_the_article(tmp_path: Path) -> None:
    """A title and an id that are given win over what is found."""
    [loaded] = load_path(write(tmp_path, "a.txt", "# Found\n\nText."), title="Given", id="g/1")

    assert (loaded.article.id, loaded.article.title) == ("g/1", "Given")


def test_legacy_file_carries_the_notice(tmp_path: Path) -> None:
    """The notice about a guessed encoding comes with the article."""
    [loaded] = load_path(write(tmp_path, "old.txt", GERMAN.encode("cp1252")))

    assert loaded.notice == "old.txt is not UTF-8; read as windows-1252: check the letters."


def test_jsonl_gives_an_article_a_line(tmp_path: Path) -> None:
    """Other keys are ignored, blank lines skipped; a missing id is made, a title found."""
    lines = [
        '\ufeff{"id": "Normans#0", "title": "Normans", "text": "One.", "questions": [1]}',
        "",
        '{"text": "# Found\\n\\nTwo.", "id": null}',
    ]

    loaded = list(load_path(write(tmp_path, "news.jsonl", "\n".join(lines))))

    assert [(item.article.id, item.article.title, item.line) for item in loaded] == [
        ("Normans#0", "Normans", 1),
        ("news-3", "Found", 3),
    ]


def test_the_language_of_a_line_goes_before_that_of_all(tmp_path: Path) -> None:
    """A line may name its language; the others have the one that was given, or are detected."""
    lines = '{"text": "Uno.", "language": "es-MX"}\n{"text": "Das Haus steht am Hafen."}'
    path = write(tmp_path, "news.jsonl", lines)

    assert [read.article.language for read in load_path(path, language="nl")] == ["es", "nl"]
    assert [read.article.language for read in load_path(path)] == ["es", "de"]
    [one] = load_path(write(tmp_path, "a.txt", "Uno."), language="es")
    assert one.article.language == "es"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"text": "a" "b"}', "is not JSON (Expecting ',' delimiter at column 14)"),
        ("[" * 100_000, "is not JSON that can be read here"),
        ('["text"]', 'is not a JSON object with "text"'),
        ('{"id": "c"}', 'has no "text"'),
        ('{"text": null}', 'has no "text"'),
        ('{"text": "a\tb"}', "is not JSON (Invalid control character at column 12)"),
        ('{"text": 5}', 'has no string as its "text"'),
        ('{"text": "a", "id": 5}', 'has no string as its "id"'),
        (
            '{"text": " ", "id": "c"}',
            "cannot be used (c holds no text; give an article with words in it)",
        ),
        (
            '{"text": "a", "id": "a b"}',
            "cannot be used (The id 'a b' holds white space or invisible characters; "
            "give one without)",
        ),
        (
            '{"text": "a", "language": "Spanish"}',
            "cannot be used ('Spanish' is no language code; give two letters (ISO 639-1) such as "
            "en, es or zh)",
        ),
        ('{"text": "other", "id": "a"}', "gives another text the id a, used before it"),
        (b'{"text": "\xff"}', "is not UTF-8 (at byte 11)"),
    ],
)
def test_bad_jsonl_line_is_named(tmp_path: Path, line: str | bytes, what: str) -> None:
    """The message names the line, what is wrong with it, and what becomes of those before it."""
    good = b'{"text": "First", "id": "a"}\n\n{"text": "Second", "id": "b"}\n'
    bad = line.encode() if isinstance(line, str) else line
    found = load_path(write(tmp_path, "news.jsonl", good + bad + b"\n" + good))

    assert [next(found).line, next(found).line] == [1, 3]
    with pytest.raises(ArticleError) as caught:
        next(found)
    assert str(caught.value) == (
        f"Line 4 of news.jsonl {what}; "
        "the 2 articles before it are kept, mend the line and add the file again."
    )


@pytest.mark.parametrize(
    ("good", "before"),
    [(0, "nothing before it was added"), (1, "the article before it is kept")],
)
def test_bad_jsonl_line_counts_those_before(tmp_path: Path, good: int, before: str) -> None:
    """None and one article before the bad line are told in words."""
    path = write(tmp_path, "a.ndjson", '{"text": "a"}\n' * good + "[]")

    assert refusal(path) == (
        f'Line {good + 1} of a.ndjson is not a JSON object with "text"; '
        f"{before}, mend the line and add the file again."
    )


def test_repeated_jsonl_line_is_no_error(tmp_path: Path) -> None:
    """The same text under the same id may come twice: the library says so."""
    path = write(tmp_path, "a.jsonl", '{"text": "a", "id": "1"}\n' * 2)

    assert [item.line for item in load_path(path)] == [1, 2]


def test_jsonl_is_read_line_by_line(tmp_path: Path) -> None:
    """The first article comes before the rest of the file is read."""
    path = Path(write(tmp_path, "a.jsonl", '{"text": "a"}\n' + "x" * 10_000_000))
    found = load_path(str(path))

    assert next(found).article.text == "a"
    found.close()  # type: ignore[attr-defined]


def test_endless_jsonl_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is not read beyond the limit."""
    monkeypatch.setattr(readers, "MAX_BYTES", 100)

    assert refusal(write(tmp_path, "a.jsonl", "x" * 500)) == (
        "Line 1 of a.jsonl has more than 100 bytes; "
        "nothing before it was added, mend the line and add the file again."
    )


def test_jsonl_refuses_one_title_for_many(tmp_path: Path) -> None:
    """A title or an id cannot be given to many articles."""
    path = write(tmp_path, "a.jsonl", '{"text": "a"}')
    message = (
        "a.jsonl holds many articles, each with a title and an id of its own; "
        "leave out those given."
    )

    assert [refusal(path, title="T"), refusal(path, id="i")] == [message, message]


def test_standard_input_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text on standard input is one article without a source."""
    give_stdin(monkeypatch, "\nSome wörds.\nMore.".encode())

    [loaded] = load_path("-")

    assert (loaded.article.text, loaded.article.source) == ("Some wörds.\nMore.", None)
    assert (loaded.article.id, loaded.article.title) == ("standard-input", "standard input")


def test_standard_input_is_recognised_as_jsonl(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first line that is an object with "text" makes it JSONL."""
    give_stdin(monkeypatch, b'\n{"text": "a"}\n{"text": "b", "id": "x"}\n')

    assert [(item.article.id, item.line) for item in load_path("-")] == [
        ("standard-input-2", 2),
        ("x", 3),
    ]


@pytest.mark.parametrize("data", [b'{"a": 1}\nSome words', b"{broken\n", b"5\n", b"[1]"])
def test_other_json_on_standard_input_is_text(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """What does not begin with an article in JSON is taken as text, whole."""
    give_stdin(monkeypatch, data)

    assert [item.article.text for item in load_path("-")] == [data.decode().strip()]


def test_too_much_on_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is not read beyond the limit."""
    monkeypatch.setattr(readers, "MAX_BYTES", 10)
    give_stdin(monkeypatch, b"Some\nwords and more")

    assert refusal("-") == (
        "standard input has more than 10 bytes and a text may have 10; split it into several files."
    )


def test_empty_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on standard input is told as such."""
    give_stdin(monkeypatch, b"\n \n")

    assert refusal("-") == "standard input is empty; give an article with words in it."


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is named with its path."""
    path = str(tmp_path / "none.txt")

    assert refusal(path) == f"There is no file {path}; check its name and folder."


@pytest.mark.parametrize("path", ["", "a\x00b", "a\nb"])
def test_odd_paths_are_told_on_one_line(path: str) -> None:
    """A path that cannot be a file's, or holds a line break, gives one line."""
    assert refusal(path) == f"There is no file {path!a}; check its name and folder."


def test_folder_is_refused(tmp_path: Path) -> None:
    """A folder is not read."""
    assert refusal(str(tmp_path)) == f"{tmp_path} is a folder; give the files in it."


def test_special_files_are_refused(tmp_path: Path) -> None:
    """A pipe or device, which might never end, is not opened."""
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)

    assert refusal(pipe) == f"{pipe} is not a regular file; {ADVICE}"
    assert refusal("/dev/zero") == f"/dev/zero is not a regular file; {ADVICE}"


def test_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without permission is told as such."""
    path = write(tmp_path, "a.txt", "Text")

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)  # the tests may run as root, who may read all

    assert refusal(path) == f"{path} may not be read; change its permissions."


def test_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    """Any other error of the system is passed on in its words."""
    path = str(tmp_path / ("x" * 300))

    assert refusal(path) == f"{path} cannot be read (File name too long); check the file."


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    """An empty file is told as such."""
    advice = {"a.txt": "give an article with words in it.", "a.jsonl": "give one article a line."}

    assert refusal(write(tmp_path, name, " \n\n")) == f"{name} is empty; {advice[name]}"


def test_big_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """The size is enough to refuse a text; a sparse file would take long to read."""
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    assert refusal(str(path)) == (
        "big.txt has 50,000,000 bytes and a text may have 40,000,000; split it into several files."
    )


def test_question_files_are_articles(tmp_path: Path) -> None:
    """A line of a question file is an article, its text unchanged."""
    text = "The Normans (Norman: Nourmands) were a people.\n\nThey “came” from Norway."
    line = json.dumps({"id": "N#0", "title": "N", "text": text, "questions": [{"id": "1"}]})

    [loaded] = load_path(write(tmp_path, "q.jsonl", line))

    assert loaded == ReadArticle(loaded.article, None, 1, explicit_id=True)
    assert loaded.article.text == text
