"""Commands that are killed at random moments, and what is there afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from fakes import HashingEncoder
from hostile_server import page, serving
from killed_databases import database_on, is_whole, make_old
from sqlalchemy import select

from index.answering import Answerer
from index.encoding.protocol import Encoder, Progress, Vectors
from index.errors import LibraryError
from index.retrieval.corpus import Corpus
from index.storage.database import SHARED, open_database
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.storage.schema import articles, names
from index.text.articles import make_article
from index.text.readers import ReadArticle

ALL = 130  # articles: three batches
ENTRIES = 8  # of a feed
TEXT = (
    "The lighthouse of {name} is painted {colour}. Its keeper is called {colour} Johnson. "
    "In the winter of {year} the storm took its roof."
)
COLOURS = ("red", "green", "white", "black", "yellow")
TIMEOUT = 300.0  # seconds that a command may take on a busy machine
FILE, EXPORT = "many.jsonl", "all.articles"


@dataclass(frozen=True)
class Place:
    """Where commands work: a database at *url*, and folders for files, the cache, and scratch."""

    folder: Path
    url: str
    encoder: Encoder
    site: str  # the address of a site with a feed

    @property
    def files(self) -> Path:
        """What the commands are given, and where they run."""
        return self.folder / "files"

    @property
    def cache(self) -> Path:
        """ARTICLE_BOT_CACHE of the commands."""
        return self.folder / "cache"

    @property
    def scratch(self) -> Path:
        """The folder for temporary files."""
        return self.folder / "tmp"

    def start(self, arguments: list[str]) -> subprocess.Popen[str]:
        """Start the command."""
        ours = {"DATABASE": self.url, "CACHE": str(self.cache), "NETWORKS": "127.0.0.1/32"}
        kept = {name: value for name, value in os.environ.items() if "ARTICLE_BOT" not in name}
        kept |= {f"ARTICLE_BOT_{name}": value for name, value in ours.items()}
        kept |= {"PYTHONPATH": str(Path(__file__).parents[1]), "TMPDIR": str(self.scratch)}
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.files,
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def left_over(self) -> list[str]:
        """The names of what is half made, or belongs to nobody."""
        signs = (".tmp", "-journal", "-wal")
        found = [p.name for p in self.folder.rglob("*") if any(sign in p.name for sign in signs)]
        return sorted([*found, *(path.name for path in self.scratch.iterdir())])


@contextmanager
def place_on(server: str, folder: Path, exports: Path, encoder: Encoder) -> Iterator[Place]:
    """
    Make a place whose database is on *server*, "sqlite" for a file.

    Models are those that the cache folder *exports* holds.
    """
    for name in ("files", "cache", "tmp"):
        (folder / name).mkdir(parents=True)
    for kept in exports.iterdir():
        if kept.name.startswith(("exports", "identities")):
            (folder / "cache" / kept.name).symlink_to(kept)
    replies = {"/feed": page(feed().encode())}
    with serving(replies) as site, database_on(server) as url:
        yield Place(folder, url or f"sqlite:///{folder / 'articles.sqlite'}", encoder, site)


def lighthouse(number: int, version: int = 0) -> tuple[str, str]:
    """The id and the text of an article; *version* 1 says something else."""
    name = f"Isle{number:03}"
    colour = COLOURS[(number + version) % len(COLOURS)]
    return name.lower(), TEXT.format(name=name, colour=colour, year=1800 + number)


def lighthouses(number: int, version: int = 0) -> dict[str, str]:
    """So many of them."""
    return dict(lighthouse(place, version) for place in range(number))


def feed() -> str:
    """A feed whose entries are articles."""
    entries = (
        f"<item><title>{name}</title><guid>{name}</guid>"
        f"<description>{3 * text}</description></item>"
        for name, text in lighthouses(ENTRIES).items()
    )
    return f"<rss version='2.0'><channel><title>Isles</title>{''.join(entries)}</channel></rss>"


def write_file(place: Place, version: int = 0) -> None:
    """Write the JSONL file of all lighthouses."""
    lines = [
        json.dumps({"id": name, "title": name, "text": text})
        for name, text in lighthouses(ALL, version).items()
    ]
    (place.files / FILE).write_text("\n".join(lines), encoding="utf-8")


def fill(place: Place) -> None:
    """Store all lighthouses."""
    engine = open_database(place.url)
    given = [
        ReadArticle(make_article(text, id=name), explicit_id=True)
        for name, text in lighthouses(ALL).items()
    ]
    list(add_articles(Library(engine, SHARED), lambda: place.encoder, given))
    engine.dispose()


def stored(place: Place) -> dict[str, str]:
    """The texts of the lighthouses in the shared library, by id."""
    engine = open_database(place.url)
    query = select(names.c.id, articles.c.text).join(articles, articles.c.pk == names.c.article)
    with engine.connect() as connection:
        found = {name: text for name, text in connection.execute(query) if "isle" in name}
    engine.dispose()
    return found


def halves(place: Place) -> list[str]:
    """The articles that are there without all of their sentences or vectors."""
    engine = open_database(place.url)
    library = Library(engine, SHARED)
    wrong = []
    for key, found in library.load(library.keys()).items():
        vectors = library.vectors([key], place.encoder.identity).get(key, ())
        name = found.article.id
        # The article that a new database starts with is encoded when it is first asked.
        if not found.sentences or ("isle" in name and len(vectors) != len(found.sentences)):
            wrong.append(f"{name} is there in part")
    engine.dispose()
    return wrong


def silent(place: Place) -> list[str]:
    """Of some of the articles that are there, those that do not answer what stands in them."""
    ids = sorted(stored(place))[:: ALL // 4]
    engine = open_database(place.url)
    answerer = Answerer(Corpus(Library(engine, SHARED), place.encoder, cache=place.cache))
    missing = []
    for name in ids:
        answer = answerer.answer(f"when did the storm take the roof of {name}?", article=name)
        if not answer.passages or "took its roof" not in answer.passages[0].text:
            missing.append(f"{name} does not answer")
    engine.dispose()
    return missing


# What is killed


@dataclass(frozen=True)
class Job:
    """
    A command that is killed: *prepare* makes what it needs and gives its arguments.

    *half* says whether what is there, with what the killed command printed, is what may be;
    *done* whether all is done when the command has run again.
    """

    prepare: Callable[[Place], list[str]]
    half: Callable[[Place, str], bool]
    done: Callable[[Place], bool]


def _add_one(place: Place) -> list[str]:
    name, text = lighthouse(0)
    (place.files / f"{name}.txt").write_text(text, encoding="utf-8")
    return ["add", f"{name}.txt"]


def _add_many(place: Place) -> list[str]:
    write_file(place)
    return ["add", FILE]


def _replace(place: Place) -> list[str]:
    fill(place)
    write_file(place, version=1)
    return ["add", "--replace", FILE]


def _add_feed(place: Place) -> list[str]:
    return ["add", "--feed", f"{place.site}/feed"]


def _export(place: Place) -> list[str]:
    fill(place)
    return ["export", EXPORT]


def _import(place: Place) -> list[str]:
    other = Place(place.folder, f"sqlite:///{place.folder / 'other.sqlite'}", place.encoder, "")
    fill(other)
    exporting = other.start(["export", EXPORT])
    exporting.communicate()
    return ["import", EXPORT]


def _remove(place: Place) -> list[str]:
    fill(place)
    silent(place)  # so that there is something in the cache folder
    return ["remove", "--all"]


def _migrate(place: Place) -> list[str]:
    make_old(place.url)
    return ["--chat", "-5", "list"]


def _is_exported(place: Place) -> bool:
    """Whether there is an export, and it is whole."""
    if not (place.files / EXPORT).exists():
        return False
    url = f"sqlite:///{place.files / EXPORT}"
    return is_whole(url) and stored(Place(place.folder, url, place.encoder, "")).keys() == set(
        lighthouses(ALL)
    )


def _old_articles(place: Place) -> bool:
    engine = open_database(place.url)
    found = [info.id for info in Library(engine, "-5").listing()]
    engine.dispose()
    return found == ["cats", "dogs"]


def _is_old_or_new(place: Place) -> bool:
    """Whether each lighthouse has either of its two texts."""
    found, versions = stored(place), [lighthouses(ALL, version) for version in (0, 1)]
    either = all(text in (versions[0][name], versions[1][name]) for name, text in found.items())
    return either and found.keys() == versions[0].keys()


def _ask(place: Place) -> list[str]:
    """A library whose words are kept in a file; vectors do not matter for that."""
    text = "\n\n".join(f"The keeper of lamp {number} is Johnson." for number in range(2600))
    engine = open_database(place.url)
    given = [ReadArticle(make_article(f"{name}. {text}", id=name)) for name in ("east", "west")]
    careless = RandomVectors(place.encoder.identity, place.encoder.dimension)
    list(add_articles(Library(engine, SHARED), lambda: careless, given))
    engine.dispose()
    return ["ask", "who is the keeper of lamp 77?"]


class RandomVectors(HashingEncoder):
    """Gives vectors of the real model's form at once."""

    def __init__(self, identity: str, dimension: int) -> None:
        super().__init__(identity)
        self.dimension = dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors (n, d)."""
        del progress
        drawn = np.random.default_rng(0).standard_normal((len(texts), self.dimension))
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def _has_words_file(place: Place) -> bool:
    """Whether the words are kept, and whole."""
    (file,) = (place.cache / "libraries").glob("*.words")
    with zipfile.ZipFile(file) as archive:
        return archive.testzip() is None


def _cache_of_nobody(place: Place) -> bool:
    """Whether the cache folder holds nothing of what was removed."""
    return not list((place.cache / "windows").glob("*/*"))


JOBS = {
    "add a file": Job(
        _add_one,
        lambda place, out: stored(place) == lighthouses(1) or not (stored(place) or out),
        lambda place: stored(place) == lighthouses(1),
    ),
    "add a JSONL file": Job(
        _add_many,
        lambda place, out: (
            stored(place).items() <= lighthouses(ALL).items()
            and (not out or len(stored(place)) == ALL)
        ),
        lambda place: stored(place) == lighthouses(ALL),
    ),
    "add --replace": Job(
        _replace,
        lambda place, _: _is_old_or_new(place),
        lambda place: stored(place) == lighthouses(ALL, version=1),
    ),
    "add --feed": Job(
        _add_feed,
        lambda place, _: len(stored(place)) <= ENTRIES,
        lambda place: len(stored(place)) == ENTRIES,
    ),
    "export": Job(
        _export,
        lambda place, out: _is_exported(place) or not (out or (place.files / EXPORT).exists()),
        _is_exported,
    ),
    "import": Job(
        _import,
        lambda place, out: stored(place) == lighthouses(ALL) or not (out or stored(place)),
        lambda place: stored(place) == lighthouses(ALL),
    ),
    "remove --all": Job(
        _remove,
        lambda place, out: not stored(place) or (not out and stored(place) == lighthouses(ALL)),
        lambda place: not stored(place) and _cache_of_nobody(place),
    ),
    "migration": Job(_migrate, lambda _, __: True, _old_articles),
    "ask a large library": Job(_ask, lambda _, __: True, _has_words_file),
}


@dataclass
class Death:
    """
    What a kill after so many *seconds* of a command has left, and what was *wrong* then.

    Without *killed* the command had ended by itself.
    """

    seconds: float
    killed: bool
    wrong: list[str] = field(default_factory=list)


def kill(place: Place, job: Job, fraction: float, whole: float) -> Death:
    """
    Kill a command of *job* after a *fraction* of the *whole* seconds that it takes; do it again.

    With a *fraction* above 1 it ends by itself.
    """
    arguments = job.prepare(place)
    process = place.start(arguments)
    started = time.monotonic()
    with suppress(subprocess.TimeoutExpired):
        process.wait(fraction * whole if fraction <= 1 else TIMEOUT)
    killed, seconds = process.poll() is None, time.monotonic() - started
    process.send_signal(signal.SIGKILL)
    out, _ = process.communicate()
    death = Death(seconds, killed)
    if not is_whole(place.url):
        death.wrong.append("the database is damaged")
    try:
        if not job.half(place, out):
            death.wrong.append(f"half done: {len(stored(place))} articles, printed {out!r}")
        death.wrong += halves(place)
    except LibraryError as exc:
        death.wrong.append(str(exc))
    again = place.start(arguments)
    out, errors = again.communicate(timeout=TIMEOUT)
    if not job.done(place):
        death.wrong.append(f"not completed: {len(stored(place))} articles, {errors[-200:]!r}")
    death.wrong += [*halves(place), *silent(place)]
    death.wrong += [f"left over: {name}" for name in place.left_over()]
    return death
