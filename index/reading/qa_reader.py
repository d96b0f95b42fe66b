"""
A reader of the operator's own: a model of transformers for extractive question answering.

Such a model says of each token how well an answer begins, and ends, there. Of the first token,
which is none of the text, that means: the text has no answer (so models learn it of SQuAD 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.encoding.find_model import find_model, holds_model
from index.encoding.threads import available_cores
from index.errors import ModelError
from index.reading.reading_windows import ArticleWindow
from index.reading.window_reading import NOTHING, Floats, WindowReading, short_spans

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

READER_SETTING = "ARTICLE_BOT_READER"
MAX_TOKENS = 384  # of a question and a window together, as such models are trained


class QaReader:
    """A *model* with its fast *tokenizer*, both of transformers; several threads may use one."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        self._model = model
        self._inputs = set(tokenizer.model_input_names)
        self._tokenizer = pair_tokenizer(tokenizer, longest_input(model, tokenizer))

    def read(self, question: str, windows: Sequence[ArticleWindow]) -> list[WindowReading]:
        """Read *question* against *windows*, in one batch."""
        encodings = self.encode(question, [window.text for window in windows])
        starts, ends = self.tell(encodings)
        return [
            read_window(window, encoding, starts[i], ends[i])
            for i, (window, encoding) in enumerate(zip(windows, encodings, strict=True))
        ]

    def forget(self) -> None:
        """Keep nothing of what was read, as ever."""

    def encode(self, question: str, texts: Sequence[str]) -> list[Encoding]:
        """The tokens of *question* with each of *texts*, filled up to the longest."""
        return self._tokenizer.encode_batch([(question, text) for text in texts])

    def tell(self, encodings: Sequence[Encoding]) -> tuple[Floats, Floats]:
        """The logits (n, T) that an answer begins, and ends, at each token."""
        import torch

        features = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        inputs = {
            name: torch.tensor(rows) for name, rows in features.items() if name in self._inputs
        }
        with torch.inference_mode():
            told = self._model(**inputs)
        return told.start_logits.numpy(), told.end_logits.numpy()


def longest_input(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> int:
    """How many tokens *model* may be given at once, MAX_TOKENS at most."""
    positions = getattr(model.config, "max_position_embeddings", None) or MAX_TOKENS
    return min(MAX_TOKENS, int(tokenizer.model_max_length), int(positions))


def pair_tokenizer(tokenizer: PreTrainedTokenizerBase, limit: int) -> Tokenizer:
    """
    What makes up to *limit* tokens of a question and a text.

    Set once: transformers sets its tokenizers for each call, which threads must not do together.
    The longer of the two is cut, which is the text, unless somebody asks with a whole page.
    """
    pairs: Tokenizer = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    pairs.enable_truncation(limit, strategy="longest_first")
    pairs.enable_padding(pad_id=tokenizer.pad_token_id or 0, pad_token=tokenizer.pad_token or "")
    return pairs


def read_window(
    window: ArticleWindow, encoding: Encoding, start: Floats, end: Floats
) -> WindowReading:
    """Bring the logits (T,) of a window's tokens to its sentences."""
    places = token_places(window, encoding)
    nowhere = window.spans[0].start
    scores, words, sureness = [], [], []
    for span in window.spans:
        own = np.flatnonzero(
            (span.start <= places[:, 0])
            & (places[:, 0] < places[:, 1])
            & (places[:, 1] <= span.end)
        )
        if len(own):
            score, first, last, sure = weigh_spans(start[own], end[own])
            words.append((places[own[first], 0], places[own[last], 1]))
        else:  # a sentence behind the longest input
            score, sure = float(NOTHING), float(NOTHING)
            words.append((nowhere, nowhere))
        scores.append(score)
        sureness.append(sure)
    scored, certain = (np.array(values, np.float32) for values in (scores, sureness))
    pairs = np.array(words, np.int64)
    return WindowReading(tuple(window.positions), scored, float(start[0] + end[0]), pairs, certain)


def token_places(window: ArticleWindow, encoding: Encoding) -> NDArray[np.int64]:
    """
    Where each token (T, 2) stands in the article, (-1, -1) for those of anything else.

    Without the white space that some tokenizers count to the word behind it.
    """
    text, begin = window.text, window.spans[0].start
    places = np.full((len(encoding), 2), -1, np.int64)
    for i, (part, (start, end)) in enumerate(
        zip(encoding.sequence_ids, encoding.offsets, strict=True)
    ):
        if part == 1:
            found = text[start:end]
            places[i] = begin + end - len(found.lstrip()), begin + start + len(found.rstrip())
    return places


def weigh_spans(start: Floats, end: Floats) -> tuple[float, int, int, float]:
    """
    Weigh all short spans of a sentence, whose tokens have these logits (t,).

    Returns the log-sum-exp of their scores; the first and the last token of the best one; and the
    logarithm of its probability among them.
    """
    both = np.add.outer(start.astype(np.float64), end.astype(np.float64))
    both[~short_spans(len(start))] = -np.inf
    total = float(np.logaddexp.reduce(both.ravel()))
    first, last = divmod(int(both.argmax()), len(start))
    return total, first, last, float(both[first, last]) - total


def load_qa_reader(name: str) -> QaReader:
    """
    Load the model *name*: a folder, or a name on the hub.

    Raises ModelError when there is none that answers questions.
    """
    folder = find_model(name, READER_SETTING)
    if not holds_model(folder):
        raise _no_reader(folder, "it has none of a model's files")
    try:
        model, tokenizer, untrained = _load_parts(folder)
        if untrained:
            raise ValueError(f"it was not trained to answer questions: it has no {untrained[0]}")
        if not tokenizer.is_fast:
            raise ValueError("it has no fast tokenizer, which tells where its tokens stand")
        reader = QaReader(model, tokenizer)
        reader.tell(reader.encode("who?", ["Nobody.", "I do."]))  # not at the first question
    except Exception as exc:  # the library raises whatever its parts raise
        raise _no_reader(folder, " ".join(str(exc).split())[:200]) from exc
    return reader


def _load_parts(folder: Path) -> tuple[Any, Any, list[str]]:
    """The model in *folder*, its tokenizer, and which of its weights are not there."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    torch.set_num_threads(available_cores())  # see index.encoding.torch_encoder
    # A model that comes with code of its own is refused; else it would be asked for on a terminal.
    own = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(str(folder), **own)
    model, told = AutoModelForQuestionAnswering.from_pretrained(
        str(folder), output_loading_info=True, **own
    )
    return model.float().eval(), tokenizer, sorted(told["missing_keys"])


def _no_reader(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"the reader in {folder} cannot be loaded ({reason}); name a model of transformers for "
        f"question answering in {READER_SETTING}, or leave it empty."
    )
