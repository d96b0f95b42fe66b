"""What a reader learns from a batch: losses to be made small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from index.reading.reader_network import Logits
from index.training.reading.reader_batch import Batch

WORDS_WEIGHT = 0.3  # of the loss of the answering words
TAUGHT = 0.6  # of the loss is what teachers say, the rest what is true, where there are teachers
TOGETHER_WEIGHT = 0.5  # of the loss over all windows of a question
NOTHING = -1e4  # a logit that counts for nothing, also in bfloat16


def sentence_scores(token: Tensor, owner: Tensor, sentences: int) -> Tensor:
    """
    A score for each sentence: (P, T) logits and owners to (P, S); NOTHING where there is none.

    The log-sum-exp of its tokens less half the logarithm of their number, so that long sentences
    are neither favoured as a sum would, nor short ones as a mean would.
    """
    numbers = torch.arange(sentences, device=owner.device)
    own = owner[:, None, :] == numbers[None, :, None]
    spread = torch.where(own, token[:, None, :], token.new_tensor(NOTHING))
    scores = torch.logsumexp(spread, 2) - 0.5 * own.sum(2).clamp(min=1).log()
    return torch.where(own.any(2), scores, scores.new_tensor(NOTHING))


@dataclass(frozen=True, slots=True)
class Losses:
    """The loss and its parts."""

    total: Tensor
    alone: Tensor
    together: Tensor
    words: Tensor


def measure_losses(logits: Logits, batch: Batch) -> Losses:
    """What is to be made small: windows alone, all windows of a question, the answering words."""
    owner = batch.owner[batch.window]
    scores = sentence_scores(logits.token, owner, batch.gold.shape[1])
    gain = scores - logits.null[:, None]  # the null of each window as zero
    right = torch.where(batch.gold, gain, gain.new_tensor(NOTHING)).logsumexp(1)
    none = ~batch.gold.any(1)
    mass = torch.logaddexp(gain.logsumexp(1), gain.new_zeros(()))
    alone = mass - torch.where(none, gain.new_zeros(()), right)
    alone_loss = (alone * batch.weight).sum() / batch.weight.sum()
    together = _together(gain, batch)
    words = _words(logits, batch, owner)
    total = alone_loss + TOGETHER_WEIGHT * together + WORDS_WEIGHT * words
    return Losses(total, alone_loss, together, words)


def measure_taught(logits: Logits, told: Sequence[Logits], batch: Batch) -> Tensor:
    """
    How far a reader is from the mean of its teachers (cross entropy).

    Over the sentences and the null of each window, and over the tokens of the sentence with the
    answering words, where they have a say.
    """
    owner = batch.owner[batch.window]
    own = _told(logits, owner, batch)
    theirs = torch.stack([_told(teacher, owner, batch).exp() for teacher in told]).mean(0)
    sentences = -(theirs * own).sum(1)
    weight = batch.weight * batch.taught
    loss = (sentences * weight).sum() / weight.sum().clamp(min=1e-6)
    chosen = (batch.words[:, 0] >= 0) & batch.taught
    inside = owner == owner.gather(1, batch.words[:, :1].clamp(min=0))
    for name in ("start", "end"):
        place = _inside(getattr(logits, name), inside)
        right = torch.stack([_inside(getattr(t, name), inside).exp() for t in told]).mean(0)
        words = -(right * place).sum(1) * chosen
        loss = loss + WORDS_WEIGHT / 2 * words.sum() / chosen.sum().clamp(min=1)
    return loss


def _told(logits: Logits, owner: Tensor, batch: Batch) -> Tensor:
    """The log probability of the null and of each sentence: (P, 1 + S)."""
    scores = sentence_scores(logits.token, owner, batch.gold.shape[1])
    return torch.cat([logits.null[:, None], scores], 1).log_softmax(1)


def _inside(logits: Tensor, inside: Tensor) -> Tensor:
    """The log probability (P, T) of each token among those *inside*."""
    return torch.where(inside, logits, logits.new_tensor(NOTHING)).float().log_softmax(1)


def _together(gain: Tensor, batch: Batch) -> Tensor:
    """The windows of a question compete: one softmax over all their sentences and one null."""
    number = batch.questions.shape[0]
    rows = torch.where(batch.gold, gain, gain.new_tensor(NOTHING)).logsumexp(1)
    top = gain.detach().max().clamp(min=0)
    mass = gain.new_zeros(number).index_add(0, batch.question, (gain - top).exp().sum(1))
    right = gain.new_zeros(number).index_add(0, batch.question, (rows - top).exp())
    zeros = gain.new_zeros(number)
    asked = zeros.index_add(0, batch.question, batch.gold.any(1).float()) > 0
    pairs = zeros.index_add(0, batch.question, torch.ones_like(batch.weight))
    weight = zeros.index_add(0, batch.question, batch.weight) / pairs.clamp(min=1)
    nothing = (-top).exp()
    loss = (mass + nothing).clamp(min=1e-30).log() - torch.where(asked, right, nothing).clamp(
        min=1e-30
    ).log()
    return (loss * weight).sum() / weight.sum().clamp(min=1e-6)


def _words(logits: Logits, batch: Batch, owner: Tensor) -> Tensor:
    """Cross entropy of start and end over the tokens of the sentence with the answering words."""
    chosen = batch.words[:, 0] >= 0
    if not chosen.any():
        return logits.token.new_zeros(())
    first, last = batch.words[chosen].unbind(1)
    own = owner[chosen]
    inside = own == own.gather(1, first[:, None])
    last = torch.where(inside.gather(1, last[:, None])[:, 0], last, first)
    start = torch.where(inside, logits.start[chosen], logits.start.new_tensor(NOTHING))
    end = torch.where(inside, logits.end[chosen], logits.end.new_tensor(NOTHING))
    return (cross_entropy(start, first) + cross_entropy(end, last)) / 2
