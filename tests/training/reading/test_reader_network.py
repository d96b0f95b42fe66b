"""A reader says the same by torch, by onnxruntime, and from the eight bits that would ship."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_texts import ROWS, texts, tokenizer

from index.datatypes import Article, LoadedArticle, Sentence, Span
from index.reading.reading_windows import ArticleWindow
from index.training.reading.question_pairs import Rareness, Surroundings, make_bundle
from index.training.reading.text_windows import ReadingWindow, tile_text

if TYPE_CHECKING:
    from index.reading.reader_network import Reader, Shape
    from index.training.reading.reader_batch import Batch

pytestmark = pytest.mark.slow  # importing torch takes seconds

QUESTION = "who said that the wood was bad?"


def small_shape() -> Shape:
    """A network that fits into a test."""
    from index.reading.reader_network import Shape

    return Shape(width=24, heads=2, inner=32, layers=4)


@pytest.fixture
def network() -> Reader:
    """Make a reader at random."""
    import torch

    from index.reading.reader_network import Reader

    torch.manual_seed(5)
    return Reader(shape=small_shape()).eval()


def make_batch() -> Batch:
    """A batch of the pairs of both texts."""
    import random

    from index.training.reading.reader_batch import collate

    common = Surroundings(tokenizer(), Rareness(texts()), {}, ())
    return collate(
        [make_bundle(text, text.questions, common, random.Random(2)) for text in texts()]
    )


def windows() -> list[ReadingWindow]:
    """The windows of the first text, of different lengths."""
    return tile_text(texts()[0], 64, 2)


def article_windows() -> list[ArticleWindow]:
    """The same, of the article as a library would load it."""
    [row, _], [text, _] = ROWS, texts()
    sentences = [Sentence(Span(sentence.start, sentence.end), 1) for sentence in text.sentences]
    source = LoadedArticle(1, Article(row["id"], row["title"], row["text"]), sentences)
    return [
        ArticleWindow(source, range(window.positions[0], window.positions[-1] + 1))
        for window in windows()
    ]


def test_eight_bits_keep_the_logits(network: Reader, tmp_path: Path) -> None:
    """To .02 for a network at random, whose logits are of the size of 1."""
    import torch

    from index.reading.reader_weights import load_int8, save_int8
    from index.training.reading.reader_batch import read_batch

    save_int8(network, tmp_path / "reader.npz")
    loaded = load_int8(tmp_path / "reader.npz", network.words.weight, small_shape())
    batch = make_batch()
    with torch.no_grad():
        wanted, found = read_batch(network, batch), read_batch(loaded, batch)
    assert loaded.cut == network.cut
    assert wanted.token.std() > 0.1
    for name in ("token", "null", "start", "end"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=0, atol=0.02)


def test_the_exported_graphs_read_as_torch_does(network: Reader, tmp_path: Path) -> None:
    """The same scores, nulls and words of windows of different lengths in one batch."""
    from index.reading.onnx_reader import OnnxReader
    from index.reading.reader_graphs import export_graphs
    from index.training.reading.torch_reader import TorchReader

    export_graphs(network, tmp_path)
    [text, _] = texts()
    served = OnnxReader(tmp_path, tokenizer()).read(QUESTION, article_windows())
    jobs = [(QUESTION, text, window) for window in windows()]
    learnt = TorchReader(network, tokenizer(), half=False).read(jobs)
    for found, wanted in zip(served, learnt, strict=True):
        assert found.positions == wanted.positions
        np.testing.assert_allclose(found.gains, wanted.gains, atol=1e-5)
        np.testing.assert_array_equal(found.words, wanted.words)


def test_padding_changes_nothing(network: Reader) -> None:
    """A pair is read in a batch as it is read alone."""
    import torch

    from index.training.reading.reader_batch import read_batch

    batch = make_batch()
    with torch.no_grad():
        together = read_batch(network, batch)
        for pair, (at, of) in enumerate(zip(batch.question, batch.window, strict=True)):
            question = batch.questions[at][batch.questions[at] > 0][None]
            window = batch.windows[of][batch.windows[of] > 0][None]
            asked, shown = question > 0, window > 0
            states = network.lower(question, asked, 0), network.lower(window, shown, 1)
            alone = network.upper(states[0], asked, states[1], shown)
            own = together.token[pair, : window.shape[1]]
            np.testing.assert_allclose(own, alone.token[0], atol=1e-5)
            np.testing.assert_allclose(together.null[pair], alone.null[0], atol=1e-5)


def test_sentences_are_scored_as_they_were_learnt(network: Reader) -> None:
    """What the loss makes of logits is what a reading makes of them."""
    import torch

    from index.training.reading.reader_batch import pad
    from index.training.reading.reader_losses import sentence_scores
    from index.training.reading.text_windows import tokenise_window
    from index.training.reading.torch_reader import TorchReader

    [text, _] = texts()
    window = windows()[0]
    tokens = tokenise_window(text, window)
    [reading] = TorchReader(network, tokenizer(), half=False).read([(QUESTION, text, window)])
    [asked] = [tokenizer().encode(QUESTION).ids]
    question, shown = pad([asked], 0), pad([tokens.ids], 0)
    with torch.no_grad():
        states = network.lower(question, question > 0, 0), network.lower(shown, shown > 0, 1)
        logits = network.upper(states[0], question > 0, states[1], shown > 0)
        scores = sentence_scores(logits.token, pad([tokens.owner], -1), len(window.positions))
    np.testing.assert_allclose(reading.scores, scores[0], atol=1e-5)


def test_a_reader_begins_as_the_packaged_model() -> None:
    """Cut nowhere, with nothing to read beside it, its states are the model's."""
    import torch
    from sentence_transformers import SentenceTransformer

    from index.encoding.find_model import find_model
    from index.reading.reader_network import from_minilm

    folder = find_model(None)
    reader = from_minilm(folder, cut=6).eval()
    ids = torch.tensor([tokenizer().encode(QUESTION).ids])
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    features = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    with torch.no_grad():
        wanted = model[0](features)["token_embeddings"]
        found = reader.lower(ids, ids > 0, 0)
    np.testing.assert_allclose(found, wanted, atol=1e-4)
