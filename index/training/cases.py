"""Cases to fit on: questions asked of articles, with every feature that the product computes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Article, LoadedArticle, Span
from index.encoding.protocol import Encoder, Vectors
from index.encoding.token_windows import EncodedSentence, cut_windows, encode_windows
from index.evaluation.question_files import Question, read_questions
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.features import TOKEN_FEATURES, Features, extract_features
from index.text.lists import find_lists
from index.text.sentences import split_sentences

SETS = {
    "onestopqa": ("onestopqa", "onestopqa-unanswerable"),
    "clapnq": ("clapnq",),
    "squad2": ("squad2",),
    "xquad": ("xquad",),
}

# In a "removed" one, what answered has been taken out of the candidates.
CaseKind = Literal["answerable", "impossible", "removed", "off-topic"]


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article with everything that candidates are made of; *pooled* is (n, d)."""

    loaded: LoadedArticle
    encoded: list[EncodedSentence]
    pooled: Vectors


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked of one article; *gold* (n,) is all False when it does not answer."""

    kind: CaseKind
    article: EncodedArticle
    evidence: tuple[Span, ...]
    query: Query
    candidates: Candidates
    features: Features
    gold: NDArray[np.bool_]

    @property
    def title(self) -> str:
        """The title of the article, by which the sets and folds are kept apart."""
        return self.article.loaded.article.title

    @property
    def asking(self) -> NDArray[np.bool_]:
        """Which tokens of the question are of question words, (t,)."""
        asking: NDArray[np.bool_] = self.features.tokens[:, TOKEN_FEATURES.index("question")] > 0
        return asking


Cases = Mapping[str, Sequence[Case]]  # those of each set


def read_sets(folder: Path, encoder: Encoder) -> dict[str, list[Case]]:
    """Read the cases of every set whose files are in *folder*; OSError if one is missing."""
    return {name: list(_read_set(folder, files, encoder)) for name, files in SETS.items()}


def _read_set(folder: Path, files: Sequence[str], encoder: Encoder) -> Iterator[Case]:
    """Every question of a set, and again of its article without the answer, and of a stranger's."""
    random = np.random.default_rng(0)
    for number, file in enumerate(files):
        rows = list(read_questions(folder / f"{file}.jsonl"))
        prepared = [prepare(article, encoder) for article, _ in rows]
        for article, (_, questions) in zip(prepared, rows, strict=True):
            title = article.loaded.article.title
            strangers = [p for p in prepared if p.loaded.article.title != title]
            encoded = encoder.encode_tokens([q.question for q in questions])
            for question, tokens in zip(questions, encoded, strict=True):
                query = Query(question.question, tokens)
                case = make_case(query, article, question)
                yield case
                yield from _without_evidence(case)
                if not number and strangers:
                    yield make_case(query, strangers[random.integers(len(strangers))], None)


def prepare(article: Article, encoder: Encoder) -> EncodedArticle:
    """Split and encode an article as the product does."""
    sentences = split_sentences(article.text)
    texts = [article.cut(sentence.span) for sentence in sentences]
    windows = cut_windows(sentences, encoder.count_tokens(texts), encoder.max_tokens)
    encoded = encode_windows(
        [(article, [sentences[i] for i in window]) for window in windows], encoder
    )
    flat = [sentence for window in encoded for sentence in window]
    source = LoadedArticle(0, article, sentences, find_lists(article, sentences))
    return EncodedArticle(source, flat, encoder.encode(texts))


def make_case(query: Query, article: EncodedArticle, question: Question | None) -> Case:
    """Ask *query* of an article; *question* has the gold spans, None when it is off topic."""
    source = article.loaded
    candidates = _all_sentences(source, article.encoded, article.pooled @ query.tokens.pooled)
    evidence = question.evidence if question else ()
    gold = [any(span.overlaps(sentence.span) for span in evidence) for sentence in source.sentences]
    kind: CaseKind = "off-topic" if question is None else "answerable" if evidence else "impossible"
    features = extract_features(query, candidates)
    return Case(kind, article, evidence, query, candidates, features, np.array(gold))


def _all_sentences(
    source: LoadedArticle, encoded: Sequence[EncodedSentence], cosines: Vectors
) -> Candidates:
    """All sentences of an article, as candidates."""
    return Candidates([source] * len(encoded), range(len(encoded)), cosines, encoded)


def _without_evidence(case: Case) -> Iterator[Case]:
    """*case* without the paragraphs that answer, or the sentences if else hardly any are left."""
    candidates, source = case.candidates, case.article.loaded
    paragraphs = np.array(candidates.paragraphs)
    for answering in (np.isin(paragraphs, paragraphs[case.gold]), case.gold):
        left = np.flatnonzero(~answering).tolist()
        if case.gold.any() and len(left) > 1:
            fewer = replace(source, sentences=[source.sentences[i] for i in left])
            rest = _all_sentences(
                fewer, [candidates.sentences[i] for i in left], candidates.cosines[left]
            )
            features = extract_features(case.query, rest)
            yield replace(
                case, kind="removed", evidence=(), candidates=rest, features=features,
                gold=np.zeros(len(left), bool),
            )  # fmt: skip
            return


def in_order(cases: Cases) -> list[Case]:
    """The cases of all sets, one set after another."""
    return [case for name in SETS for case in cases[name]]


def answerable(cases: Sequence[Case]) -> list[Case]:
    """Those that have an answer to be ranked first."""
    return [case for case in cases if case.gold.any()]


def of_other_sets(cases: Cases, name: str) -> list[Case]:
    """The answerable questions of the other sets, without articles that *name* has too."""
    titles = {case.title for case in cases[name]}
    pool = [case for set_ in SETS if set_ != name for case in cases[set_]]
    return answerable([case for case in pool if case.title not in titles])


def kinds_of(cases: Sequence[Case]) -> NDArray[np.str_]:
    """The kind of each case."""
    return np.array([case.kind for case in cases])
