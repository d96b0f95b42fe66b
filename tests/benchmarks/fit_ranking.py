"""
Fit the weights of index.ranking.ranker and index.ranking.confidence, and show what they reach.

    python tests/benchmarks/fit_ranking.py FOLDER [--write]

FOLDER holds question files (their form stands in index/questions.py): onestopqa.jsonl,
onestopqa-unanswerable.jsonl, clapnq.jsonl, squad2.jsonl and xquad.jsonl. Every feature comes from
the product's own code. Ranking is tested on a set that it was not fitted on, leaving out articles
of the same title too, and on articles that it was not fitted on; calibration is cross-validated
over articles, with the scores of the latter heads. --write fits all on everything and writes
index/ranking/weights.json and index/ranking/answer_types.npz.

Ten minutes on one core. torch is only used to fit.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from fit_answer_types import SHARE, Lesson, asking_of, fit_answer_types, read_lessons
from fit_calibration import case_weights, describe, fit_calibration
from numpy.typing import NDArray

from index.answering import PASSAGE_DEPTH, UNSURE_CONFIDENCE
from index.datatypes import Article, LoadedArticle, Passage, Span
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.encoding.token_windows import EncodedSentence, cut_windows, encode_windows
from index.evaluation.metrics import (
    SHOWN_SHARE,
    covered,
    places,
)
from index.evaluation.question_files import Question, read_questions
from index.ranking.answer_types import AnswerTypes, expected_answer, write_answer_types
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.confidence import NO_ANSWER_THRESHOLD, confidence
from index.ranking.features import PAIR_FEATURES, SENTENCE_FEATURES, Features, extract_features
from index.ranking.ranker import WEIGHTS_FILE, Head, Ranking, make_head, score, token_weights
from index.ranking.signals import Signals, measure_signals
from index.ranking.token_matches import answer_type_scores, match_tokens
from index.text.lists import find_lists
from index.text.passages import build_passages
from index.text.sentences import split_sentences
from index.text.words import inverse_frequency, words

SETS = {
    "onestopqa": ("onestopqa", "onestopqa-unanswerable"),
    "clapnq": ("clapnq",),
    "squad2": ("squad2",),
    "xquad": ("xquad",),
}
HIDDEN = 8  # 4 is worse by .8 points of hit@1 over the sets, 16 is not better
EPOCHS, BATCH, RATE, DECAY = 45, 128, 0.04, 0.05
NEAR = 14  # sentences of a question to fit on, the nearest; the others have no share of the softmax
FOLDS = 6
MAX_PASSAGES = 3
ANSWER_TYPE = SENTENCE_FEATURES.index("answer_type")
SCALE = 10.0  # cosines differ by tenths, scores by units: lets one learning rate serve all


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article with everything that candidates are made of."""

    source: LoadedArticle
    encoded: list[EncodedSentence]
    pooled: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Case:
    """
    One question asked of one article; *gold* (n,) is all False when it does not answer.

    It is "removed" when what answered has been taken out of the *candidates*.
    """

    kind: str  # "answerable", "impossible", "removed" or "off-topic"
    article: EncodedArticle
    evidence: tuple[Span, ...]
    query: Query
    candidates: Candidates
    features: Features
    gold: NDArray[np.bool_]

    @property
    def title(self) -> str:
        """The title of the article, by which the sets and folds are kept apart."""
        return self.article.source.article.title


def main() -> None:
    """Print the tables; with --write fit on everything and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS_FILE.name}")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    encoder = load_encoder()
    torch.set_num_threads(1)
    cases = {name: list(read_set(arguments.folder, name, encoder)) for name in SETS}
    lessons = read_lessons(case for name in SETS for case in cases[name])
    print_single_signals(cases)
    print_other_sets(cases, lessons)
    unseen = Unseen(cases, lessons)
    print_ranking(cases, unseen)
    print_shown(cases, unseen)
    signals = {name: measured(cases[name], unseen) for name in SETS}
    print_calibration(cases, signals)
    if arguments.write:
        write_weights(cases, signals, lessons, encoder.identity)


def read_set(folder: Path, name: str, encoder: Encoder) -> Iterator[Case]:
    """Every question of a set, and again of its article without the answer, and of a stranger's."""
    random = np.random.default_rng(0)
    for number, file in enumerate(SETS[name]):
        rows = list(read_questions(folder / f"{file}.jsonl"))
        prepared = [prepare(article, encoder) for article, _ in rows]
        for one, (_, questions) in zip(prepared, rows, strict=True):
            title = one.source.article.title
            strangers = [p for p in prepared if p.source.article.title != title]
            encoded = encoder.encode_tokens([q.question for q in questions])
            for question, tokens in zip(questions, encoded, strict=True):
                query = Query(question.question, tokens)
                case = make_case(query, one, question)
                yield case
                yield from without_evidence(case)
                if not number:
                    yield make_case(query, strangers[random.integers(len(strangers))], None)


def prepare(article: Article, encoder: Encoder) -> EncodedArticle:
    """Split and encode an article as the product does."""
    sentences = split_sentences(article.text)
    texts = [article.cut(sentence.span) for sentence in sentences]
    windows = cut_windows(sentences, encoder.count_tokens(texts), encoder.max_tokens)
    encoded = encode_windows(
        [(article, [sentences[i] for i in window]) for window in windows], encoder
    )
    flat = [one for window in encoded for one in window]
    lists = find_lists(article, sentences)
    source = LoadedArticle(0, article, sentences, lists)
    return EncodedArticle(source, flat, encoder.encode(texts))


def make_case(query: Query, one: EncodedArticle, question: Question | None) -> Case:
    """Ask *query* of an article; *question* has the gold spans, None when it is off topic."""
    candidates = all_of(one.source, one.encoded, one.pooled @ query.tokens.pooled)
    evidence = question.evidence if question else ()
    gold = [any(e.overlaps(sentence.span) for e in evidence) for sentence in one.source.sentences]
    kind = "off-topic" if question is None else "answerable" if evidence else "impossible"
    features = extract_features(query, candidates)
    return Case(kind, one, evidence, query, candidates, features, np.array(gold))


def all_of(
    source: LoadedArticle, encoded: Sequence[EncodedSentence], cosines: NDArray[np.float32]
) -> Candidates:
    """All sentences of an article, as candidates."""
    return Candidates([source] * len(encoded), range(len(encoded)), cosines, encoded)


def without_evidence(case: Case) -> Iterator[Case]:
    """*case* without the paragraphs that answer, or the sentences if else hardly any are left."""
    c, source = case.candidates, case.article.source
    paragraphs = np.array(c.paragraphs)
    for answering in (np.isin(paragraphs, paragraphs[case.gold]), case.gold):
        left = np.flatnonzero(~answering)
        if case.gold.any() and len(left) > 1:
            fewer = replace(source, sentences=[source.sentences[i] for i in left])
            rest = all_of(fewer, [c.sentences[i] for i in left], c.cosines[left])
            features = extract_features(case.query, rest)
            yield replace(
                case, kind="removed", evidence=(), candidates=rest, features=features,
                gold=np.zeros(len(left), bool),
            )  # fmt: skip
            return


def answerable(cases: Sequence[Case]) -> list[Case]:
    """Those that have an answer to be ranked first."""
    return [case for case in cases if case.gold.any()]


def others(cases: dict[str, list[Case]], name: str) -> list[Case]:
    """The answerable questions of the other sets, without articles that *name* has too."""
    titles = {case.title for case in cases[name]}
    pool = [case for other in SETS if other != name for case in cases[other]]
    return answerable([case for case in pool if case.title not in titles])


class Net(torch.nn.Module):
    """index.ranking.ranker.Head with gradients; score() there is what it must equal."""

    def __init__(self, features: Features) -> None:
        super().__init__()
        pairs, tokens, sentences = (
            array.shape[-1] for array in (features.pairs, features.tokens, features.sentences)
        )
        width = pairs**-0.5
        self.token = torch.nn.Parameter(torch.zeros(tokens))
        self.token_bias = torch.nn.Parameter(torch.tensor(0.5))
        self.pair = torch.nn.Parameter(torch.tensor([2 * SCALE] + [0.0] * (pairs - 1)))
        self.hidden = torch.nn.Parameter(torch.empty(HIDDEN, pairs).uniform_(-width, width))
        self.hidden_bias = torch.nn.Parameter(torch.empty(HIDDEN).uniform_(-width, width))
        self.hidden_out = torch.nn.Parameter(torch.empty(HIDDEN).uniform_(-1, 1) / HIDDEN**0.5)
        self.sentence = torch.nn.Parameter(torch.zeros(sentences))

    def forward(self, batch: Batch) -> torch.Tensor:
        """Scores (b, n) of a padded batch."""
        weights = torch.nn.functional.softplus(batch.tokens @ self.token + self.token_bias)
        weights = weights * batch.own
        hidden = torch.tanh(batch.pairs @ self.hidden.T + self.hidden_bias)
        values = batch.pairs @ self.pair + SCALE * (hidden @ self.hidden_out)
        mean = (weights[..., None] * values).sum(1) / weights.sum(1, keepdim=True)
        return mean + SCALE * (batch.sentences @ self.sentence)

    def export(self) -> dict[str, Any]:
        """The weights as they stand in the file, four digits each."""
        scales = {"hidden_out": SCALE, "sentence": SCALE}
        return {
            name: rounded(values.detach().numpy() * scales.get(name, 1.0))
            for name, values in self.named_parameters()
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases padded to one shape: b questions, t tokens, n sentences."""

    pairs: torch.Tensor  # (b, t, n, PAIR_FEATURES)
    tokens: torch.Tensor  # (b, t, TOKEN_FEATURES)
    sentences: torch.Tensor  # (b, n, SENTENCE_FEATURES)
    own: torch.Tensor  # (b, t): 1 for tokens that are no padding
    ranked: torch.Tensor  # (b, n): True for sentences that are no padding
    gold: torch.Tensor  # (b, n)


def make_batch(cases: Sequence[Case]) -> Batch:
    """Pad *cases* with zeros."""
    t = max(len(case.features.tokens) for case in cases)
    n = max(len(case.gold) for case in cases)

    def padded(arrays: Sequence[NDArray[np.float32]], shape: tuple[int, ...]) -> torch.Tensor:
        out = np.zeros((len(arrays), *shape), arrays[0].dtype)
        for row, array in zip(out, arrays, strict=True):
            row[tuple(slice(size) for size in array.shape)] = array
        return torch.from_numpy(out)

    f = [case.features for case in cases]
    return Batch(
        padded([one.pairs for one in f], (t, n, f[0].pairs.shape[-1])),
        padded([one.tokens for one in f], (t, f[0].tokens.shape[-1])),
        padded([one.sentences for one in f], (n, f[0].sentences.shape[-1])),
        padded([np.ones(len(one.tokens), np.float32) for one in f], (t,)),
        padded([np.ones(len(case.gold), bool) for case in cases], (n,)),
        padded([case.gold for case in cases], (n,)),
    )


def fit_head(cases: Sequence[Case]) -> Net:
    """Maximise the softmax share of the gold sentences of each question."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    ordered = sorted((nearest(case) for case in cases), key=lambda case: len(case.gold))
    batches = [make_batch(ordered[i : i + BATCH]) for i in range(0, len(ordered), BATCH)]
    net = Net(cases[0].features)
    hidden = [p for name, p in net.named_parameters() if name.startswith("hidden")]
    plain = [p for name, p in net.named_parameters() if not name.startswith("hidden")]
    optimiser = torch.optim.AdamW(
        [
            {"params": plain, "lr": 2 * RATE, "weight_decay": 1e-4},
            {"params": hidden, "lr": RATE / 2, "weight_decay": DECAY},
        ]
    )
    steps = EPOCHS * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    for _ in range(EPOCHS):
        for i in random.permutation(len(batches)):
            optimiser.zero_grad()
            loss(net(batches[i]), batches[i]).backward()
            optimiser.step()
            schedule.step()
    return net


def nearest(case: Case) -> Case:
    """*case* with its gold sentences and those that match best, NEAR in all."""
    f = case.features
    match, word, inner = (
        f.pairs[..., PAIR_FEATURES.index(name)].mean(0) for name in ("match", "word", "inner")
    )
    order = np.argsort(-np.where(case.gold, np.inf, match + 0.5 * word + 0.3 * inner))
    chosen = np.sort(order[: max(NEAR, int(case.gold.sum()))])
    near = Features(f.pairs[:, chosen], f.tokens, f.sentences[chosen])
    return replace(case, features=near, gold=case.gold[chosen])


def loss(scores: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Mean negative log-likelihood that the sentence drawn by softmax is a gold one."""
    scores = scores.masked_fill(~batch.ranked, -1e9)
    right = torch.logsumexp(scores.masked_fill(~batch.gold, -1e9), 1)
    return (torch.logsumexp(scores, 1) - right).mean()


def rounded(values: Any) -> object:
    """Nested lists with four significant digits."""
    if np.ndim(values):
        return [rounded(value) for value in values]
    return float(f"{float(values):.4g}")


def ranking_of(case: Case, head: Head, answer_types: AnswerTypes | None = None) -> Ranking:
    """Rank as the product does, with features that are there but for the one of *answer_types*."""
    features = with_answer_types(case, answer_types)
    weights = token_weights(features, head)
    return Ranking(score(features, weights, head), features, weights)


def with_answer_types(case: Case, answer_types: AnswerTypes | None) -> Features:
    """The features of *case* as the product finds them with *answer_types*."""
    f, tokens = case.features, case.query.tokens
    expected = expected_answer(tokens, asking_of(case), answer_types)
    distance = answer_type_scores(
        match_tokens(tokens, case.candidates.sentences, expected), expected
    )
    return Features(f.pairs, f.tokens, np.column_stack([f.sentences[:, :ANSWER_TYPE], distance]))


@dataclass(frozen=True, slots=True)
class Fitted:
    """What ranks: the weights of a head, and answer types that were fitted on top of it."""

    weights: dict[str, Any]
    answer_types: AnswerTypes

    @property
    def head(self) -> Head:
        """The head that these weights make."""
        return make_head(self.weights)

    def rank(self, case: Case) -> Ranking:
        """Rank the sentences of *case*."""
        return ranking_of(case, self.head, self.answer_types)


def fit(cases: Sequence[Case], lessons: Sequence[Lesson]) -> Fitted:
    """Fit the head on *cases*, and the answer types on the *lessons* of their articles."""
    weights = fit_head(cases).export()
    plain = make_head(weights)
    titles = {case.title for case in cases}
    known = [one for one in lessons if one.title in titles]
    answer_types = fit_answer_types(known, lambda case: ranking_of(case, plain).scores)
    return Fitted(with_share(weights), answer_types)


def with_share(weights: dict[str, Any]) -> dict[str, Any]:
    """The exported head, fitted without answer types, with SHARE as their weight."""
    return {**weights, "sentence": [*weights["sentence"][:ANSWER_TYPE], SHARE]}


def hits(scores: Sequence[NDArray[np.float32]], cases: Sequence[Case]) -> str:
    """hit@1 / hit@3 of *scores*."""
    orders = [np.argsort(-s, kind="stable") for s in scores]
    gold = [case.gold[order] for case, order in zip(cases, orders, strict=True)]
    first, three = np.mean([g[0] for g in gold]), np.mean([g[:3].any() for g in gold])
    return f"{first:.3f} / {three:.3f}"


def print_single_signals(cases: dict[str, list[Case]]) -> None:
    """The rankings that need no weights."""
    print(f"\n{'hit@1 / hit@3':28s}" + "".join(f"{name:>16s}" for name in SETS))
    signals = {
        "pooled cosine": lambda case: case.features.sentences[:, 0],
        "contextual MaxSim": lambda case: case.features.pairs[:, :, 0].mean(0),
        "lexical share": lambda case: np.array(_lexical(case), np.float32),
    }
    for label, signal in signals.items():
        cells = [
            hits([signal(c) for c in answerable(cases[n])], answerable(cases[n])) for n in SETS
        ]
        print(f"{label:28s}" + "".join(f"{cell:>16s}" for cell in cells))


def _lexical(case: Case) -> list[float]:
    """For each sentence the share of the question's words that it has, the rare ones heavier."""
    sentences = [set(words(sentence.text)) for sentence in case.candidates.sentences]
    weights = {
        word: inverse_frequency(sum(word in sentence for sentence in sentences), len(sentences))
        for word in words(case.query.text)
    }
    mass = sum(weights.values()) or 1.0
    return [sum(weights[word] for word in weights.keys() & own) / mass for own in sentences]


class Unseen:
    """Rankings that were not fitted on the article that they rank: FOLDS of them."""

    def __init__(self, cases: dict[str, list[Case]], lessons: Sequence[Lesson]) -> None:
        flat = [case for name in SETS for case in cases[name]]
        self._folds = fold_of({case.title for case in flat})
        known = answerable(flat)
        self._fitted = [
            fit([c for c in known if self._folds[c.title] != k], lessons) for k in range(FOLDS)
        ]

    def fold(self, case: Case) -> Fitted:
        """What was fitted without the article of *case*."""
        return self._fitted[self._folds[case.title]]

    def rank(self, case: Case) -> Ranking:
        """Rank the sentences of *case* with what is fitted for its fold."""
        return self.fold(case).rank(case)


def print_other_sets(cases: dict[str, list[Case]], lessons: Sequence[Lesson]) -> None:
    """The ranking on a set of which nothing was seen, without answer types and with them."""
    plain, whole = [], []
    for name in SETS:
        fitted = fit(others(cases, name), lessons)
        own = answerable(cases[name])
        plain.append(hits([ranking_of(case, fitted.head).scores for case in own], own))
        whole.append(hits([fitted.rank(case).scores for case in own], own))
    print(f"{'head, fitted on other sets':28s}" + "".join(f"{cell:>16s}" for cell in plain))
    print(f"{'  and answer types':28s}" + "".join(f"{cell:>16s}" for cell in whole))


def print_ranking(cases: dict[str, list[Case]], unseen: Unseen) -> None:
    """The same on articles that it has not seen, with others of the same set among those it has."""
    own = {name: answerable(cases[name]) for name in SETS}
    rows = {
        "head, on unseen articles": lambda case: ranking_of(case, unseen.fold(case).head),
        "  and answer types": unseen.rank,
    }
    for label, rank in rows.items():
        cells = [hits([rank(case).scores for case in own[name]], own[name]) for name in SETS]
        print(f"{label:28s}" + "".join(f"{cell:>16s}" for cell in cells))


def print_shown(cases: dict[str, list[Case]], unseen: Unseen) -> None:
    """How often all evidence is shown, with how many characters."""
    cells = []
    for name in SETS:
        shown = [passages_of(case, unseen.rank(case)) for case in answerable(cases[name])]
        whole = [
            all(
                covered([gold], places(one.span for one in passages)) >= SHOWN_SHARE
                for gold in evidence
            )
            for passages, evidence in shown
        ]
        characters = [sum(len(one.span) for one in passages) for passages, _ in shown]
        cells.append(f"{np.mean(whole):.3f} / {np.mean(characters):.0f}")
    print(f"{'evidence shown / characters':28s}" + "".join(f"{cell:>16s}" for cell in cells))


def passages_of(case: Case, ranking: Ranking) -> tuple[Sequence[Passage], Sequence[Span]]:
    """What is shown for an answerable question, and its evidence."""
    ranked = [
        case.candidates.hit(i, float(ranking.scores[i])) for i in ranking.order[:PASSAGE_DEPTH]
    ]
    unsure = confidence(case.query, case.candidates, ranking) < UNSURE_CONFIDENCE
    return build_passages(case.query.text, ranked, MAX_PASSAGES, unsure=unsure), case.evidence


def measured(cases: Sequence[Case], unseen: Unseen) -> NDArray[np.float64]:
    """The signals of each case, (cases, signals)."""
    rows = [
        astuple(measure_signals(case.query, case.candidates, unseen.rank(case))) for case in cases
    ]
    return np.array(rows, np.float64)


def print_calibration(
    cases: dict[str, list[Case]], signals: dict[str, NDArray[np.float64]]
) -> None:
    """AUROC, calibration error and what the threshold does, cross-validated over articles."""
    flat = [case for name in SETS for case in cases[name]]
    matrix = np.concatenate([signals[name] for name in SETS])
    folds = fold_of({case.title for case in flat})
    fold = np.array([folds[case.title] for case in flat])
    weights = case_weights([kinds_of(cases[name]) for name in SETS])
    kinds = kinds_of(flat)
    truth = kinds == "answerable"
    probability = np.zeros(len(flat))
    for k in range(FOLDS):
        train = fold != k
        model = fit_calibration(
            matrix[train], truth[train], weights[train], kinds[train] == "removed"
        )
        probability[~train] = [model.probability(Signals(*row)) for row in matrix[~train]]
    sets = np.array([name for name in SETS for _ in cases[name]])
    print(f"\nthreshold {NO_ANSWER_THRESHOLD}; ECE over the set's own questions")
    for name in [*SETS, "all"]:
        chosen = (sets == name) | (name == "all")
        print(f"{name:10s}" + describe(probability[chosen], kinds[chosen]))


def kinds_of(cases: Sequence[Case]) -> NDArray[np.str_]:
    """The kind of each case."""
    return np.array([case.kind for case in cases])


def fold_of(titles: set[str]) -> dict[str, int]:
    """Give each title one of the FOLDS, at random but always the same."""
    ordered = sorted(titles)
    np.random.default_rng(1).shuffle(ordered)
    return {title: i % FOLDS for i, title in enumerate(ordered)}


def write_weights(
    cases: dict[str, list[Case]],
    signals: dict[str, NDArray[np.float64]],
    lessons: Sequence[Lesson],
    identity: str,
) -> None:
    """Fit on everything and write both files, for the model with that *identity*."""
    fitted = fit(answerable([case for name in SETS for case in cases[name]]), lessons)
    kinds = kinds_of([case for name in SETS for case in cases[name]])
    rows = np.concatenate([signals[name] for name in SETS])
    model = fit_calibration(
        rows,
        kinds == "answerable",
        case_weights([kinds_of(cases[name]) for name in SETS]),
        kinds == "removed",
    )
    slopes = dict(zip([f.name for f in fields(Signals)], model.weights, strict=True))
    calibration = {name: rounded(value) for name, value in {**slopes, "bias": model.bias}.items()}
    weights = {"ranker": fitted.weights, "calibration": calibration}
    WEIGHTS_FILE.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    write_answer_types(fitted.answer_types, identity)


if __name__ == "__main__":
    main()
