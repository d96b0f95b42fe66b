"""Libraries as a whole: beginnings of ids, titles, folders, exports, completion."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import SEED, Result, Run, no_model
from fakes import HashingEncoder
from sqlalchemy import create_engine, text

from bot.console.conversation_adding import add_path
from index.answering import Answerer
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.library import open_library

OTHER = "sqlite:///other.sqlite"


@pytest.fixture
def two(run: Run) -> None:
    """Add two articles whose ids begin alike."""
    for name, words in (("harbour-one", "The pier broke."), ("harbour-two", "The boat sank.")):
        run("add", "-", "--id", name, stdin=words.encode())


def ids(run: Run, *options: str) -> list[str]:
    """The ids that are listed."""
    return [row["id"] for row in run(*options, "list", "--json").json]


# The beginning of an id


@pytest.mark.usefixtures("two")
def test_the_beginning_of_an_id_names_an_article(run: Run) -> None:
    """As long as there is only one that begins so."""
    assert run("show", "harbour-t").out.startswith(run("show", "harbour-two").out)
    assert run("ask", "what broke?", "--article", "harbour-o", "--json").json["hits"][0][
        "article"
    ] == ("harbour-one")


@pytest.mark.usefixtures("two")
def test_the_beginning_of_several_ids_is_refused(run: Run) -> None:
    """The message names them, and nothing is removed."""
    result = run("remove", "harbour")

    assert (result.code, len(ids(run))) == (1, 3)
    assert "'harbour-one', 'harbour-two'" in result.err


def test_a_whole_id_is_no_beginning(run: Run) -> None:
    """An id that others begin with names its own article."""
    for name in ("a", "ab"):
        run("add", "-", "--id", name, stdin=f"Words of {name}.".encode())

    run("remove", "a")

    assert ids(run) == [SEED, "ab"]


# Titles, and all articles at once


@pytest.mark.usefixtures("two")
def test_rename_gives_another_title(run: Run) -> None:
    """The id stays; no model is needed."""
    result = run("rename", "harbour-o", "  The new\npier ", load=no_model)

    titles = {row["id"]: row["title"] for row in run("list", "--json").json}
    assert (result.code, result.out) == (0, "renamed harbour-one: The new pier\n")
    assert titles["harbour-one"] == "The new pier"


def test_rename_needs_a_title(run: Run) -> None:
    """An empty one is a wrong use."""
    assert run("rename", SEED, " ").code == 2


@pytest.mark.usefixtures("two")
def test_remove_all(run: Run) -> None:
    """Nothing is left, also not the seeds."""
    assert run("remove", "--all").out == "removed 3 articles\n"
    assert ids(run) == []


@pytest.mark.parametrize("arguments", [["--all", "x"], ["--all", "--feed"], ["--feed"]])
def test_remove_says_what_it_needs(arguments: list[str], run: Run) -> None:
    """All or some: both is a wrong use, and so is neither."""
    assert run("remove", *arguments).code == 2


# Folders


def test_a_folder_is_added(run: Run) -> None:
    """Its files are, whatever their kind; what cannot be read is listed at the end."""
    Path("news/2024").mkdir(parents=True)
    Path("news/ferry.txt").write_text("The ferry sails at noon.")
    Path("news/2024/ferry.html").write_text("<html><p>The ferry sank, said the mayor of Lund.")
    Path("news/picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Path("news/.hidden.txt").write_text("Nobody reads this.")
    Path("news/link.txt").symlink_to("/etc/passwd")

    result = run("--chat", "7", "add", "news")

    assert (result.code, ids(run, "--chat", "7")) == (1, ["ferry", "2024-ferry"])
    assert result.err.splitlines()[0] == "article-bot: 1 input could not be added:"
    assert "picture.png" in result.err.splitlines()[1]


def test_an_empty_folder_is_told(run: Run) -> None:
    """Silence would look as if something had been added."""
    Path("empty").mkdir()
    Path("empty/.hidden.txt").write_text("A hidden story of the harbour.", "utf-8")

    assert run("add", "empty") == Result(
        1, "", "article-bot: There is no file to add there; hidden ones and links are left out.\n"
    )


def test_a_folder_has_no_one_title(run: Run) -> None:
    """--title is for a single article."""
    Path("news").mkdir()
    for name in ("a.txt", "b.txt"):
        Path("news", name).write_text(f"The words of {name}.")

    assert run("add", "news", "--title", "News").code == 2


def test_files_of_one_name_in_a_folder(run: Run) -> None:
    """The kind tells their ids apart."""
    Path("news").mkdir()
    Path("news/ferry.txt").write_text("The ferry sails at noon.")
    Path("news/ferry.html").write_text("<html><p>The ferry sank, said the mayor of Lund.")

    run("--chat", "7", "add", "news")

    assert ids(run, "--chat", "7") == ["ferry-html", "ferry-txt"]


# Exports


@pytest.mark.usefixtures("two")
def test_an_export_is_imported_elsewhere(run: Run) -> None:
    """All libraries come, with their vectors: what is asked then needs no encoding of articles."""
    run("--chat", "7", "add", "-", "--id", "own", stdin=b"Only chat seven reads this.")
    exported = run("export", "all.articles", load=no_model)

    imported = run("--database", OTHER, "import", "all.articles", load=no_model)

    assert exported.out == "exported 4 articles to all.articles\n"
    assert imported.out == "imported 3 articles, 1 were there already\n"
    assert ids(run, "--database", OTHER) == [SEED, "harbour-one", "harbour-two"]
    assert ids(run, "--database", OTHER, "--chat", "7") == ["own"]
    with create_engine(OTHER).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM vectors")) == 3


def test_an_export_has_how_articles_are_built(run: Run) -> None:
    """What a source said of its headings, and who wrote it, come along."""
    Path("ferry.html").write_text(
        "<html><meta name=author content='Ann Holm'><h1>Ferry</h1><h2>Who decides</h2>"
        "<p>The mayor of Lund decides about the ferry, she said on Monday.",
        encoding="utf-8",
    )
    run("add", "ferry.html")
    run("export", "all.articles")
    run("--database", OTHER, "import", "all.articles")

    here, there = (
        run("show", "ferry", "--json"),
        run("--database", OTHER, "show", "ferry", "--json"),
    )

    assert "heading" in [block["kind"] for block in there.json["blocks"]]
    assert there.json == here.json


def test_an_export_is_the_owners(run: Run) -> None:
    """Nobody else may read what people asked."""
    run("export", "all.articles")

    assert Path("all.articles").stat().st_mode & 0o077 == 0


def test_an_export_overwrites_nothing(run: Run) -> None:
    """A file that is there stays as it is."""
    Path("precious").write_text("mine")

    assert run("export", "precious").code == 1
    assert Path("precious").read_text() == "mine"


def test_an_import_keeps_what_is_there(run: Run) -> None:
    """An id that another text has is given with a number."""
    run("add", "-", "--id", "same", stdin=b"The first text.")
    run("export", "all.articles")
    run("--database", OTHER, "add", "-", "--id", "same", stdin=b"The second text.")

    run("--database", OTHER, "import", "all.articles")

    assert ids(run, "--database", OTHER) == [SEED, "same", "same-2"]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(500)])
def test_what_is_no_export_is_refused(content: bytes, run: Run) -> None:
    """One line says so, and nothing is changed."""
    Path("other").write_bytes(content)

    result = run("import", "other")

    assert (result.code, "no export of article-bot" in result.err) == (1, True)
    assert ids(run) == [SEED]


def test_another_database_is_no_export(run: Run) -> None:
    """A database of another program is told from an export."""
    with create_engine("sqlite:///foreign").begin() as connection:
        connection.execute(text("CREATE TABLE meta (key TEXT, value TEXT)"))

    assert "no export of article-bot" in run("import", "foreign").err


def test_settings_and_feedback_are_exported(run: Run) -> None:
    """They come into a database that has none."""
    from bot.telegram.store import chats
    from bot.telegram.store.tables import MIGRATIONS
    from index.storage.migrations import migrate

    engines = [open_database(url) for url in (os.environ["ARTICLE_BOT_DATABASE"], OTHER)]
    migrate(engines[0], MIGRATIONS)
    chats.change_setting(engines[0], 5, "quiet", value=True)
    run("export", "all.articles")

    run("--database", OTHER, "import", "all.articles")

    assert chats.read_settings(engines[1], 5).quiet


# Completion


def completions(words: str, *, shell: str = "bash") -> list[str]:
    """What the shell is offered for the last of *words*."""
    command = [sys.executable, "-m", "bot"]
    asked = {"_ARTICLE_BOT_COMPLETE": f"{shell}_complete", "COMP_WORDS": words}
    number = {"COMP_CWORD": str(len(words.split()) - (not words.endswith(" ")))}
    environment = {**os.environ, **asked, **number}
    root = {"PYTHONPATH": str(Path(__file__).parents[2])}
    result = subprocess.run(
        command, env={**environment, **root}, capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    return result.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("article-bot re", ["plain,refresh", "plain,rename", "plain,remove"]),
        ("article-bot show tal", [f"plain,{SEED}"]),
        ("article-bot --chat 7 show ", []),
        ("article-bot ask x --article t", [f"plain,{SEED}"]),
        ("article-bot add sto", ["file,sto"]),
        ("article-bot --database nonsense://x show ", []),
    ],
)
def test_tab_completes(words: str, offered: list[str]) -> None:
    """Commands, ids of the library that is meant, and files."""
    assert completions(words) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(shell: str, run: Run) -> None:
    """It calls the command by its name."""
    result = run("completion", shell)

    assert (result.code, f"_ARTICLE_BOT_COMPLETE={shell}_complete" in result.out) == (0, True)


def test_bash_reads_its_script(run: Run) -> None:
    """Sourced by a real shell, Tab is bound to it."""
    script = run("completion", "bash").out + "\ncomplete -p article-bot\n"

    result = subprocess.run(["bash"], input=script, capture_output=True, text=True, check=True)

    assert "article-bot" in result.stdout


# /add in the console


def test_the_console_adds(tmp_path: Path) -> None:
    """/add takes what `add` takes, into the library that is asked."""
    library = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "7")
    answerer = Answerer(Corpus(library, HashingEncoder(), cache=tmp_path))
    Path("ferry.html").write_text("<html><title>Ferry</title><p>The ferry sank, said the mayor.")

    assert add_path(answerer, "ferry.html") == "ferry added: Ferry"
    assert add_path(answerer, "ferry.html") == "ferry was there already: Ferry"
    assert add_path(answerer, "nothing.txt").startswith("article-bot: There is no file")
    assert [info.id for info in library.listing()] == ["ferry"]
