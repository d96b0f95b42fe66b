"""
What short token vectors cost: memory, time and answers.

    python tests/benchmarks/token_cache.py FOLDER

FOLDER holds question files (their form stands in index.evaluation.question_files). Each is ranked
with token vectors as float16, as int8, and as int8 in fewer dimensions, whose directions are found
on the other files. Prints hit@1 / hit@3, bytes a token, and the time of comparing 12 tokens with
1,200. The head is the packaged one, which was fitted on all dimensions: a projection has to be
judged again with weights that were fitted on it, and with a calibration of its own (its cosines
are larger).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

from index.datatypes import Article, LoadedArticle, Sentence
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder, TokenVectors, Vectors
from index.encoding.threads import multiply_in_one_thread
from index.encoding.token_windows import EncodedSentence, cut_windows, describe_sentence, quantise
from index.evaluation.question_files import Question, read_questions
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.ranker import rank
from index.text.sentences import split_sentences

SETS = ("onestopqa", "clapnq", "squad2", "xquad")
DIMENSIONS = (192, 128, 96, 64, 48)
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Projection:
    """Orthonormal directions, (d, k) each, for the last layer and for the one before."""

    vectors: Vectors
    inner: Vectors


Short = Callable[[TokenVectors], TokenVectors]


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article with its pooled vectors and, for each sentence, its tokens in their window."""

    article: Article
    sentences: Sequence[Sentence]
    pooled: Vectors
    tokens: Sequence[TokenVectors]
    questions: Sequence[tuple[Question, TokenVectors]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    multiply_in_one_thread()
    encoder = load_encoder()
    sets = {name: read_set(folder / f"{name}.jsonl", encoder) for name in SETS}
    print(f"{'':12s}{'bytes':>7s}{'ms':>7s}" + "".join(f"{name:>16s}" for name in SETS))
    print_row("float16", encoder.dimension, sets, dict.fromkeys(SETS, half))
    print_row("int8", encoder.dimension, sets, dict.fromkeys(SETS, whole))
    for k in DIMENSIONS:
        print_row(f"int8, {k}", k, sets, {name: unseen(sets, name, k) for name in SETS})


def read_set(path: Path, encoder: Encoder) -> list[EncodedArticle]:
    """Encode the articles of a file and their answerable questions, in all dimensions."""
    return [
        prepare(article, [question for question in questions if question.evidence], encoder)
        for article, questions in read_questions(path)
    ]


def prepare(article: Article, questions: Sequence[Question], encoder: Encoder) -> EncodedArticle:
    """Encode one article, its windows as the product does."""
    sentences = split_sentences(article.text)
    texts = [article.cut(sentence.span) for sentence in sentences]
    tokens: list[TokenVectors] = []
    for window in cut_windows(sentences, encoder.count_tokens(texts), encoder.max_tokens):
        spans = [sentences[i].span for i in window]
        [encoded] = encoder.encode_tokens([article.text[spans[0].start : spans[-1].end]])
        starts = encoded.spans[:, 0] + spans[0].start
        borders = np.searchsorted(starts, [span.start for span in spans] + [spans[-1].end])
        tokens += [
            replace(encoded, vectors=encoded.vectors[first:last], inner=encoded.inner[first:last])
            for first, last in pairwise(borders)
        ]
    asked = encoder.encode_tokens([question.question for question in questions])
    pooled = encoder.encode(texts)
    return EncodedArticle(
        article, sentences, pooled, tokens, list(zip(questions, asked, strict=True))
    )


def whole(tokens: TokenVectors) -> TokenVectors:
    """Keep all dimensions."""
    return tokens


def half(tokens: TokenVectors) -> TokenVectors:
    """Round to float16."""
    layers = (tokens.vectors, tokens.inner)
    vectors, inner = (layer.astype(np.float16).astype(np.float32) for layer in layers)
    return replace(tokens, vectors=vectors, inner=inner)


def unseen(sets: Mapping[str, Sequence[EncodedArticle]], name: str, k: int) -> Short:
    """Keep *k* dimensions, found on the other sets."""
    found = directions([articles for known, articles in sets.items() if known != name], k)
    return lambda tokens: project(tokens, found)


def project(tokens: TokenVectors, projection: Projection) -> TokenVectors:
    """
    Turn the t token vectors (t, d) of a text into (t, k), and bring them to length 1 again.

    Without the latter hit@1 falls by a point: common directions weigh more than they should.
    """
    return replace(
        tokens,
        vectors=_unit(tokens.vectors @ projection.vectors),
        inner=_unit(tokens.inner @ projection.inner),
    )


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def directions(sets: Sequence[Sequence[EncodedArticle]], k: int) -> Projection:
    """The *k* directions in which token vectors are longest; each set counts the same."""
    bases = []
    for layer in ("vectors", "inner"):
        moments = sum(_moments(articles, layer) for articles in sets)
        _, basis = np.linalg.eigh(moments)
        bases.append(np.ascontiguousarray(basis[:, ::-1][:, :k], np.float32))
    return Projection(*bases)


def _moments(articles: Sequence[EncodedArticle], layer: str) -> Vectors:
    vectors = [
        np.concatenate([getattr(tokens, layer) for tokens in article.tokens])
        for article in articles
    ]
    total: Vectors = sum((rows.T @ rows).astype(np.float64) for rows in vectors)
    return total / sum(map(len, vectors))


def print_row(
    label: str, k: int, sets: Mapping[str, Sequence[EncodedArticle]], short: Mapping[str, Short]
) -> None:
    """One kind of vectors: memory of a token's two vectors, time, and hits of every set."""
    cells = "".join(f"{hits(sets[name], short[name]):>16s}" for name in SETS)
    kind = np.float16 if label == "float16" else np.int8
    size = 2 * k * np.dtype(kind).itemsize + (8 if kind is np.int8 else 0)
    print(f"{label:12s}{size:7,}{milliseconds(k, kind):7.2f}{cells}", flush=True)


def milliseconds(k: int, kind: type[np.generic]) -> float:
    """How long 12 tokens of a question take with 1,200 tokens kept as *kind*, both layers."""
    random = np.random.default_rng(0)
    question = random.standard_normal((12, k)).astype(np.float32)
    kept = (20 * random.standard_normal((1200, k))).astype(kind)
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _layer in range(2):
            question @ kept.astype(np.float32).T
        times.append(time.perf_counter() - started)
    return median(times) * 1000


def hits(articles: Sequence[EncodedArticle], short: Short) -> str:
    """hit@1 / hit@3 over the answerable questions of a set."""
    firsts, threes = [], []
    for row in articles:
        sentences = [
            shortened(row.article, sentence, short(tokens))
            for sentence, tokens in zip(row.sentences, row.tokens, strict=True)
        ]
        for question, tokens in row.questions:
            order = rank(
                Query(question.question, short(tokens)), candidates(row, sentences, tokens)
            ).order
            gold = [
                any(span.overlaps(row.sentences[i].span) for span in question.evidence)
                for i in order[:3]
            ]
            firsts.append(gold[0])
            threes.append(any(gold))
    return f"{np.mean(firsts):.3f} / {np.mean(threes):.3f}"


def shortened(article: Article, sentence: Sentence, tokens: TokenVectors) -> EncodedSentence:
    """Describe a sentence as the product does."""
    layers = quantise(np.stack([tokens.vectors, tokens.inner]))
    return describe_sentence(article.cut(sentence.span), "en", layers)


def candidates(
    row: EncodedArticle, sentences: Sequence[EncodedSentence], question: TokenVectors
) -> Candidates:
    """All sentences of an article."""
    source, count = LoadedArticle(0, row.article, row.sentences), len(sentences)
    return Candidates([source] * count, range(count), row.pooled @ question.pooled, sentences)


if __name__ == "__main__":
    main()
