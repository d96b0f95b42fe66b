"""What a fit reaches, printed: a column for each set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from index.answering import PASSAGE_DEPTH, UNSURE_CONFIDENCE
from index.datatypes import Passage
from index.evaluation.judging import SHOWN_SHARE, covered_share, offsets_of
from index.ranking.confidence import MATCHING_TIERS, confidence
from index.ranking.ranker import Head, Ranking
from index.ranking.signals import Signals
from index.text.passages import build_passages
from index.text.words import inverse_frequency, words
from index.training.cases import SETS, Case, Cases, answerable, in_order, kinds_of, of_other_sets
from index.training.fit_answer_types import Lesson
from index.training.fit_confidence import case_weights, describe, fit_confidence
from index.training.folds import FOLDS, FittedRanker, Unseen, fit, fold_of, rank_case

MAX_PASSAGES = 3

Scores = NDArray[np.float32]


def print_single_signals(cases: Cases) -> None:
    """The rankings that need no weights."""
    _print_row("hit@1 / hit@3", SETS, blank_before=True)
    signals: dict[str, Callable[[Case], Scores]] = {
        "pooled cosine": lambda case: case.features.sentences[:, 0],
        "contextual MaxSim": lambda case: case.features.pairs[:, :, 0].mean(0),
        "lexical share": _lexical_shares,
    }
    for label, signal in signals.items():
        _print_row(label, [_hits(answerable(cases[name]), signal) for name in SETS])


def print_other_sets(cases: Cases, lessons: Sequence[Lesson]) -> None:
    """The ranking on a set of which it has not seen anything, without answer types and with."""
    plain, whole = [], []
    for name in SETS:
        fitted = fit(of_other_sets(cases, name), lessons)
        own = answerable(cases[name])
        plain.append(_hits(own, partial(_scores_of_head, fitted.head)))
        whole.append(_hits(own, partial(_scores_of_all, fitted)))
    _print_row("head, fitted on other sets", plain)
    _print_row("  and answer types", whole)


def print_ranking(cases: Cases, unseen: Unseen) -> None:
    """The same on articles that it has not seen, with others of the same set among those it has."""
    rows: dict[str, Callable[[Case], Scores]] = {
        "head, on unseen articles": lambda case: _scores_of_head(unseen.fitted(case).head, case),
        "  and answer types": partial(_scores_of_all, unseen),
    }
    for label, scores in rows.items():
        _print_row(label, [_hits(answerable(cases[name]), scores) for name in SETS])


def print_shown(cases: Cases, unseen: Unseen) -> None:
    """How often all evidence is shown, with how many characters."""
    cells = []
    for name in SETS:
        whole, characters = [], []
        for case in answerable(cases[name]):
            passages = _passages_of(case, unseen.rank(case))
            shown = offsets_of(passage.span for passage in passages)
            whole.append(all(covered_share([e], shown) >= SHOWN_SHARE for e in case.evidence))
            characters.append(sum(len(passage.span) for passage in passages))
        cells.append(f"{np.mean(whole):.3f} / {np.mean(characters):.0f}")
    _print_row("evidence shown / characters", cells)


def print_confidence(cases: Cases, signals: Mapping[str, NDArray[np.float64]]) -> None:
    """AUROC, calibration error and what the threshold does, cross-validated over articles."""
    flat = in_order(cases)
    matrix = np.concatenate([signals[name] for name in SETS])
    folds = fold_of({case.title for case in flat})
    fold = np.array([folds[case.title] for case in flat])
    weights = case_weights([kinds_of(cases[name]) for name in SETS])
    kinds = kinds_of(flat)
    probability = np.zeros(len(flat))
    for k in range(FOLDS):
        train = fold != k
        model = fit_confidence(matrix[train], kinds[train], weights[train])
        probability[~train] = [model.probability(Signals(*row)) for row in matrix[~train]]
    sets = np.array([name for name in SETS for _ in cases[name]])
    print(f"\nthreshold {MATCHING_TIERS.may}; ECE over the set's own questions")
    for name in [*SETS, "all"]:
        chosen = (sets == name) | (name == "all")
        print(f"{name:10s}" + describe(probability[chosen], kinds[chosen]))


def _print_row(label: str, cells: Iterable[str], *, blank_before: bool = False) -> None:
    print("\n" * blank_before + f"{label:28s}" + "".join(f"{cell:>16s}" for cell in cells))


def _hits(cases: Sequence[Case], score: Callable[[Case], Scores]) -> str:
    """hit@1 / hit@3 of the scores of *cases*."""
    gold = [case.gold[np.argsort(-score(case), kind="stable")] for case in cases]
    first, three = np.mean([g[0] for g in gold]), np.mean([g[:3].any() for g in gold])
    return f"{first:.3f} / {three:.3f}"


def _scores_of_head(head: Head, case: Case) -> Scores:
    return rank_case(case, head).scores


def _scores_of_all(fitted: FittedRanker | Unseen, case: Case) -> Scores:
    return fitted.rank(case).scores


def _lexical_shares(case: Case) -> Scores:
    """For each sentence the share of the IDF mass of the question's words that it contains."""
    sentences = [set(words(sentence.text)) for sentence in case.candidates.sentences]
    idf = {
        word: inverse_frequency(sum(word in sentence for sentence in sentences), len(sentences))
        for word in words(case.query.text)
    }
    mass = sum(idf.values()) or 1.0
    shares = [sum(idf[word] for word in idf.keys() & sentence) / mass for sentence in sentences]
    return np.array(shares, np.float32)


def _passages_of(case: Case, ranking: Ranking) -> Sequence[Passage]:
    """What is shown for an answerable question."""
    order = ranking.order[:PASSAGE_DEPTH]
    ranked = [case.candidates.hit(i, float(ranking.scores[i])) for i in order]
    unsure = confidence(case.query, case.candidates, ranking) < UNSURE_CONFIDENCE
    return build_passages(case.query.text, ranked, MAX_PASSAGES, unsure=unsure)
