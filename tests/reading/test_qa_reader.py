"""A reader of the operator's own, with a tiny real model of random weights."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import HashingEncoder, loaded_article, put_article

from bot.cli import main
from index.answering import Answerer
from index.datatypes import Span
from index.encoding.find_model import find_model
from index.errors import ModelError
from index.ranking.signals import SIGNALS
from index.reading import fused_ranking
from index.reading.qa_reader import MAX_TOKENS, QaReader, load_qa_reader
from index.reading.reading_confidence import READING_SIGNALS, ReadingModel, make_model
from index.reading.reading_windows import ArticleWindow
from index.reading.window_reading import LONGEST_WORDS, NOTHING, WindowReading
from index.retrieval.corpus import Corpus
from index.storage.library import Library

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

LONG = " ".join(f"storm {i}" for i in range(40))
STORY = [
    "A storm came.",
    "Zoë’s café — the old one 🙂 — was closed in May.",
    "She called them heroes!",
    f"Nobody counted {LONG}.",
    "The repair costs two million.",
]
SHORT = [STORY[0], STORY[1], STORY[2], STORY[4]]
SOURCE = loaded_article(STORY)
WINDOWS = [ArticleWindow(SOURCE, range(*places)) for places in ((1, 4), (0, 1), (2, 5))]
QUESTION = "when was the café closed?"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a model for question answering of two small layers, which is sure of what it says."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, BertTokenizerFast

    folder = tmp_path_factory.mktemp("answering")
    BertTokenizerFast(vocab=str(find_model(None) / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
    )
    answering = BertForQuestionAnswering(config)
    answering.qa_outputs.weight.data *= 100  # else all words are equally likely
    answering.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def reader(model: Path) -> QaReader:
    """Load that model."""
    return load_qa_reader(str(model))


@pytest.fixture
def calibrated(monkeypatch: pytest.MonkeyPatch) -> ReadingModel:
    """Let the reader alone choose the sentence; every confidence is the same."""
    known = make_model(
        {
            "weight": 100.0,
            "calibration": {**dict.fromkeys((*SIGNALS, *READING_SIGNALS), 0.0), "bias": 1.0},
            "tiers": {"may": 0.2, "says": 0.6},
        }
    )
    monkeypatch.setattr(fused_ranking, "packaged_model", lambda: known)
    return known


@pytest.mark.slow
def test_words_stand_inside_their_sentence(reader: QaReader) -> None:
    """The answering words are whole words of their sentence, whatever stands before it."""
    for window, reading in zip(WINDOWS, reader.read(QUESTION, WINDOWS), strict=True):
        for span, (start, end) in zip(window.spans, reading.words.tolist(), strict=True):
            assert span.start <= start < end <= span.end
            words = SOURCE.article.text[start:end]
            assert words == words.strip()


@pytest.fixture
def spaced(tmp_path: Path) -> QaReader:
    """Make a model whose tokens, of bytes, begin with the space before a word."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from tokenizers.processors import RobertaProcessing
    from transformers import PreTrainedTokenizerFast, RobertaConfig, RobertaForQuestionAnswering

    tokens = ByteLevelBPETokenizer()
    tokens.train_from_iterator(STORY, 400, 1, special_tokens=["<s>", "<pad>", "</s>"])
    tokens.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=False)
    PreTrainedTokenizerFast(
        tokenizer_object=tokens._tokenizer,  # the library wraps it
        pad_token="<pad>",
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(tmp_path)
    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=400,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        type_vocab_size=1,
        max_position_embeddings=514,
    )
    RobertaForQuestionAnswering(config).save_pretrained(tmp_path)
    return load_qa_reader(str(tmp_path))


@pytest.mark.slow
def test_words_begin_behind_the_space(spaced: QaReader) -> None:
    """Tokens that begin with a space, or are half a sign, make words of whole signs without it."""
    [reading] = spaced.read("who?", WINDOWS[:1])
    assert (reading.scores > NOTHING).all()
    for span, (start, end) in zip(WINDOWS[0].spans, reading.words.tolist(), strict=True):
        assert span.start <= start < end <= span.end
        words = SOURCE.article.text[start:end]
        assert words == words.strip()


def double_loop(model: Path, window: ArticleWindow) -> WindowReading:
    """What *window* says to QUESTION, by the book: transformers' tokenizer, every span in turn."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer: PreTrainedTokenizerFast = AutoTokenizer.from_pretrained(model)
    features = tokenizer(QUESTION, window.text, return_tensors="pt", return_offsets_mapping=True)
    begin = window.spans[0].start
    places = [(begin + s, begin + e) for s, e in features.pop("offset_mapping")[0].tolist()]
    of_text = [part == 1 for part in features.sequence_ids(0)]
    with torch.no_grad():
        told = AutoModelForQuestionAnswering.from_pretrained(model)(**features)
    start, end = told.start_logits[0].tolist(), told.end_logits[0].tolist()
    scores, words, sureness = [], [], []
    for span in window.spans:
        weights = {}
        for i in range(len(start)):
            for j in range(i, min(i + LONGEST_WORDS, len(start))):
                if of_text[i] and span.start <= places[i][0] and places[j][1] <= span.end:
                    weights[places[i][0], places[j][1]] = start[i] + end[j]
        best = max(weights, key=weights.__getitem__)
        scores.append(math.log(sum(map(math.exp, weights.values()))))
        words.append(best)
        sureness.append(weights[best] - scores[-1])
    return WindowReading(
        tuple(window.positions),
        np.array(scores, np.float32),
        start[0] + end[0],
        np.array(words),
        np.array(sureness, np.float32),
    )


def check_same(readings: Sequence[WindowReading], others: Sequence[WindowReading]) -> None:
    """Readings are the same but for what floats differ by."""
    for reading, other in zip(readings, others, strict=True):
        assert reading.positions == other.positions
        assert reading.words.tolist() == other.words.tolist()
        assert reading.null == pytest.approx(other.null, abs=1e-3)
        np.testing.assert_allclose(reading.scores, other.scores, atol=1e-3)
        np.testing.assert_allclose(reading.sureness, other.sureness, atol=1e-3)


@pytest.mark.slow
def test_scores_are_those_of_a_double_loop(model: Path, reader: QaReader) -> None:
    """Scores, words and null are what going through every span in turn gives."""
    check_same(reader.read(QUESTION, WINDOWS), [double_loop(model, window) for window in WINDOWS])


@pytest.mark.slow
def test_a_batch_says_what_each_window_says_alone(reader: QaReader) -> None:
    """What is read beside a window changes nothing of what it says."""
    alone = [reader.read(QUESTION, [window])[0] for window in WINDOWS]
    check_same(reader.read(QUESTION, WINDOWS), alone)


@pytest.mark.slow
def test_several_threads_may_read(reader: QaReader) -> None:
    """Questions that are read at once are read as each alone is."""
    questions = [f"who counted {'storms ' * i}?" for i in range(8)]
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(lambda question: reader.read(question, WINDOWS), questions))
    for question, readings in zip(questions, read, strict=True):
        check_same(readings, reader.read(question, WINDOWS))


@pytest.mark.slow
def test_a_sentence_behind_the_longest_input_says_nothing(reader: QaReader) -> None:
    """What the model was not given has no score, and no words."""
    source = loaded_article(["It begins.", "storm " * MAX_TOKENS + ".", "It ends."])
    [reading] = reader.read(QUESTION, [ArticleWindow(source, range(3))])
    start, end = reading.words[2]
    assert (reading.scores[2], reading.sureness[2], end - start) == (NOTHING, NOTHING, 0)


@pytest.mark.slow
def test_a_page_as_a_question_is_read(reader: QaReader) -> None:
    """A question that is longer than what the model can be given fails nothing."""
    [reading] = reader.read("storm " * 2 * MAX_TOKENS, WINDOWS[1:2])
    assert np.isfinite(reading.scores).all()


@pytest.mark.slow
def test_an_answer_is_what_the_reader_chooses(
    reader: QaReader, library: Library, calibrated: ReadingModel
) -> None:
    """The sentence of the greatest score is shown first, with its words and a confidence."""
    put_article(library, "story", "\n\n".join(SHORT))
    answer = Answerer(Corpus(library, HashingEncoder()), reader=reader).answer(QUESTION)
    source, passage = answer.hits[0].source, answer.passages[0]
    [read] = reader.read(QUESTION, [ArticleWindow(source, range(len(SHORT)))])
    chosen = int(read.scores.argmax())

    assert passage.best == source.sentences[chosen].span
    assert passage.answer == Span(*read.words[chosen].tolist())
    assert (answer.confidence, answer.tier) == (pytest.approx(1 / (1 + math.exp(-1))), "says")


def save_without_offsets(folder: Path) -> None:
    """Give *folder* a tokenizer that does not tell where its tokens stand."""
    from transformers import CanineTokenizer

    for file in folder.glob("tokenizer*"):
        file.unlink()
    CanineTokenizer().save_pretrained(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        ("answers", "it was not trained to answer questions: it has no qa_outputs.bias"),
        ("offsets", "it has no fast tokenizer, which tells where its tokens stand"),
        ("weights", "model.safetensors"),
    ],
)
def test_a_model_that_cannot_be_used_is_named(
    lacking: str, reason: str, model: Path, tmp_path: Path
) -> None:
    """One sentence says what is wrong with a model, and which setting to change."""
    folder = tmp_path / "model"
    shutil.copytree(find_model(None) if lacking == "answers" else model, folder)
    if lacking == "offsets":
        save_without_offsets(folder)
    if lacking == "weights":
        (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError) as caught:
        load_qa_reader(str(folder))
    told = str(caught.value)

    assert told.startswith(f"the reader in {folder} cannot be loaded (")
    assert reason in told
    assert "in ARTICLE_BOT_READER, or leave it empty." in told


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    """A folder with nothing of a model is known without loading torch."""
    with pytest.raises(ModelError, match=r"none of a model's files.*ARTICLE_BOT_READER"):
        load_qa_reader(str(tmp_path))


@pytest.mark.slow
def test_the_command_line_reads_with_it(
    model: Path,
    calibrated: ReadingModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`ARTICLE_BOT_READER` names a folder, and the answer has words that its model chose."""
    monkeypatch.setenv("ARTICLE_BOT_READER", str(model))
    command = ["--database", f"sqlite:///{tmp_path / 'db.sqlite'}", "ask", "--json"]
    main([*command, "who sent the Taliban home?"], load_encoder=lambda _: HashingEncoder())
    passage = json.loads(capsys.readouterr().out)["passages"][0]

    words, start = passage["answer"], passage["start"]
    assert passage["best"]["start"] <= words["start"] < words["end"] <= passage["best"]["end"]
    assert words["text"] == passage["text"][words["start"] - start : words["end"] - start]
