"""The commands on articles, with a real database in a folder of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from command_line import SEED, STORM, Result, Run, interrupt, no_model
from fakes import HashingEncoder

from index.storage import ingest


def test_new_database_has_the_seed(run: Run) -> None:
    """A new database starts with the articles of seeds/."""
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_list_as_text(run: Run) -> None:
    """`list` is a table with a line for each article."""
    header, row = run("list").out.splitlines()

    assert header.split() == ["ID", "CHARACTERS", "SENTENCES", "TITLE"]
    assert row.split()[0] == SEED
    assert row.endswith("seeks US approval for world recognition.")


def test_list_of_an_empty_library(run: Run) -> None:
    """A library without articles prints no table but says how to add."""
    assert run("--chat", "7", "list") == Result(
        0,
        "",
        "article-bot: there are no articles here yet; add one with `article-bot add FILE`.\n",
    )


def test_add_says_what_was_added(run: Run, storm: Path) -> None:
    """A single article is named with its id and title."""
    assert run("add", str(storm)) == Result(0, "added storm: Storm hits the coast\n", "")


def test_add_twice_says_so(run: Run, storm: Path) -> None:
    """The same text again changes nothing, and needs no model."""
    run("add", str(storm))

    assert run("add", str(storm), load=no_model) == Result(
        0, "storm was there already: Storm hits the coast\n", ""
    )


def test_add_as_json(run: Run, storm: Path) -> None:
    """`add --json` is one object with the articles and their numbers."""
    assert run("add", "--json", str(storm)).json == {
        "articles": [{"id": "storm", "title": "Storm hits the coast", "status": "added"}],
        "added": 1,
        "unchanged": 0,
        "replaced": 0,
        "by_others": 0,
        "errors": [],
    }


def test_add_with_title_and_id(run: Run, storm: Path) -> None:
    """--title and --id name a single article."""
    assert run("add", str(storm), "--id", "s1", "--title", "T").out == "added s1: T\n"


def test_add_other_text_under_a_taken_id(run: Run, storm: Path) -> None:
    """Another text under the same id is refused, unless --replace allows it."""
    run("add", str(storm))
    storm.write_text(STORM + "\n\nThe pier is closed.", encoding="utf-8")

    refused = run("add", str(storm))
    replaced = run("add", "--replace", str(storm))

    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert (replaced.code, replaced.out) == (0, "replaced storm: Storm hits the coast\n")


def test_add_standard_input(run: Run) -> None:
    """A dash reads an article from standard input."""
    result = run("add", "-", "--id", "piped", stdin=STORM.encode())

    assert (result.code, result.out) == (0, "added piped: Storm hits the coast\n")


def test_failing_path_does_not_stop_the_others(run: Run, storm: Path) -> None:
    """Of several paths the good ones are added; each bad one is a line; the exit code is 1."""
    result = run("add", "nowhere.txt", str(storm), "nothing.txt")

    assert (result.code, result.out) == (1, "added storm: Storm hits the coast\n")
    assert [line.split(":")[0] for line in result.err.splitlines()] == ["article-bot"] * 2


def test_failing_path_in_json(run: Run, storm: Path) -> None:
    """With --json the failures are in the object too, and the exit code is 1."""
    result = run("add", "--json", "nowhere.txt", str(storm))

    assert (result.code, result.json["added"]) == (1, 1)
    assert result.json["errors"] == [result.err.removeprefix("article-bot: ").rstrip("\n")]


def write_jsonl(count: int, bad: int | None = None) -> str:
    """Write a JSONL file of articles, the line *bad* broken."""
    lines = [
        json.dumps({"id": f"a{i}", "title": f"T{i}", "text": f"Text {i}."}) for i in range(count)
    ]
    if bad is not None:
        lines[bad] = "{"
    Path("many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return "many.jsonl"


def test_many_articles_are_counted(run: Run) -> None:
    """When there are many, their numbers are enough."""
    run("add", write_jsonl(2))

    assert run("add", write_jsonl(48)).out == "added 46 articles, 2 were there already\n"


def test_articles_before_a_broken_line_are_kept(run: Run) -> None:
    """A broken line of a JSONL file is named, and those before it are there."""
    result = run("add", write_jsonl(5, bad=3))

    assert (result.code, result.err.count("\n")) == (1, 1)
    assert [row["id"] for row in run("list", "--json").json] == [SEED, "a0", "a1", "a2"]


def test_add_without_a_model_stores_nothing(run: Run, storm: Path) -> None:
    """When the model does not load, nothing is half stored."""
    result = run("add", str(storm), load=no_model)

    assert (result.code, result.err) == (1, "article-bot: there is no model 'x'.\n")
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_interrupted_add_says_what_is_kept(run: Run, storm: Path) -> None:
    """Ctrl-C during add says how many articles are kept, and stores nothing by halves."""
    assert run("add", str(storm), load=interrupt) == Result(
        130, "",
        "article-bot: interrupted; 0 articles were added and kept, "
        "and nothing half done was stored.\n",
    )  # fmt: skip


def test_interrupt_between_batches_keeps_the_first(
    run: Run, storm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was complete before Ctrl-C stays, and is counted."""
    monkeypatch.setattr(ingest, "ARTICLES_PER_BATCH", 1)
    Path("calm.txt").write_text("The sea was calm.", encoding="utf-8")

    class Tired(HashingEncoder):
        def encode(self, texts: Sequence[str], progress: Any = None) -> Any:
            if any("calm" in text for text in texts):
                raise KeyboardInterrupt
            return super().encode(texts, progress)

    result = run("add", str(storm), "calm.txt", load=lambda _: Tired())

    assert (result.code, result.err) == (
        130,
        "article-bot: interrupted; 1 article was added and kept, "
        "and nothing half done was stored.\n",
    )
    assert [row["id"] for row in run("list", "--json").json] == [SEED, "storm"]


def test_files_are_encoded_together(run: Run, tmp_path: Path) -> None:
    """Many small files take no longer than one file with as much in it."""
    calls: list[int] = []

    class Counting(HashingEncoder):
        def encode(self, texts: Sequence[str], progress: Any = None) -> Any:
            calls.append(len(texts))
            return super().encode(texts, progress)

    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"Ship {number} left.", encoding="utf-8")
    run("add", str(folder), load=lambda _: Counting())

    assert calls == [3]


def test_a_file_whose_id_is_taken_stops_no_other(run: Run, tmp_path: Path) -> None:
    """Also when the one that has it is just being added."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(f"Ship {folder} left.", encoding="utf-8")
    (tmp_path / "c.txt").write_text("Ship c left.", encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("a/x.txt", "b/x.txt", "c.txt")]
    result = run("add", *paths)

    assert result.code == 1
    assert "an article with the id 'x' is there already with another text" in result.err
    assert [row["id"] for row in run("list", "--json").json] == [SEED, "x", "c"]


def test_show_prints_the_text(run: Run, storm: Path) -> None:
    """`show` prints the stored text, its title first."""
    run("add", str(storm))

    assert run("show", "storm") == Result(0, STORM + "\n", "")


def test_show_as_json(run: Run, storm: Path) -> None:
    """`show --json` has the stored text and where its sentences stand."""
    run("add", str(storm))

    shown = run("show", "storm", "--json").json

    assert [shown[key] for key in ("id", "title", "text")] == [
        "storm",
        "Storm hits the coast",
        STORM,
    ]
    assert [shown["text"][start:end] for start, end in shown["sentences"]] == STORM.split("\n\n")


def test_remove(run: Run, storm: Path) -> None:
    """A removed article is in no list any more."""
    run("add", str(storm))

    assert run("remove", "storm") == Result(0, "removed 1 article\n", "")
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


@pytest.mark.parametrize(
    "arguments", [["show", "x"], ["remove", SEED, "x"], ["ask", "a", "--article", "x"]]
)
def test_unknown_article(arguments: Sequence[str], run: Run) -> None:
    """An unknown id is one line and exit code 1, and changes nothing."""
    result = run(*arguments)

    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_chats_have_their_own_articles(run: Run, storm: Path) -> None:
    """--chat adds to that chat's library and leaves the shared one alone."""
    run("--chat", "7", "add", str(storm))

    assert [row["id"] for row in run("--chat", "7", "list", "--json").json] == ["storm"]
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_add_shows_progress_on_a_terminal(
    run: Run, storm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar on standard error counts the articles; the output stays as it is."""
    monkeypatch.setattr("bot.console.progress.is_terminal", lambda _: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    Path("two.txt").write_text("Two storms came.", encoding="utf-8")
    result = run("add", str(storm), "two.txt")

    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", result.err)  # without its colours
    assert (result.code, result.out.count("added")) == (0, 2)
    assert "adding articles" in shown
    assert " 2/2 " in shown


def test_a_heading_of_a_page_is_the_place_of_an_answer(run: Run) -> None:
    """What a source says of its structure is stored, and an answer tells it."""
    Path("ferry.html").write_text(
        "<html><title>Ferry</title><p>The ferry of Lund is old, and it costs two crowns.</p>"
        "<h2>Who decides</h2><p>The mayor decides about the ferry, she said on Monday.</p>",
        encoding="utf-8",
    )
    run("add", "ferry.html")

    answer = run("ask", "what does the mayor decide about the ferry?", "--article", "ferry")

    assert "§ Who decides" in answer.out


def test_markdown_of_a_folder_is_read_as_markdown(run: Run) -> None:
    """Also beside a file of the same name, where its id is another."""
    Path("news").mkdir()
    Path("news/ferry.txt").write_text("The boat sank.", encoding="utf-8")
    Path("news/ferry.md").write_text("The [ferry](https://x.org) is old.", encoding="utf-8")
    run("add", "news")

    stored = run("show", "ferry-md", "--json").json

    assert stored["text"] == "The ferry is old."
    assert [link["address"] for link in stored["links"]] == ["https://x.org"]
