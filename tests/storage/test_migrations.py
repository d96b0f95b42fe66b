"""Older databases are brought up: nothing is lost, each step is done once and whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from killed_databases import is_whole, make_old
from sqlalchemy import Connection, Engine, Table, delete, inspect, select, text

from bot.telegram.store import chats, replies, tables
from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.reply_values import Conversation
from index.errors import LibraryError
from index.storage import claim_rows, database, feeds, schema
from index.storage.database import open_database, seed_articles
from index.storage.engine import writing
from index.storage.feeds import followed_feeds, open_feeds, unseen_entries
from index.storage.library import Library
from index.storage.migrations import Migrations, Step, migrate, read_version
from index.storage.numbering import next_number

CHAT, TOPIC = -5, 3
PARTS = [database.MIGRATIONS, tables.MIGRATIONS]

# Opens a database with one step more for each part, which takes a while.
OPEN_LATER = """
import sys, time
from dataclasses import replace
from sqlalchemy import text
from bot.telegram.store import replies
from index.storage import database

def next_step(table):
    def step(connection):
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN note TEXT"))
        time.sleep(0.3)
    return step

for module, table in (database, "articles"), (replies, "telegram_chats"):
    steps = (*module.MIGRATIONS.steps, next_step(table))
    module.MIGRATIONS = replace(module.MIGRATIONS, steps=steps)
print("ready", flush=True)
sys.stdin.readline()
replies.open_store(database.open_database(sys.argv[1]))
"""

OPEN = """
import sys
from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.replies import open_store
from index.storage.database import open_database
print("ready", flush=True)
sys.stdin.readline()
open_store(open_database(sys.argv[1]))
"""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open the database with the tables of the bot, as the bot does."""
    engine = open_database(url)
    replies.open_store(engine)
    yield engine
    engine.dispose()


def add_note(table: str) -> Step:
    """Make a step that gives *table* one more column."""

    def step(connection: Connection) -> None:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN note TEXT DEFAULT 'none'"))

    return step


def with_next(migrations: Migrations, *steps: Step) -> Migrations:
    """Add made-up *steps* to the real ones."""
    return replace(migrations, steps=(*migrations.steps, *steps))


def contents(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table but the versions."""
    found = {}
    with engine.connect() as connection:
        for table in (*schema.metadata.sorted_tables, *tables.metadata.sorted_tables):
            rows = connection.execute(select(table).order_by(*table.primary_key)).all()
            found[table.name] = [tuple(row) for row in rows]
    del found["meta"]
    return found


def versions(engine: Engine) -> list[int | None]:
    """The version that is noted for each part."""
    with engine.connect() as connection:
        return [read_version(connection, part.name) for part in PARTS]


def columns_of(engine: Engine, table: str) -> list[str]:
    """The names of the columns that *table* has in the database."""
    return [column["name"] for column in inspect(engine).get_columns(table)]


def form_of(engine: Engine) -> dict[str, Any]:
    """Columns, keys and indexes of all tables, as the database describes them."""
    database_ = inspect(engine)
    parts: list[Callable[[str], Any]] = [
        lambda table: [
            (column["name"], str(column["type"]), column["nullable"])
            for column in database_.get_columns(table)
        ],
        lambda table: database_.get_pk_constraint(table)["constrained_columns"],
        lambda table: sorted(str(key) for key in database_.get_foreign_keys(table)),
        lambda table: sorted(
            (str(index["name"]), str(index["column_names"]), _condition_of(index))
            for index in database_.get_indexes(table)
        ),
        lambda table: sorted(str(key) for key in database_.get_unique_constraints(table)),
    ]
    return {table: [part(table) for part in parts] for table in sorted(database_.get_table_names())}


def _condition_of(index: Any) -> str:
    """Of which rows *index* is."""
    return " ".join(str(value) for value in index.get("dialect_options", {}).values())


def open_at_once(script: str, url: str) -> list[int]:
    """Run *script* in three processes at once; return how they ended."""
    command = [sys.executable, "-c", script, url]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
    return [process.returncode for process in processes]


def test_the_articles_of_an_old_database_are_there(old_url: str) -> None:
    """Texts, ids, sentences and vectors are what the first version stored."""
    with opened(old_url) as engine:
        library = Library(engine, str(CHAT))
        cats, dogs = library.load(library.keys()).values()

        assert [(info.id, info.other_ids) for info in library.listing()] == [
            ("cats", ("felines",)),
            ("dogs", ()),
        ]
        assert [cats.article.cut(sentence.span) for sentence in cats.sentences] == [
            "Cats sleep all day.",
            "They hunt at night: “mice”, it’s said.",
        ]
        assert [sentence.paragraph for sentence in cats.sentences] == [1, 2]
        vectors = library.vectors([dogs.key], "hashing-1")[dogs.key]
        assert vectors.astype("<f4").tobytes().hex() == "6df7a3be3b016bbf624ca8bc4fa86e3e"


@pytest.mark.parametrize("table", [schema.sentences, schema.structures, schema.vectors], ids=str)
def test_what_belongs_to_an_article_names_its_library(old_url: str, table: Table) -> None:
    """Which the first version knew from the article alone."""
    with opened(old_url) as engine, engine.connect() as connection:
        ours = table.c.article == schema.articles.c.pk
        rows = select(table.c.library, schema.articles.c.library).where(ours)
        found = connection.execute(rows).all()

    assert all(row[0] == row[1] for row in found)
    assert found or table is schema.structures  # those are made when somebody asks


def test_what_an_old_bot_remembered_is_there(old_url: str) -> None:
    """Tables of the bot that bear no version yet are taken over with all rows."""
    with opened(old_url) as engine:
        ((reply, votes),) = replies.voted_replies(engine)

        assert (reply.question, reply.conversation, votes) == (
            "who sleeps?",
            Conversation(CHAT, TOPIC),
            1,
        )
        assert find_passages(Library(engine, str(CHAT)), reply.passages) is not None
        assert chats.read_settings(engine, CHAT).quiet
        assert chats.scope_of(engine, Conversation(CHAT, TOPIC)) == "dogs"
        found = contents(engine)
        assert found["telegram_posts"] == [(-1001, 7, "b", "A post.", "https://t.me/c/7", 0)]
        assert found["telegram_forwards"] == [(CHAT, 8, -1001, 7)]


@pytest.fixture
def unkeyed_url(empty_url: str) -> str:
    """Give the URL of a database whose rows were numbered, and not keyed by library and chat."""
    make_old(empty_url, 3)
    return empty_url


def test_rows_that_get_the_library_and_the_chat_into_their_keys_are_there(unkeyed_url: str) -> None:
    """Each of them, under its chat; what was sent for an update that is forgotten goes."""
    with opened(unkeyed_url) as engine:
        open_feeds(engine)
        library = Library(engine, str(CHAT))
        found = contents(engine)
        followed, shared = followed_feeds(engine, str(CHAT)), followed_feeds(engine, "")

        assert {info.id: info.other_ids for info in library.listing()} == {
            "cats": ("felines",),
            "dogs": (),
        }
        assert len(library.vectors(library.keys(), "hashing-1")) == 2
        assert [feed.url[-4:] for feed in (*followed, *shared)] == ["/old", "feed", "feed"]
        assert unseen_entries(engine, followed[1], ["entry 1", "entry 2"]) == {"entry 2"}
        assert unseen_entries(engine, shared[0], ["entry 1", "entry 2"]) == set()
    assert [row[:3] for row in found["telegram_replies"]] == [(1, CHAT, TOPIC)]
    assert found["telegram_votes"] == [(1, 6_000_000_000, 1, CHAT)]
    assert [row[:3] for row in found["telegram_inbox"]] == [(1, 40, CHAT), (1, 41, CHAT)]
    assert [(*row[:3], row[-1]) for row in found["telegram_outbox"]] == [(1, 41, 1, CHAT)]
    assert [row[:2] for row in found["telegram_recent"]] == [("questions", 6_000_000_000)]
    assert [row[0] for row in found["telegram_additions"]] == [CHAT, CHAT]


def test_numbers_of_rows_that_are_gone_are_not_given_again(unkeyed_url: str) -> None:
    """The last article and the last reply of the old database were deleted there."""
    with opened(unkeyed_url) as engine, writing(engine) as connection:
        article = next_number(connection, schema.article_numbers)
        reply = next_number(connection, tables.reply_numbers)

    assert article > 4
    assert reply > 2


def test_a_database_of_numbered_rows_gets_the_form_of_a_new_one(unkeyed_url: str) -> None:
    """With the feeds, which not every database has; and what refers to another row finds it."""
    parts = (tables.metadata, feeds.metadata, claim_rows.metadata, schema.metadata)
    with opened(unkeyed_url) as engine:
        open_feeds(engine)
        brought_up, whole = form_of(engine), is_whole(unkeyed_url)
        with writing(engine) as connection:
            for metadata in parts:
                metadata.drop_all(connection)
    with opened(unkeyed_url) as engine:
        for part in (feeds, claim_rows):
            migrate(engine, part.MIGRATIONS)
        assert brought_up == form_of(engine)
    assert whole


def test_every_table_bears_a_version(old_url: str) -> None:
    """After an old database was opened, both versions are noted, and they are today's."""
    with opened(old_url) as engine:
        assert versions(engine) == [part.version for part in PARTS]


def test_an_old_database_gets_the_form_of_a_new_one(old_url: str) -> None:
    """The steps make of the first version what the definitions of the tables make at once."""
    with opened(old_url) as engine:
        brought_up = form_of(engine)
        with writing(engine) as connection:
            for metadata in (tables.metadata, schema.metadata):
                metadata.drop_all(connection)
    with opened(old_url) as engine:
        assert brought_up == form_of(engine)


def test_the_next_change_loses_nothing(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step more for each part: columns and versions are new, and every row is as before."""
    with opened(old_url) as engine:
        before = contents(engine)
    for module, table in ((database, "articles"), (replies, "telegram_chats")):
        later = with_next(module.MIGRATIONS, add_note(table))
        monkeypatch.setattr(module, "MIGRATIONS", later)

    with opened(old_url) as engine:
        assert versions(engine) == [part.version + 1 for part in PARTS]
        assert columns_of(engine, "articles")[-1] == "note"
        assert columns_of(engine, "telegram_chats")[-1] == "note"
        assert contents(engine) == before


def test_a_step_is_done_once(old_url: str) -> None:
    """Migrating again does nothing, as the version says that it was done."""
    calls: list[str] = []
    later = with_next(tables.MIGRATIONS, lambda _connection: calls.append("step"))
    with opened(old_url) as engine:
        migrate(engine, later)
        migrate(engine, later)

    assert calls == ["step"]


def test_steps_are_done_in_order(old_url: str) -> None:
    """A database that is several versions behind goes through all of them, the oldest first."""
    calls: list[int] = []
    steps = [lambda _connection, number=number: calls.append(number) for number in range(3)]
    with opened(old_url) as engine:
        migrate(engine, with_next(database.MIGRATIONS, *steps))

    assert calls == [0, 1, 2]


@pytest.mark.parametrize(
    ("migrations", "table"),
    [(database.MIGRATIONS, "articles"), (tables.MIGRATIONS, "telegram_posts")],
    ids=["articles", "telegram"],
)
def test_a_step_that_fails_changes_nothing(old_url: str, migrations, table: str) -> None:
    """Columns, rows and the version are as they were; the steps before it stay."""

    def fail(connection: Connection) -> None:
        add_note(table)(connection)
        connection.execute(delete(migrations.tables.tables[table]))
        raise RuntimeError("in the middle")

    with opened(old_url) as engine:
        before, form = contents(engine), columns_of(engine, table)
        with pytest.raises(RuntimeError, match="in the middle"):
            migrate(engine, with_next(migrations, lambda _connection: None, fail))

        assert (contents(engine), columns_of(engine, table)) == (before, form)
        with engine.connect() as connection:
            assert read_version(connection, migrations.name) == migrations.version + 1


def test_a_step_that_failed_is_tried_again(old_url: str) -> None:
    """The next opening does what the last one could not."""

    def fail(_connection: Connection) -> None:
        raise RuntimeError("no room")

    with opened(old_url) as engine:
        with pytest.raises(RuntimeError):
            migrate(engine, with_next(tables.MIGRATIONS, fail))

        migrate(engine, with_next(tables.MIGRATIONS, add_note("telegram_posts")))

        assert columns_of(engine, "telegram_posts")[-1] == "note"


def test_tables_of_a_newer_bot_are_refused(old_url: str) -> None:
    """The bot does not touch what it does not know, and says both numbers."""
    known = tables.MIGRATIONS.version
    with opened(old_url) as engine:
        migrate(engine, with_next(tables.MIGRATIONS, add_note("telegram_posts")))
        before = contents(engine)

        with pytest.raises(LibraryError) as caught:
            replies.open_store(engine)

        name = engine.url.database if engine.dialect.name == "sqlite" else engine.url
        assert str(caught.value) == (
            f"the database {name} was made by a newer article-bot (telegram schema {known + 1}, "
            f"this one knows {known}); upgrade article-bot, or name another database with "
            "--database."
        )
        assert contents(engine) == before


def test_new_tables_go_through_no_steps(empty_url: str, monkeypatch) -> None:
    """They are made as they are defined today, with the newest version."""

    def fail(_connection: Connection) -> None:
        raise AssertionError("a step for an older database")

    later = with_next(database.MIGRATIONS, fail)
    monkeypatch.setattr(database, "MIGRATIONS", later)

    with opened(empty_url) as engine:
        assert versions(engine)[0] == later.version
        assert Library(engine, database.SHARED).count() == len(seed_articles())


def test_processes_that_open_an_old_database_at_once_all_succeed(old_url: str) -> None:
    """Each step is done by one of them, while the others wait."""
    assert open_at_once(OPEN_LATER, old_url) == [0, 0, 0]

    engine = database.make_engine(old_url, database.BUSY_TIMEOUT)
    assert versions(engine) == [part.version + 1 for part in PARTS]
    engine.dispose()


def test_processes_that_make_the_tables_at_once_all_succeed(empty_url: str) -> None:
    """Whoever comes second finds the tables and one set of seeds."""
    assert open_at_once(OPEN, empty_url) == [0, 0, 0]

    with opened(empty_url) as engine:
        assert Library(engine, database.SHARED).count() == len(seed_articles())
