"""
Fit the answer types: in which direction the tokens of an answer lie, by the question's words.

Of all tokens of an article, those of the answer shall have the largest share of a softmax over
what the ranking head says of their sentences plus what is fitted here. So it learns what matches
do not tell. index.training.fit_ranking calls it, shows what it adds on articles that it has not
seen, and writes index/ranking/answer_types.npz.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoding.find_model import find_model
from index.ranking.answer_types import AnswerTypes, describe_question
from index.ranking.token_matches import match_tokens
from index.training.cases import Case, EncodedArticle
from index.training.head_network import NEVER, SCALE

RANK = 8  # chosen by the log-likelihood on unseen sets
EPOCHS, RATE, DECAY, DROPOUT = 4, 0.005, 1.0, 0.4
# What it knows of known answers is too sure for others. hit@1 on sets that it was not fitted on,
# with a share of 0, .1, .2 and .3: OneStopQA .739 .735 .739 .731, CLAPNQ .750 .762 .768 .774,
# SQuAD 2.0 .879 .879 .885 .887, XQuAD .865 .866 .871 .869.
SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Lesson:
    """An article of T tokens in n sentences, and the q questions that it answers."""

    cases: Sequence[Case]
    title: str
    last: torch.Tensor  # (T, d)
    inner: torch.Tensor  # (T, d)
    owners: torch.Tensor  # (T,): the sentence of each token
    described: torch.Tensor  # (q, 3 d), index.ranking.answer_types.describe_question
    nearest: torch.Tensor  # (q, T, 2): the best cosine to the question, in both layers
    answers: torch.Tensor  # (q, T): True for the tokens of the evidence


class TypesNetwork(torch.nn.Module):
    """index.ranking.answer_types.Kinds with gradients."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.asked = torch.nn.Parameter(torch.randn(3 * dimension, RANK) * 0.05)
        self.asked_bias = torch.nn.Parameter(torch.full((RANK,), 0.1))
        self.last = torch.nn.Parameter(torch.zeros(dimension, RANK))
        self.inner = torch.nn.Parameter(torch.zeros(dimension, RANK))
        self.echo = torch.nn.Parameter(torch.tensor([-0.3, -0.3]))

    def forward(self, lesson: Lesson) -> torch.Tensor:
        """How much each token is of the kind that each question asks for, (q, T)."""
        amounts = _drop(lesson.described) @ self.asked + self.asked_bias
        # A direction is dropped for all tokens at once: none may lean on a single one.
        last = lesson.last * _drop(torch.ones(lesson.last.shape[1]))
        inner = lesson.inner * _drop(torch.ones(lesson.inner.shape[1]))
        offered = amounts @ (last @ self.last + inner @ self.inner).T
        amount: torch.Tensor = SCALE * (offered + lesson.nearest @ self.echo)
        return amount

    def export(self) -> AnswerTypes:
        """The weights as index.ranking.answer_types uses them."""
        values = {name: value.detach().numpy() for name, value in self.named_parameters()}
        scaled = {name: SCALE * values[name] for name in ("last", "inner", "echo")}
        return AnswerTypes(**{**values, **scaled})


def fit_answer_types(
    lessons: Sequence[Lesson], scores: Callable[[Case], NDArray[np.float32]]
) -> AnswerTypes:
    """Fit on *lessons*; *scores* (n,) are what matches say of the sentences of a case."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    known = [torch.from_numpy(np.stack([scores(c) for c in lesson.cases])) for lesson in lessons]
    network = TypesNetwork(lessons[0].last.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * len(lessons)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    for _ in range(EPOCHS):
        for i in random.permutation(len(lessons)):
            lesson = lessons[i]
            values = network(lesson) + known[i][:, lesson.owners]
            right = torch.logsumexp(values.masked_fill(~lesson.answers, NEVER), 1)
            optimiser.zero_grad()
            (torch.logsumexp(values, 1) - right).sum().backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return network.export()


def read_lessons(cases: Iterable[Case]) -> list[Lesson]:
    """Put the answerable *cases* together by their articles."""
    groups: dict[int, list[Case]] = {}
    for case in cases:
        if case.gold.any():
            groups.setdefault(id(case.article), []).append(case)
    return [_read_lesson(group) for group in groups.values()]


def _read_lesson(cases: Sequence[Case]) -> Lesson:
    article = cases[0].article
    starts, ends = np.array(list(_token_spans(article))).T
    matches = [match_tokens(case.query.tokens, article.encoded, None) for case in cases]
    answers = [
        np.any([(e.start < ends) & (starts < e.end) for e in case.evidence], axis=0)
        for case in cases
    ]
    layers = [sentence.layers for sentence in article.encoded]
    restored = np.concatenate([v.values * v.scales[..., None] for v in layers], axis=1)
    last, inner = torch.from_numpy(restored).float()
    return Lesson(
        cases,
        cases[0].title,
        last,
        inner,
        torch.from_numpy(np.repeat(np.arange(len(article.encoded)), matches[0].counts)),
        torch.from_numpy(np.stack([describe_question(c.query.tokens, c.asking) for c in cases])),
        torch.from_numpy(np.stack([found.nearest.T for found in matches])),
        torch.from_numpy(np.stack(answers)),
    )


def _token_spans(article: EncodedArticle) -> Iterator[tuple[int, int]]:
    """Where each token of an article stands; a sentence is cut where the model stopped reading."""
    for sentence, tokens in zip(article.loaded.sentences, article.encoded, strict=True):
        offsets = _tokenizer().encode(
            article.loaded.article.cut(sentence.span), add_special_tokens=False
        )
        for start, end in offsets.offsets[: len(tokens.layers)]:
            yield sentence.span.start + start, sentence.span.start + end


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(find_model(None) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _drop(values: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.dropout(values, DROPOUT)
