"""
Tokens of what is read: a question, and a window of an article.

A question is [CLS] words [SEP], a window [CLS] title [SEP] sentences [SEP]. Training and serving
make both with the functions of this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer
from tokenizers.normalizers import NFKC
from tokenizers.normalizers import Sequence as Sequence_

from index.encoding.find_model import find_model

CLS, SEP = 101, 102  # of the vocabulary of BERT, uncased
MAX_QUESTION = 40  # tokens with [CLS] and [SEP]; 99.8 % of the written questions are shorter
MAX_TITLE = 12  # tokens
MAX_WINDOW = 128  # tokens with title and special tokens
SPECIAL = 3  # tokens of a window that are of neither title nor sentences


@dataclass(frozen=True, slots=True)
class SentenceTokens:
    """One sentence: its place (code points), token ids, and where each token stands in the text."""

    start: int
    end: int
    ids: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WindowTokens:
    """
    A window as tokens: ids, and for each the index of its sentence in the window (-1: none).

    *places* holds the code points of each token in the text, (-1, -1) for others.
    """

    ids: tuple[int, ...]
    owner: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


def load_tokenizer() -> Tokenizer:
    """The tokenizer of the packaged model, without padding and truncation; it reads ligatures."""
    tokenizer = Tokenizer.from_file(str(find_model(None) / "tokenizer.json"))
    tokenizer.normalizer = Sequence_([NFKC(), tokenizer.normalizer])
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokenise_sentences(
    tokenizer: Tokenizer, text: str, spans: Sequence[tuple[int, int]]
) -> tuple[SentenceTokens, ...]:
    """Tokenise each of the sentences at *spans* of *text* on its own."""
    coded = tokenizer.encode_batch([text[s:e] for s, e in spans], add_special_tokens=False)
    return tuple(
        SentenceTokens(s, e, tuple(tokens.ids), tuple((s + a, s + b) for a, b in tokens.offsets))
        for (s, e), tokens in zip(spans, coded, strict=True)
    )


def tokenise_title(tokenizer: Tokenizer, title: str) -> tuple[int, ...]:
    """The first tokens of a title."""
    return tuple(tokenizer.encode(title, add_special_tokens=False).ids[:MAX_TITLE])


def tokenise_question(tokenizer: Tokenizer, question: str) -> tuple[int, ...]:
    """[CLS] question [SEP], at most MAX_QUESTION tokens: the end of a longer one is kept."""
    ids = tokenizer.encode(question, add_special_tokens=False).ids
    return (CLS, *ids[-(MAX_QUESTION - 2) :], SEP)


def join_window(
    title: Sequence[int], sentences: Sequence[SentenceTokens], limit: int = MAX_WINDOW
) -> WindowTokens:
    """The tokens of a window, cut at *limit* (only a single long sentence is longer)."""
    ids = [CLS, *title, SEP]
    owner = [-1] * len(ids)
    places = [(-1, -1)] * len(ids)
    for number, sentence in enumerate(sentences):
        room = max(limit - 1 - len(ids), 0)
        ids += sentence.ids[:room]
        owner += [number] * len(sentence.ids[:room])
        places += sentence.places[:room]
    return WindowTokens((*ids, SEP), (*owner, -1), (*places, (-1, -1)))
