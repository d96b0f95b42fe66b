"""
What a reader learns from, in order: rounds of bundles, batches of bundles.

A round takes a quarter of the written questions, half of those that were asked of some of these
texts later, and SHARES of the public ones, all by seed and number of the round, so that training
goes on where it stopped.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tokenizers import Tokenizer

from index.training.reading.question_pairs import Bundle, Rareness, Surroundings, make_bundle
from index.training.reading.tokenised_texts import ReadQuestion, ReadText

SLICES = 4  # rounds in which every written question is asked once
PER_BUNDLE = 7  # questions
SAMPLE = 400  # texts of a public file that tell how rare a token is there
ASKED = "asked"  # the file of asked_questions
ASKED_SHARE = 0.5
POOL = 160  # bundles sorted by length together, so that little is padded

Chosen = tuple[ReadText, Sequence[ReadQuestion]]


@dataclass(frozen=True)
class Sources:
    """
    What rounds are made of: *texts* by file, the share of each, weights of style by question.

    Without *made*, nothing that was made wrong is in them. *asked_factor* is that of the weights of
    what was asked later, in which teachers have no say: it is what they misread.
    """

    texts: Mapping[str, Sequence[ReadText]]
    shares: Mapping[str, float]
    weights: Mapping[str, float]
    tokenizer: Tokenizer
    made: bool = True
    asked_factor: float = 1.0

    @cached_property
    def surroundings(self) -> Mapping[str, Surroundings]:
        """Of each file."""
        return {
            name: Surroundings(
                self.tokenizer,
                Rareness(texts if name not in self.shares else texts[:SAMPLE]),
                self.weights,
                texts,
                self.made,
                self.asked_factor if name == ASKED else 1.0,
                name != ASKED,
            )
            for name, texts in self.texts.items()
        }


def make_round(sources: Sources, number: int, seed: int) -> list[Bundle]:
    """The bundles of round *number*, in the order in which they are read."""
    bundles = []
    for name, texts in sources.texts.items():
        common = sources.surroundings[name]
        share = sources.shares.get(name)
        if share is None:
            chosen = _slice(texts, number, seed)
        else:
            chosen = _portion(texts, share, number, f"{seed} {name}")
        for text, questions in chosen:
            random_ = random.Random(f"{seed} {number} {text.id} {questions[0].id}")
            bundles.append(make_bundle(text, questions, common, random_))
    random.Random(f"{seed} {number}").shuffle(bundles)
    return [bundle for bundle in bundles if bundle.pairs]


def _slice(texts: Sequence[ReadText], number: int, seed: int) -> Iterator[Chosen]:
    """A slice of the questions of each text."""
    for text in texts:
        order = list(text.questions)
        random.Random(f"{seed} {number // SLICES} {text.id}").shuffle(order)
        own = order[number % SLICES :: SLICES]
        for at in range(0, len(own), PER_BUNDLE):
            yield text, own[at : at + PER_BUNDLE]


def _portion(texts: Sequence[ReadText], share: float, number: int, seed: str) -> Iterator[Chosen]:
    """The next *share* of a file's texts, by some questions each, in an order by *seed*."""
    units = [(text, at) for text in texts for at in range(0, len(text.questions), PER_BUNDLE)]
    random.Random(seed).shuffle(units)
    wanted = max(round(share * len(units)), 1)
    for step in range(wanted):
        text, at = units[(number * wanted + step) % len(units)]
        yield text, text.questions[at : at + PER_BUNDLE]


def batches(bundles: Sequence[Bundle], pairs: int) -> Iterator[list[Bundle]]:
    """Consecutive bundles that have at least so many *pairs* together."""
    batch: list[Bundle] = []
    for bundle in bundles:
        batch.append(bundle)
        if sum(len(bundle.pairs) for bundle in batch) >= pairs:
            yield batch
            batch = []


def arrange(bundles: Sequence[Bundle], pairs: int, processes: int, seed: str) -> list[list[Bundle]]:
    """Batches in groups of one a process, of like lengths within a group."""
    groups: list[list[list[Bundle]]] = []
    for at in range(0, len(bundles), POOL):
        pool = sorted(bundles[at : at + POOL], key=_length)
        made = list(batches(pool, pairs // processes))
        groups += [made[i : i + processes] for i in range(0, len(made) - processes + 1, processes)]
    random.Random(seed).shuffle(groups)
    return [batch for group in groups for batch in group]


def _length(bundle: Bundle) -> float:
    return sum(len(window.ids) for window in bundle.windows) / len(bundle.windows)
