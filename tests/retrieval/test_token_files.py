"""Windows on disk: as they were encoded or encoded anew, under a limit, and for nobody else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.answering import Answerer
from index.datatypes import Answer, Article
from index.encoding.protocol import Encoder, TokenVectors
from index.encoding.token_windows import EncodedSentence, encode_windows
from index.retrieval.corpus import Corpus
from index.retrieval.token_files import LIMIT, SETS, Piece, TokenFiles, files_of
from index.storage.database import open_database, seed_articles
from index.storage.engine import lasting_name
from index.storage.ingest import add_articles
from index.storage.library import Library, open_library
from index.text.articles import digest
from index.text.readers import ReadArticle
from index.text.sentences import split_sentences

TEXT = "One storm came. Did it? Nobody was hurt…\n\nThe pier is 1,200 metres long."
WINDOW_BYTES = 4 + 4 * 4 + 2 * 15 * (4 + 32)  # of TEXT: 4 sentences and 15 words in 32 dimensions
QUESTION = "what conditions did the US set?"


class CountingEncoder(HashingEncoder):
    """Notes what it is given to encode."""

    def __init__(self, identity: str = "hashing-1") -> None:
        super().__init__(identity)
        self.windows: list[str] = []

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.windows.extend(texts)
        return super().encode_tokens(texts)


@pytest.fixture
def files(tmp_path: Path) -> TokenFiles:
    """Keep windows in a folder that is not there yet."""
    return TokenFiles(tmp_path / "cache" / "windows", "library")


def window_of(text: str, language: str = "en") -> Piece:
    """Make one window of a whole text."""
    return Article("a", "A", text, language=language), split_sentences(text)


def numbered(count: int) -> list[Piece]:
    """Make as many windows, each of other words and of as many bytes."""
    return [window_of(f"Storm number{i} came to the harbour.") for i in range(count)]


def all_files(files: TokenFiles) -> list[Path]:
    """List the files, the one that was used last at the end."""
    found = [path for path in files.folder.rglob("*") if path.is_file()]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def is_kept(files: TokenFiles, window: Piece, identity: str = "hashing-1") -> bool:
    """Whether the encoder is not needed for *window*."""
    encoder = CountingEncoder(identity)
    files.encode([window], encoder)
    return not encoder.windows


def assert_same(found: Sequence[EncodedSentence], expected: Sequence[EncodedSentence]) -> None:
    """Compare all that is known of the sentences, to the last bit."""
    for own, wanted in zip(found, expected, strict=True):
        assert (own.text, own.words) == (wanted.text, wanted.words)
        assert own.is_question == wanted.is_question
        for part in ("values", "scales"):
            pair = [getattr(sentence.layers, part) for sentence in (own, wanted)]
            assert pair[0].dtype == pair[1].dtype
            np.testing.assert_array_equal(*pair)


# What is read


@given(st.text(max_size=300).filter(split_sentences), st.sampled_from(["en", "ru", "zh"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_read_is_what_was_encoded(files: TokenFiles, text: str, language: str) -> None:
    """Whatever the text, its window comes back from disk as the encoder made it."""
    window = window_of(text, language)
    files.encode([window], HashingEncoder())
    encoder = CountingEncoder()

    [found] = files.encode([window], encoder)

    assert not encoder.windows
    assert_same(found, encode_windows([window], HashingEncoder())[0])


def test_only_what_is_missing_is_encoded(files: TokenFiles) -> None:
    """Windows come in the order in which they are asked for, whether they were there or not."""
    windows, encoder = numbered(5), CountingEncoder()
    files.encode([windows[3], windows[1]], HashingEncoder())

    found = files.encode(windows, encoder)

    assert encoder.windows == [windows[i][0].text for i in (0, 2, 4)]
    for own, expected in zip(found, encode_windows(windows, HashingEncoder()), strict=True):
        assert_same(own, expected)


def test_the_same_text_has_one_file(files: TokenFiles) -> None:
    """An article that has got another name is not encoded anew."""
    article, sentences = window_of(TEXT)
    files.encode([(article, sentences)], HashingEncoder())

    assert is_kept(files, (Article("b", "Another title", TEXT, "a link"), sentences))
    assert len(all_files(files)) == 1


def test_each_library_has_its_own_file(files: TokenFiles) -> None:
    """What one of them removes is no loss for the other."""
    window = window_of(TEXT)
    files.encode([window], HashingEncoder())
    other = replace(files, library="other")
    other.encode([window], HashingEncoder())

    files.remove(files.articles())

    assert is_kept(other, window)
    assert not is_kept(files, window)


def test_the_windows_of_an_article_can_be_removed(files: TokenFiles) -> None:
    """All of them go, and those that are half-written; those of other articles stay."""
    article, sentences = window_of(TEXT)
    windows = [(article, sentences[:2]), (article, sentences[2:])]
    files.encode([*windows, window_of("A storm.")], HashingEncoder())
    [unfinished] = [f"{path}.half.tmp" for path in all_files(files)][:1]
    Path(unfinished).write_bytes(b"half")

    files.remove([digest(TEXT)])

    assert files.articles() == {digest("A storm.")}
    assert is_kept(files, window_of("A storm."))
    assert not any(digest(TEXT) in path.name for path in all_files(files))


def test_another_encoder_does_not_read_it(files: TokenFiles) -> None:
    """Vectors of another model, or of the same in another precision, are none."""
    files.encode([window_of(TEXT)], HashingEncoder())
    assert not is_kept(files, window_of(TEXT), "hashing-1-int8")


def test_another_division_into_sentences_does_not_read_it(files: TokenFiles) -> None:
    """The tokens of a sentence are those between its own borders."""
    article, sentences = window_of(TEXT)
    files.encode([(article, sentences)], HashingEncoder())
    moved = [*sentences[:-1], replace(sentences[-1], span=replace(sentences[-1].span, start=45))]
    assert not is_kept(files, (article, moved))


# What is not trusted


@given(at=st.integers(0, WINDOW_BYTES - 1), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_wrong_bit_is_noticed(files: TokenFiles, at: int, bit: int) -> None:
    """Wherever a file is damaged, its window is encoded anew, and kept as it should be."""
    window = window_of(TEXT)
    [expected] = files.encode([window], HashingEncoder())
    [file] = all_files(files)
    content = bytearray(file.read_bytes())
    content[at] ^= 1 << bit
    file.write_bytes(content)

    [found] = files.encode([window], HashingEncoder())

    assert_same(found, expected)
    assert is_kept(files, window)


@given(length=st.integers(0, 2 * WINDOW_BYTES).filter(lambda length: length != WINDOW_BYTES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_of_another_length_is_noticed(files: TokenFiles, length: int) -> None:
    """A file that was cut off, or goes on after its end, is as good as none."""
    window = window_of(TEXT)
    files.encode([window], HashingEncoder())
    [file] = all_files(files)
    assert file.stat().st_size == WINDOW_BYTES
    os.truncate(file, length)
    assert not is_kept(files, window)


def test_the_file_of_another_window_is_noticed(files: TokenFiles) -> None:
    """A file is right only under its own name."""
    first, second = numbered(2)
    files.encode([first], HashingEncoder())
    [file] = all_files(files)
    files.encode([second], HashingEncoder())
    [copy] = set(all_files(files)) - {file}
    copy.write_bytes(file.read_bytes())
    assert not is_kept(files, second)


# Where it is kept, and from whom


def test_nobody_else_may_look(files: TokenFiles) -> None:
    """Neither the files nor their names may be read by other users."""
    files.encode([window_of(TEXT)], HashingEncoder())
    for path in (files.folder, *files.folder.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


def test_a_folder_that_others_could_read_is_closed(files: TokenFiles) -> None:
    """What an earlier version made, or a careless hand, is mended when it is written to."""
    files.folder.mkdir(0o755, parents=True)
    files.folder.chmod(0o755)
    files.encode([window_of(TEXT)], HashingEncoder())
    assert files.folder.stat().st_mode & 0o777 == 0o700


def test_where_nothing_can_be_written_all_goes_on(tmp_path: Path) -> None:
    """A folder that cannot be made means that windows are encoded each time, and no error."""
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    files, encoder = TokenFiles(blocked / "windows", "library"), CountingEncoder()

    for _ in range(2):
        [found] = files.encode([window_of(TEXT)], encoder)
        assert_same(found, encode_windows([window_of(TEXT)], HashingEncoder())[0])

    assert encoder.windows == [TEXT, TEXT]


def test_a_full_disk_leaves_nothing_half_written(
    files: TokenFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the file cannot take its name, none is left behind, and the window still comes."""

    def fail(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    [found] = files.encode([window_of(TEXT)], HashingEncoder())

    assert [sentence.text for sentence in found] == [
        TEXT[s.span.start : s.span.end] for s in window_of(TEXT)[1]
    ]
    assert all_files(files) == []


def test_what_is_kept_can_be_read_where_nothing_can_be_written(
    files: TokenFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder that is read-only, a file need not be marked as used to be used."""
    files.encode([window_of(TEXT)], HashingEncoder())

    def fail(path: Path) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(os, "utime", fail)
    assert is_kept(files, window_of(TEXT))


def test_a_database_in_memory_keeps_nothing_on_disk(tmp_path: Path) -> None:
    """What is measured or tried out in memory leaves no file; a database that lasts does."""
    lasting = open_database(f"sqlite:///{tmp_path / 'db.sqlite'}")
    library = open_library(lasting, "chat")
    assert files_of(open_library(open_database("sqlite://"), "chat"), tmp_path) is None
    assert files_of(library, tmp_path) == TokenFiles(
        tmp_path / "windows", str(lasting_name(library.engine, library.chat))[:16]
    )


# The limit


@pytest.fixture
def narrow(files: TokenFiles) -> TokenFiles:
    """Give each set room for two windows of ``numbered``."""
    files.encode(numbered(1), HashingEncoder())
    [file] = all_files(files)
    return replace(files, limit=SETS * 2 * file.stat().st_size)


def test_the_limit_holds(narrow: TokenFiles) -> None:
    """However many windows are kept, together they take no more than the limit."""
    for window in numbered(300):
        narrow.encode([window], HashingEncoder())
    sizes = [path.stat().st_size for path in all_files(narrow)]
    assert 0.8 * narrow.limit < sum(sizes) <= narrow.limit


def test_what_was_not_used_for_longest_goes(narrow: TokenFiles) -> None:
    """Of a full set the window goes that nobody has read or written since the others."""
    windows = numbered(300)
    windows_of: dict[Path, Piece] = {}
    for window in windows:  # three that belong to one set, known before any is pushed out
        before = set(all_files(narrow))
        replace(narrow, limit=LIMIT).encode([window], HashingEncoder())
        for path in set(all_files(narrow)) - before:
            windows_of[path] = window
        together = [held for held in windows_of if held.parent == path.parent]
        if len(together) == 3:
            break
    first, second, third = together
    third.unlink()
    for age, path in enumerate((first, second), start=1):
        os.utime(path, (1_000_000 * age, 1_000_000 * age))

    assert is_kept(narrow, windows_of[first])
    narrow.encode([windows_of[third]], HashingEncoder())

    assert {path for path in together if path.exists()} == {first, third}


def test_what_a_killed_process_left_goes_as_well(narrow: TokenFiles) -> None:
    """A half-written file counts, and is deleted when it is the oldest."""
    [file] = all_files(narrow)
    left = file.parent / "half.tmp"
    left.write_bytes(bytes(3 * file.stat().st_size))
    os.utime(left, (0, 0))
    file.unlink()

    narrow.encode(numbered(1), HashingEncoder())

    assert all_files(narrow) == [file]


# Several at once, and the answers


def encode_in_turns(folder: Path, limit: int) -> list[int]:
    """Encode the same windows again and again; return how many tokens their sentences had."""
    files = TokenFiles(folder, "library", limit)
    return [
        len(sentence.layers)
        for _ in range(5)
        for found in files.encode(numbered(100), HashingEncoder())
        for sentence in found
    ]


@pytest.mark.slow
def test_two_processes_may_use_one_folder(narrow: TokenFiles) -> None:
    """They write and delete the same files at the same time, and each gets the right windows."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        runs = [processes.submit(encode_in_turns, narrow.folder, narrow.limit) for _ in range(2)]
        assert [run.result(120) for run in runs] == [[6] * 500] * 2
    assert not list(narrow.folder.rglob("*.tmp"))


def answer(library: Library, encoder: Encoder, cache: Path) -> Answer:
    """Answer the question in a corpus that was just opened, as in a new process."""
    return replace(Answerer(Corpus(library, encoder, cache=cache)).answer(QUESTION), elapsed_ms=0.0)


def test_answers_are_the_same_from_disk(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new process reads the windows that another has encoded, and gives the same answer."""
    library = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "chat")
    list(
        add_articles(
            library, lambda: encoder, [ReadArticle(article) for article in seed_articles()]
        )
    )
    first = answer(library, encoder, tmp_path)
    encoded: list[str] = []
    whole = encoder.encode_tokens
    monkeypatch.setattr(
        encoder, "encode_tokens", lambda texts: (encoded.extend(texts), whole(texts))[1]
    )

    assert answer(library, encoder, tmp_path) == first
    assert encoded == [QUESTION]
