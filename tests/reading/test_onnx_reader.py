"""The reader as it serves: batches, what is kept of windows, threads, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from small_readings import source_of

from index.datatypes import LoadedArticle
from index.encoding.protocol import Encoder
from index.reading import onnx_reader
from index.reading.onnx_reader import OnnxReader, States
from index.reading.packaged_reader import load_packaged_reader
from index.reading.question_reading import QuestionReading, combine_readings
from index.reading.reading_windows import ArticleWindow
from index.reading.window_reading import WindowReading
from index.storage.database import seed_articles
from index.text.sentences import split_sentences

NAMED = "who was named by Biden as the new US special representative?"
QUESTIONS = (NAMED, "what did the spokeswoman say?", "who is allowed to work?", "why?")


@pytest.fixture(scope="module")
def seed(encoder: Encoder) -> LoadedArticle:
    """The seed article, as a library would load it."""
    [article] = seed_articles()
    sentences = split_sentences(article.text)
    counts = encoder.count_tokens([article.cut(sentence.span) for sentence in sentences])
    return LoadedArticle(1, article, sentences, counts=counts)


@pytest.fixture
def fresh(reader: OnnxReader, cache: Path) -> OnnxReader:
    """Open the reader once more, so that it has read nothing."""
    opened = load_packaged_reader("fp32", cache, print)
    assert opened is not None
    assert opened is not reader
    return opened


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """List how many windows each run of the lower graph encodes."""
    runs: list[int] = []
    lower = OnnxReader.lower

    def counted(self: OnnxReader, rows: Sequence[Sequence[int]], kind: int) -> States:
        if kind == 1:
            runs.append(len(rows))
        return lower(self, rows, kind)

    monkeypatch.setattr(OnnxReader, "lower", counted)
    return runs


def windows_of(source: LoadedArticle, size: int = 3) -> list[ArticleWindow]:
    """All of *source*, in windows of so many sentences."""
    count = len(source.sentences)
    return [ArticleWindow(source, range(at, min(at + size, count))) for at in range(0, count, size)]


def read_all(reader: OnnxReader, question: str, source: LoadedArticle) -> QuestionReading:
    """Let all of *source* compete."""
    windows = windows_of(source)
    places = [window.positions for window in windows]
    return combine_readings(len(source.sentences), reader.read(question, windows), places)


def assert_same(found: WindowReading, expected: WindowReading) -> None:
    """Both say the same, as far as numbers of different batches can."""
    np.testing.assert_allclose(found.gains, expected.gains, atol=1e-3)
    np.testing.assert_allclose(found.sureness, expected.sureness, atol=1e-3)
    np.testing.assert_array_equal(found.words, expected.words)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (NAMED, "being named by President Joe Biden"),
        ("who is Biden’s senior diplomat?", "Secretary of State Antony Blinken"),
    ],
)
def test_what_answers_is_read(
    question: str, words: str, reader: OnnxReader, seed: LoadedArticle
) -> None:
    """Of two sentences that share their words, the one that says so is the more probable."""
    read = read_all(reader, question, seed)
    assert words in seed.article.cut(seed.sentences[int(read.sentences.argmax())].span)


def test_a_question_about_something_else_has_no_answer(
    reader: OnnxReader, seed: LoadedArticle
) -> None:
    """None of all sentences is more probable than any of them."""
    read = read_all(reader, "how do I reset my password?", seed)
    assert read.none > read.sentences.max()


def test_a_window_is_read_beside_others_as_alone(fresh: OnnxReader, seed: LoadedArticle) -> None:
    """Windows of different lengths in one batch, or each by itself: they say the same."""
    windows = [*windows_of(seed, 4), ArticleWindow(seed, range(1))]
    alone = [fresh.read(NAMED, [window])[0] for window in windows]
    for found, expected in zip(fresh.read(NAMED, windows), alone, strict=True):
        assert_same(found, expected)


def test_windows_are_encoded_beside_others_as_alone(
    reader: OnnxReader, fresh: OnnxReader, seed: LoadedArticle
) -> None:
    """What is kept of a window does not depend on those that were new with it."""
    windows = windows_of(seed, 2)
    for window in windows:
        fresh.read(NAMED, [window])
    for found, expected in zip(
        fresh.read(NAMED, windows), reader.read(NAMED, windows), strict=True
    ):
        assert_same(found, expected)


def test_a_window_is_encoded_once(
    fresh: OnnxReader, seed: LoadedArticle, encoded: list[int]
) -> None:
    """The next question only encodes what nobody has read yet, and hears the same of the rest."""
    first, second, third = windows_of(seed)[:3]
    before = fresh.read(NAMED, [first, second])
    fresh.read("why?", [second, third])
    assert encoded == [2, 1]
    for found, expected in zip(fresh.read(NAMED, [first, second]), before, strict=True):
        assert_same(found, expected)
    assert encoded == [2, 1]


def test_an_equal_text_elsewhere_is_not_encoded_again(
    fresh: OnnxReader, encoded: list[int]
) -> None:
    """A copy in another article, further down: the same is read, with its own places."""
    texts, before = ["Ada came on Monday.", "She left in May."], "Nobody else was there."
    original = ArticleWindow(source_of(texts, title="Ada"), range(2))
    copy = ArticleWindow(source_of([before, *texts], key=2, title="Ada"), range(1, 3))
    [own], [other] = (fresh.read("when did she leave?", [window]) for window in (original, copy))
    assert encoded == [1]
    assert other.positions == (1, 2)
    np.testing.assert_array_equal(other.words, own.words + len(before) + 1)
    np.testing.assert_allclose(other.gains, own.gains, atol=1e-5)


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        pytest.param(["A b.", "C d."], "Other", id="title"),
        pytest.param(["A b. C", "d."], "", id="sentences"),
    ],
)
def test_what_is_read_otherwise_is_encoded_again(
    texts: list[str], title: str, fresh: OnnxReader, encoded: list[int]
) -> None:
    """Under another title, or with other borders of sentences, it is another window."""
    fresh.read("why?", [ArticleWindow(source_of(["A b.", "C d."]), range(2))])
    fresh.read("why?", [ArticleWindow(source_of(texts, title=title), range(2))])
    assert encoded == [1, 1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answering_words_stand_in_their_sentence(
    question: str, reader: OnnxReader, seed: LoadedArticle
) -> None:
    """Of whatever sentence, they are whole words of its text, in their order."""
    windows = windows_of(seed)
    for window, reading in zip(windows, reader.read(question, windows), strict=True):
        for span, (start, end) in zip(window.spans, reading.words.tolist(), strict=True):
            assert span.start <= start < end <= span.end
            assert seed.article.text[start:end].strip() == seed.article.text[start:end]


def test_what_is_kept_has_a_limit(
    reader: OnnxReader, cache: Path, seed: LoadedArticle,
    monkeypatch: pytest.MonkeyPatch, encoded: list[int],
) -> None:  # fmt: skip
    """When the bytes are used up the window that was not read for longest goes."""
    windows = windows_of(seed, 1)[:6]
    monkeypatch.setattr(onnx_reader, "STATE_CACHE_BYTES", 300_000)  # 195 tokens
    small = load_packaged_reader("fp32", cache, print)
    assert small is not None
    encoded.clear()  # opening it reads a window to check it
    for window in windows:
        small.read("why?", [window])
    small.read("why?", windows[-1:])
    assert encoded == [1] * 6
    small.read("why?", windows[:1])
    assert encoded == [1] * 7


def test_several_threads_use_one_reader(
    reader: OnnxReader, fresh: OnnxReader, seed: LoadedArticle
) -> None:
    """Each hears what it would hear alone, also while the windows are still unknown."""
    windows = windows_of(seed)
    jobs = [(question, windows[at : at + 2]) for at in range(4) for question in QUESTIONS]
    expected = [reader.read(*job) for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda job: fresh.read(*job), jobs))
    for ours, theirs in zip(found, expected, strict=True):
        for one_reading, other_reading in zip(ours, theirs, strict=True):
            assert_same(one_reading, other_reading)


def test_a_sentence_longer_than_a_window_is_read_as_far_as_it_goes(reader: OnnxReader) -> None:
    """Its answering words stand in it all the same."""
    long = source_of(["The ship " + "sailed and " * 150 + "sank."])
    [reading] = reader.read("what sank?", [ArticleWindow(long, range(1))])
    [(start, end)] = reading.words.tolist()
    assert 0 <= start < end <= len(long.article.text)
    assert np.isfinite(reading.gains).all()


@pytest.mark.parametrize("question", ["?", "🤔", "why " * 300, "[SEP] [PAD]"])
def test_any_question_can_be_read(question: str, reader: OnnxReader, seed: LoadedArticle) -> None:
    """However short, long or odd: each sentence gets a number."""
    for reading in reader.read(question, windows_of(seed)):
        assert np.isfinite(reading.gains).all()
        assert np.isfinite(reading.sureness).all()
