"""The head of index.ranking.ranker with gradients, and how it is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from index.ranking.features import PAIR_FEATURES, Features
from index.training.cases import Case

HIDDEN = 8  # 4 is worse by .8 points of hit@1 over the sets, 16 is not better
EPOCHS, BATCH, RATE, DECAY = 45, 128, 0.04, 0.05
NEAR = 14  # sentences of a question to fit on, the nearest; the others have no share of the softmax
SCALE = 10.0  # cosines differ by tenths, scores by units: lets one learning rate serve all
NEVER = -1e9  # the score of a sentence that shall have no share of a softmax


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases padded to one shape: b questions, t tokens, n sentences."""

    pairs: torch.Tensor  # (b, t, n, PAIR_FEATURES)
    tokens: torch.Tensor  # (b, t, TOKEN_FEATURES)
    sentences: torch.Tensor  # (b, n, SENTENCE_FEATURES)
    own: torch.Tensor  # (b, t): 1 for tokens that are no padding
    ranked: torch.Tensor  # (b, n): True for sentences that are no padding
    gold: torch.Tensor  # (b, n)


class HeadNetwork(torch.nn.Module):
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
        scores: torch.Tensor = mean + SCALE * (batch.sentences @ self.sentence)
        return scores

    def export(self) -> dict[str, Any]:
        """The weights as they stand in the file, four digits each."""
        scales = {"hidden_out": SCALE, "sentence": SCALE}
        return {
            name: rounded(values.detach().numpy() * scales.get(name, 1.0))
            for name, values in self.named_parameters()
        }


def fit_head(cases: Sequence[Case]) -> HeadNetwork:
    """Maximise the softmax share of the gold sentences of each question."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    ordered = sorted((_nearest(case) for case in cases), key=lambda case: len(case.gold))
    batches = [_make_batch(ordered[i : i + BATCH]) for i in range(0, len(ordered), BATCH)]
    network = HeadNetwork(cases[0].features)
    optimiser = _make_optimiser(network)
    steps = EPOCHS * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    for _ in range(EPOCHS):
        for i in random.permutation(len(batches)):
            optimiser.zero_grad()
            _loss(network(batches[i]), batches[i]).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return network


def _make_optimiser(network: HeadNetwork) -> torch.optim.Optimizer:
    hidden = [p for name, p in network.named_parameters() if name.startswith("hidden")]
    plain = [p for name, p in network.named_parameters() if not name.startswith("hidden")]
    return torch.optim.AdamW(
        [
            {"params": plain, "lr": 2 * RATE, "weight_decay": 1e-4},
            {"params": hidden, "lr": RATE / 2, "weight_decay": DECAY},
        ]
    )


def _make_batch(cases: Sequence[Case]) -> Batch:
    """Pad *cases* with zeros."""
    features = [case.features for case in cases]
    t = max(len(case.tokens) for case in features)
    n = max(len(case.gold) for case in cases)
    pairs, tokens, sentences = (
        getattr(features[0], name).shape[-1] for name in ("pairs", "tokens", "sentences")
    )
    return Batch(
        _padded([case.pairs for case in features], (t, n, pairs)),
        _padded([case.tokens for case in features], (t, tokens)),
        _padded([case.sentences for case in features], (n, sentences)),
        _padded([np.ones(len(case.tokens), np.float32) for case in features], (t,)),
        _padded([np.ones(len(case.gold), bool) for case in cases], (n,)),
        _padded([case.gold for case in cases], (n,)),
    )


def _padded(arrays: Sequence[NDArray[Any]], shape: tuple[int, ...]) -> torch.Tensor:
    out = np.zeros((len(arrays), *shape), arrays[0].dtype)
    for row, array in zip(out, arrays, strict=True):
        row[tuple(slice(size) for size in array.shape)] = array
    return torch.from_numpy(out)


def _nearest(case: Case) -> Case:
    """*case* with its gold sentences and those that match best, NEAR in all."""
    features = case.features
    match, word, inner = (
        features.pairs[..., PAIR_FEATURES.index(name)].mean(0)
        for name in ("match", "word", "inner")
    )
    order = np.argsort(-np.where(case.gold, np.inf, match + 0.5 * word + 0.3 * inner))
    chosen = np.sort(order[: max(NEAR, int(case.gold.sum()))])
    near = Features(features.pairs[:, chosen], features.tokens, features.sentences[chosen])
    return replace(case, features=near, gold=case.gold[chosen])


def _loss(scores: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Mean negative log-likelihood that the sentence drawn by softmax is a gold one."""
    scores = scores.masked_fill(~batch.ranked, NEVER)
    right = torch.logsumexp(scores.masked_fill(~batch.gold, NEVER), 1)
    return (torch.logsumexp(scores, 1) - right).mean()


def rounded(values: Any) -> Any:  # noqa: ANN401 (numbers, nested to any depth)
    """Nested lists with four significant digits."""
    if np.ndim(values):
        return [rounded(value) for value in values]
    return float(f"{float(values):.4g}")
