"""What all test modules share: settings of the run, and fixtures."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest
from bots import Bot
from fake_telegram import BotApi
from fake_telegram.world import Chat, User
from fakes import put_article
from hypothesis import settings
from killed_databases import database_on
from packaged_model import NEW_USER, packaged_encoder, packaged_reader
from sqlalchemy import Engine, event

from index.encoding.find_model import find_model, identify_model
from index.encoding.protocol import Encoder
from index.encoding.threads import multiply_in_one_thread
from index.reading.onnx_reader import OnnxReader
from index.retrieval import token_files
from index.storage.database import open_database
from index.storage.library import Library, open_library

# The URL of a PostgreSQL server on which databases may be made (postgresql+psycopg://USER@HOST:PORT),
# for the tests that need one; .ci/run starts one.
SERVER = os.environ.get("ARTICLE_BOT_TEST_POSTGRESQL", "")

if TYPE_CHECKING:
    from index.encoding.torch_encoder import SentenceTransformerEncoder

TESTS = Path(__file__).parent
SPEAK_TELEGRAM = {"telegram", "fake_telegram"}  # folders
LONGEST = {"test_network.py"}  # modules that take most of a minute, much of it waiting
MARKERS = ("slow", "telegram", "model")
READ_WITH_THE_MODEL = {"encoder", "reader", "reference"}  # fixtures

settings.register_profile("patient", settings(), deadline=None)  # a busy machine is no failure
settings.load_profile("patient")
settings.register_profile("fast", max_examples=20)  # chosen by --hypothesis-profile=fast


@event.listens_for(Engine, "connect")
def _wait_for_no_disk(connection: object, _: object) -> None:
    """Let SQLite go on before the disk has what it wrote: tests kill processes, not the power."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


def pytest_configure() -> None:
    """
    Take SIGINT, as in a terminal; share the cores.

    The shell lets a job in the background ignore it, and what the tests start would too.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" in os.environ and hasattr(os, "sched_setaffinity"):
        take_cores(os.environ["PYTEST_XDIST_WORKER"], os.environ["PYTEST_XDIST_WORKER_COUNT"])


def take_cores(worker: str, workers: str) -> None:
    """
    Let one of several *workers*, and all that it starts, keep to cores of its own.

    Threads of torch spin while they wait for each other: small networks on two cores that others
    used too took three times the processor time that they take on one.
    """
    cores = sorted(os.sched_getaffinity(0))
    first = int(worker.removeprefix("gw")) % len(cores)
    os.sched_setaffinity(0, cores[first :: int(workers)])
    multiply_in_one_thread()  # numpy has started its threads before


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what speaks the Bot API by its folder, and what needs the model by its fixtures."""
    if SPEAK_TELEGRAM & set(item.path.relative_to(TESTS).parts):
        item.add_marker("telegram")
    if READ_WITH_THE_MODEL & fixtures_of(item):
        item.add_marker("model")


@pytest.hookimpl(trylast=True)  # after the modules are shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Begin with the modules whose tests take long, and of these with those that need no model.

    So no process has to work on one of them while the other has nothing left to do, or waits
    while the other exports the model.
    """
    long = {item.path for item in items if any(map(item.get_closest_marker, MARKERS))}
    waiting = {item.path for item in items if any(map(item.get_closest_marker, MARKERS[1:]))}
    items.sort(
        key=lambda item: (
            item.path.name not in LONGEST,
            item.path not in long,
            item.path in waiting,
        )
    )


def fixtures_of(item: pytest.Item) -> set[str]:
    """The fixtures of a test, also those that it names in a parameter."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    named = (value for value in parameters if isinstance(value, str))
    return {*getattr(item, "fixturenames", ()), *named}


# The model


@pytest.fixture(scope="session", autouse=True)
def cache(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """
    Keep exported models in a folder of the tests, also those of processes that they start.

    All workers of a run share it. No test reads windows that another one, or the user, has
    encoded: a corpus that is given no folder gets a new one.
    """
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    folder = run / "cache"
    folder.mkdir(exist_ok=True)
    if any(item.path.name in LONGEST for item in request.session.items) and which("strace"):
        (folder / NEW_USER).mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ARTICLE_BOT_CACHE", str(folder))
        for kind in ("STATE", "CONFIG"):  # whoever runs the tests may have voted, and settings
            environment.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        environment.setattr(token_files, "user_cache", lambda: tmp_path_factory.mktemp("windows"))
        yield folder


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    """Load the real model as users get it, exported once for all tests."""
    return packaged_encoder(cache)


@pytest.fixture(scope="session")
def reader(encoder: Encoder, cache: Path) -> OnnxReader:
    """Load the real reader as users get it, exported once for all tests."""
    return packaged_reader(cache)


@pytest.fixture(scope="session")
def reference() -> SentenceTransformerEncoder:
    """Load the real model in sentence-transformers, once for all tests of a worker."""
    from index.encoding.torch_encoder import load_reference  # takes seconds, and few tests need it

    folder = find_model(None)
    return load_reference(folder, identify_model(folder))


# Articles


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Open a chat's library, which is empty."""
    return open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "chat")


@pytest.fixture
def put(library: Library) -> Callable[[str, str], None]:
    """Give a function that stores an article in the library: `put(name, text)`."""
    return lambda name, text: put_article(library, name, text)


# Telegram


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Bot]:
    """Start a server and a bot that answers on it; tests keep apart by their chats."""
    folder = tmp_path_factory.mktemp("bot")
    with BotApi(can_read_all_group_messages=True) as api, Bot(api, folder) as bot:
        yield bot
        assert "Traceback" not in bot.log


@pytest.fixture
def api(bot: Bot) -> Iterator[BotApi]:
    """Give the server; the bot calls nothing that Telegram refuses, unless a test asks for it."""
    before = len(bot.api.refusals)
    yield bot.api
    assert not bot.api.refusals[before:], bot.api.transcript()


@pytest.fixture
def ann(api: BotApi) -> User:
    """Make a person who speaks English."""
    return api.user(first_name="Ann", language_code="en")


@pytest.fixture
def chat(api: BotApi, ann: User) -> Chat:
    """Open her private chat with the bot."""
    return api.private(ann)


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """Make an empty database of the test's own on the PostgreSQL server."""
    if not SERVER:
        pytest.skip("no PostgreSQL server is named")
    with database_on(SERVER) as url:
        yield url
