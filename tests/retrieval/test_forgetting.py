"""What is removed leaves nothing in the cache folder: neither tokens nor vectors nor words."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from large import lower_limits, settle

from bot.cli import main
from index.datatypes import Article
from index.errors import NotFoundError
from index.ranking.candidate_sentences import Query
from index.retrieval.corpus import TOKEN_CACHE_BYTES, Corpus
from index.retrieval.forgetting import forget
from index.retrieval.index_files import Writer
from index.retrieval.row_map import RowMap
from index.retrieval.token_cache import WindowCache
from index.retrieval.token_files import TokenFiles, files_of
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import Library, open_library
from index.text.articles import digest
from index.text.readers import ReadArticle
from index.text.sentences import split_sentences

SAID = "Zorblax lives in Quuxhaven. Nobody may know that."
RARE_WORDS = (b"zorblax", b"quuxhaven")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Name a cache folder that is not there yet."""
    return tmp_path / "cache"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Library:
    """Open the library of a chat that is large for its index: 420 sentences and the secret."""
    lower_limits(monkeypatch, cache)
    library = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "chat")
    articles = [(f"a{i}", page(i)) for i in range(42)]
    put(library, *articles, ("secret", SAID))
    return library


def page(number: int) -> str:
    """Write ten sentences."""
    return " ".join(f"Storm number{number}x{i} came." for i in range(10))


def put(library: Library, *articles: tuple[str, str], replace: bool = False) -> None:
    """Store articles, given by id and text."""
    loaded = [ReadArticle(Article(name, name, text), explicit_id=True) for name, text in articles]
    list(add_articles(library, HashingEncoder, loaded, replace=replace))


def ask(library: Library, cache: Path) -> Corpus:
    """Let a process look the secret up, which keeps all it can, and give what it holds."""
    corpus = Corpus(library, HashingEncoder(), cache=cache)
    corpus.refresh()
    find(corpus)
    settle()
    return corpus


def find(corpus: Corpus) -> None:
    """Look the secret up, so that its window is encoded."""
    [tokens] = corpus.encoder.encode_tokens([SAID])
    corpus.find(Query(SAID, tokens))


def traces(cache: Path, text: str = SAID) -> set[str]:
    """Say what the files of the *cache* hold of an article: its tokens, vectors, words."""
    files = [path for path in cache.rglob("*") if path.is_file()]
    vectors = HashingEncoder().encode(
        [text[s.span.start : s.span.end] for s in split_sentences(text)]
    )
    held = {path.name.rpartition(".")[2] for path in files if is_in(path, vectors)}
    return held | {"tokens" for path in files if digest(text) in path.name}


def is_in(path: Path, vectors: np.ndarray) -> bool:
    """Whether a file holds one of *vectors*, in half precision, or one of the secret's words."""
    content = path.read_bytes()
    halves = [vector.astype(np.float16).tobytes() for vector in vectors]
    return any(part in content for part in (*halves, *RARE_WORDS))


def test_all_that_is_kept_leaves_traces(library: Library, cache: Path) -> None:
    """What these tests look for is there as long as the article is."""
    ask(library, cache)
    assert traces(cache) == {"tokens", "vectors", "words"}


def test_what_is_removed_is_forgotten(library: Library, cache: Path) -> None:
    """Of the article nothing stays, and all that is kept of the others does."""
    ask(library, cache)
    library.remove(["secret"])

    forget(library, cache)

    assert traces(cache) == set()
    assert {path.suffix for path in (cache / "libraries").iterdir()} == {".vectors", ".words"}
    assert traces(cache, page(0)) >= {"vectors"}


def test_what_is_left_is_found_as_before(library: Library, cache: Path) -> None:
    """The next process starts with the files, and knows the words of the others."""
    ask(library, cache)
    library.remove(["secret"])
    forget(library, cache)

    corpus = ask(library, cache)

    [tokens] = corpus.encoder.encode_tokens(["number7x3"])
    found = corpus.find(Query("number7x3", tokens))
    assert "Storm number7x3 came." in [sentence.text for sentence in found.sentences]
    assert corpus._words.vocabulary["came"] == 420
    assert not corpus._words.knows("zorblax")


def test_a_process_that_notices_forgets_at_once(library: Library, cache: Path) -> None:
    """Whoever removed it, the files are mended with the next refresh, not after more changes."""
    corpus = ask(library, cache)
    library.remove(["secret"])

    corpus.refresh()
    settle()

    assert traces(cache) == set()
    assert {path.suffix for path in (cache / "libraries").iterdir()} == {".vectors", ".words"}


def test_the_next_start_forgets(library: Library, cache: Path) -> None:
    """What was removed where nobody knew of the files goes when one is opened again."""
    ask(library, cache)
    library.remove(["secret"])

    Corpus(library, HashingEncoder(), cache=cache).refresh()
    settle()

    assert traces(cache) == set()


def test_a_text_that_was_replaced_is_forgotten(library: Library, cache: Path) -> None:
    """The old text is gone as if it had been removed."""
    ask(library, cache)
    put(library, ("secret", "Nothing is known."), replace=True)

    forget(library, cache)

    assert traces(cache) == set()


def test_tokens_that_are_encoded_meanwhile_do_not_stay(library: Library, cache: Path) -> None:
    """A question that was on its way when the article went leaves nothing of it behind."""
    corpus = ask(library, cache)
    corpus._windows = WindowCache(TOKEN_CACHE_BYTES)
    library.remove(["secret"])
    forget(library, cache)

    find(corpus)

    assert "tokens" not in traces(cache)


def test_what_goes_while_the_files_are_written_does_not_stay(
    library: Library, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who removes an article before the files are there finds nothing to clean, and need not."""
    put_rows = Writer.put_rows

    def put_rows_late(file: Writer, row_map: RowMap, stamps: Mapping[int, int]) -> None:
        put_rows(file, row_map, stamps)
        with suppress(NotFoundError):  # the other index was first
            library.remove(["secret"])
        forget(library, cache)

    monkeypatch.setattr(Writer, "put_rows", put_rows_late)
    Corpus(library, HashingEncoder(), cache=cache).refresh()
    settle()

    assert traces(cache) == set()


def test_a_library_that_has_become_small_has_no_files(library: Library, cache: Path) -> None:
    """What would not be written anew is deleted."""
    ask(library, cache)
    library.remove(["secret", *(f"a{i}" for i in range(10))])

    forget(library, cache)

    assert list((cache / "libraries").iterdir()) == []


def test_a_library_of_another_name_leaves_nothing(library: Library, cache: Path) -> None:
    """When a chat has got another name, nothing is kept under the old one."""
    ask(library, cache)
    library.remove([info.id for info in library.listing()])

    forget(library, cache)

    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_the_same_article_of_another_library_stays(library: Library, cache: Path) -> None:
    """What one chat removes is still known to the other."""
    other = open_library(library.engine, "another chat")
    put(other, ("secret", SAID))
    ask(library, cache)
    ask(other, cache)
    library.remove(["secret"])

    forget(library, cache)

    files = files_of(other, cache)
    assert files is not None
    assert files.articles() == {digest(SAID)}


def test_a_file_that_is_damaged_goes(library: Library, cache: Path) -> None:
    """Of a file that cannot be read nobody knows what it holds."""
    ask(library, cache)
    library.remove(["secret"])
    for path in (cache / "libraries").iterdir():
        path.write_bytes(path.read_bytes()[:-9])

    forget(library, cache)

    assert list((cache / "libraries").iterdir()) == []


def test_where_nothing_can_be_written_all_goes_on(
    library: Library, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is read-only makes no removal fail."""
    ask(library, cache)
    library.remove(["secret"])

    def fail(*_: object, **__: object) -> None:
        raise PermissionError(30, "Read-only file system")

    for name in ("unlink", "replace", "chmod", "mkdir"):
        monkeypatch.setattr(Path, name, fail)

    forget(library, cache)


def test_a_database_in_memory_has_nothing_to_forget(cache: Path) -> None:
    """Nothing is looked for, and nothing made."""
    forget(open_library(open_database("sqlite://"), "chat"), cache)
    assert not cache.exists()


def encode_again_and_again(folder: Path) -> None:
    """Keep the windows of the secret, as a process that has not noticed yet."""
    window = (Article("secret", "secret", SAID), split_sentences(SAID))
    for _ in range(100):
        TokenFiles(folder, "library").encode([window], HashingEncoder())


def remove_again_and_again(folder: Path) -> None:
    """Delete them as often."""
    for _ in range(100):
        TokenFiles(folder, "library").remove([digest(SAID)])


def test_one_process_may_write_while_another_removes(cache: Path) -> None:
    """Neither fails, and nothing half-written stays."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        both = (encode_again_and_again, remove_again_and_again)
        for run in [processes.submit(work, cache) for work in both]:
            run.result(120)
    TokenFiles(cache, "library").remove([digest(SAID)])
    assert [path for path in cache.rglob("*") if path.is_file()] == []


@pytest.fixture
def command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: Library, cache: Path
) -> Path:
    """Ask the library once, and let commands work on it; give their folder."""
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", f"sqlite:///{tmp_path / 'db.sqlite'}")
    monkeypatch.setenv("ARTICLE_BOT_CACHE", str(cache))
    monkeypatch.chdir(tmp_path)
    ask(library, cache)
    return tmp_path


def run(*arguments: str) -> int:
    """Run a command on the library of the chat, with a model that loads at once."""
    return main(("--chat", "chat", *arguments), load_encoder=lambda _: HashingEncoder())


def test_the_command_remove_forgets(command_line: Path, cache: Path) -> None:
    """After `remove` nothing of the article is in the cache folder."""
    assert run("remove", "secret") == 0
    assert traces(cache) == set()


def test_the_command_add_forgets_what_it_replaces(command_line: Path, cache: Path) -> None:
    """After `add --replace` nothing of the old text is in the cache folder."""
    (command_line / "new.txt").write_text("Nothing is known.", encoding="utf-8")
    assert run("add", "--replace", "--id", "secret", "new.txt") == 0
    assert traces(cache) == set()


def test_what_a_killed_process_left_half_written_goes_too(library: Library, cache: Path) -> None:
    """It may hold what is removed, and nobody else would look at it within the hour."""
    Corpus(library, HashingEncoder(), cache=cache).refresh()
    settle()
    [words] = (cache / "libraries").glob("*.words")
    half = words.with_name(f"{words.name}.x1y2.tmp")
    half.write_bytes(b"zorblax")

    library.remove(["secret"])
    forget(library, cache)

    assert not half.exists()
