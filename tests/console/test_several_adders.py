"""`article-bot add` as several processes at once: they share the work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.storage.database import open_database
from index.storage.ingest import ARTICLES_PER_BATCH
from index.storage.library import open_library

TESTS = Path(__file__).parents[1]
ARTICLES = 12 * ARTICLES_PER_BATCH
PATIENCE = 120  # seconds

# The command, with an encoder that takes a while for each chunk and writes down what it was given.
# It waits for the test when it is first needed, so that slow starts do not matter.
ADD = """
import os, sys, time
from pathlib import Path
from fakes import HashingEncoder
from bot.cli import main
from index.sources import parsing
from index.storage import ingest

log_file, go = Path(sys.argv[1], str(os.getpid())), Path(sys.argv[1], "go")

class Noted(HashingEncoder):
    def __init__(self):
        super().__init__()
        log_file.touch()
        while not go.exists():
            time.sleep(0.01)

    def encode(self, texts, progress=None):
        with log_file.open("a") as log:
            log.writelines(f"{text}\\n" for text in texts)
        time.sleep(0.15)
        return super().encode(texts, progress)

def noting(read, completed=ingest.completed):
    with Path(f"{log_file}.completed").open("a") as log:
        log.write(f"{read.article.id}\\n")
    return completed(read)

ingest.completed = noting

def parse(parsers, kind, data, name, *rest, parse=parsing.Parsers.parse):
    with Path(f"{log_file}.parsed").open("a") as log:
        log.write(f"{name}\\n")
    return parse(parsers, kind, data, name, *rest)

parsing.Parsers.parse = parse
arguments = ["--database", sys.argv[2], "--chat", "5", "add", "--json", sys.argv[3]]
sys.exit(main(arguments, load_encoder=lambda _: Noted()))
"""


class Adders:
    """Processes that add the same file to the database at *url*, and what each has encoded."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url, self.logs, self.file = url, folder / "logs", folder / "many.jsonl"
        self.logs.mkdir()
        texts = (f"Ship {n} left port {n % 7}. Nobody waved at ship {n}." for n in range(ARTICLES))
        lines = (json.dumps({"id": f"a{n}", "text": text}) for n, text in enumerate(texts))
        self.file.write_text("\n".join(lines), encoding="utf-8")
        self.started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        """Start one more."""
        command = [sys.executable, "-c", ADD, str(self.logs), self.url, str(self.file)]
        paths = os.pathsep.join((str(TESTS), str(TESTS.parent)))
        process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def encoded_by(self, process: subprocess.Popen[str]) -> list[str]:
        """The sentences that *process* has begun to encode so far."""
        log = self.logs / str(process.pid)
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def noted_by(self, process: subprocess.Popen[str], what: str) -> list[str]:
        """Of which articles *process* has "completed" title and language, or "parsed" the file."""
        log = self.logs / f"{process.pid}.{what}"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def encoded(self) -> Counter[str]:
        """How often each sentence was encoded, by all of them."""
        return Counter(text for process in self.started for text in self.encoded_by(process))

    def go(self) -> None:
        """Let all encode once each has claimed something."""
        wait(lambda: all((self.logs / str(process.pid)).exists() for process in self.started))
        (self.logs / "go").touch()

    def first_with(self, sentences: int) -> subprocess.Popen[str]:
        """Wait until a process has begun to encode so many; return it."""

        def found() -> list[subprocess.Popen[str]]:
            return [p for p in self.started if len(self.encoded_by(p)) >= sentences]

        wait(lambda: bool(found()))
        return found()[0]

    def stored(self) -> list[str]:
        """The ids of the articles that are stored with their vectors, sorted."""
        engine = open_database(self.url)
        library = open_library(engine, "5")
        keys, model = library.keys(), "hashing-1"
        assert set(library.vectors(keys, model)) == set(keys)
        ids = [info.id for info in library.listing()]
        engine.dispose()
        return sorted(ids)


def wait(for_what: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    deadline = time.monotonic() + PATIENCE
    while not for_what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def adders(folder: Path, url: str) -> Iterator[Adders]:
    """Give the processes; none outlives the test."""
    given = Adders(folder, url)
    try:
        yield given
    finally:
        for process in given.started:
            process.kill()
            process.communicate()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each kind."""
    if request.param == "postgresql":
        given: str = request.getfixturevalue("postgresql_url")
        return given
    return f"sqlite:///{tmp_path / 'articles.sqlite'}"


def told(process: subprocess.Popen[str]) -> Counter[str]:
    """What *process* says of its articles when it has ended well: how many of each status."""
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    report = json.loads(said)
    statuses = ("added", "unchanged", "by_others")
    return Counter({status: report[status] for status in statuses if report[status]})


@pytest.mark.slow
def test_processes_share_the_articles(url: str, tmp_path: Path) -> None:
    """Each text is encoded once, by one of them, also when one is killed: then a chunk is again."""
    with adders(tmp_path, url) as given:
        for _ in range(2):
            given.start()
        given.go()
        killed = given.first_with(2 * ARTICLES_PER_BATCH + 1)
        killed.send_signal(signal.SIGKILL)
        outcomes = [told(process) for process in given.started if process is not killed]
        counts = given.encoded()
        stored = given.stored()
        after = told(given.start())
        again = given.encoded() - counts

    assert stored == sorted(f"a{number}" for number in range(ARTICLES))
    assert len(counts) == 2 * ARTICLES
    twice = [text for text, number in counts.items() if number > 1]
    assert len(twice) <= 2 * ARTICLES_PER_BATCH
    assert max(counts.values()) <= 2
    assert all(given.encoded_by(process) for process in given.started[:2])
    assert [outcome.total() for outcome in outcomes] == [ARTICLES]  # it tells of all
    assert (after, again) == (Counter(unchanged=ARTICLES), Counter())


@pytest.mark.slow
def test_processes_say_how_many_the_others_have_added(url: str, tmp_path: Path) -> None:
    """And each finds titles and languages of its own articles only."""
    with adders(tmp_path, url) as given:
        both = [given.start(), given.start()]
        given.go()
        first, second = map(told, both)
        completed = [len(given.noted_by(process, "completed")) for process in both]

    assert first["added"] + second["added"] == ARTICLES
    assert (first["by_others"], second["by_others"]) == (second["added"], first["added"])
    assert completed == [first["added"], second["added"]]


@pytest.mark.slow
def test_documents_are_read_by_one_of_them(tmp_path: Path) -> None:
    """The other one knows them by their bytes."""
    pages, number = tmp_path / "pages", 3 * ARTICLES_PER_BATCH
    pages.mkdir()
    for page in range(number):
        text = (
            f"<html><body><p>Ship {page} left port. Nobody waved at ship {page}.</p></body></html>"
        )
        (pages / f"a{page}.html").write_text(text, encoding="utf-8")
    with adders(tmp_path, f"sqlite:///{tmp_path / 'articles.sqlite'}") as given:
        given.file = pages
        both = [given.start(), given.start()]
        given.go()
        first, second = map(told, both)
        parsed = [name for process in both for name in given.noted_by(process, "parsed")]
        stored = given.stored()

    assert first["added"] + second["added"] == number
    assert (first["by_others"], second["by_others"]) == (second["added"], first["added"])
    assert len(parsed) == len(set(parsed)) == number
    assert stored == sorted(f"a{page}" for page in range(number))


@pytest.mark.slow
def test_a_failure_is_said_by_one(tmp_path: Path) -> None:
    """The other one says that an input failed, and neither ends as if all was well."""
    with adders(tmp_path, f"sqlite:///{tmp_path / 'articles.sqlite'}") as given:
        with given.file.open("a", encoding="utf-8") as lines:
            lines.write("\n{nothing}")
        both = [given.start(), given.start()]
        given.go()
        ended = [(*process.communicate(timeout=PATIENCE), process.returncode) for process in both]
        stored = given.stored()

    said = sorted(error for _, error, _ in ended)
    assert said[0].endswith("1 input could not be added; another process has said why.\n")
    assert f"Line {ARTICLES + 1} of many.jsonl is not JSON" in said[1]
    assert [code for *_, code in ended] == [1, 1]
    assert len(stored) == ARTICLES


def test_one_that_was_interrupted_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """The same command again encodes the rest; the chunk in hand is all that it loses."""
    with adders(tmp_path, f"sqlite:///{tmp_path / 'articles.sqlite'}") as given:
        first = given.start()
        given.go()
        given.first_with(2 * 2 * ARTICLES_PER_BATCH + 1)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=PATIENCE)
        second = told(given.start())
        counts = given.encoded()

    assert first.returncode == 130
    assert second.total() == ARTICLES
    assert second["unchanged"] >= 2 * ARTICLES_PER_BATCH
    assert sum(number > 1 for number in counts.values()) <= 2 * ARTICLES_PER_BATCH
    assert len(counts) == 2 * ARTICLES
