"""What items of lists are worth that are just what is asked for: an amount, or the rule for one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from index.ranking.candidate_sentences import Candidates, Floats
from index.text.followup_cues import topics
from index.text.messages import asks_yes_or_no

# Logits of "3 eggs" where it is asked how many eggs: a step that tells what to do with them has
# more words, and the reader likes these.
AMOUNT_WORTH = 6.0
# Logits of the rule that has all that is asked ("may interns work from home?"): others have parts.
RULE_WORTH = 2.0
MAX_AMOUNT = 8  # words of an item that is an amount of something
_ASKS_AMOUNT = re.compile(r"\bhow\s+(?:many|much)\s+([\w'’-]+)", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?:[-*+•–—]\s+|\d{1,2}[.)]\s+)?(?!\d{1,2}[.)]\s)(?:\d|[½⅓⅔¼¾]|(?:an?|one|two|three|half)\s)",
    re.IGNORECASE,
)


def item_scores(question: str, candidates: Candidates) -> Floats:
    """What items are worth to *question*, (n,), that are the amount or the rule it asks for."""
    worth = np.zeros(len(candidates), np.float32)
    asked = _ASKS_AMOUNT.search(question)
    of = topics(asked[1]) if asked else frozenset()
    whole = topics(question) if asks_yes_or_no(question) else frozenset()
    for i in _items(candidates):
        sentence = candidates.sentences[i]
        short = len(sentence.text.split()) <= MAX_AMOUNT
        if of and of <= sentence.words and short and _AMOUNT.match(sentence.text):
            worth[i] = AMOUNT_WORTH
        elif len(whole) > 1 and whole <= sentence.words:
            worth[i] = RULE_WORTH
    return worth


def _items(candidates: Candidates) -> Iterator[int]:
    """The places of the candidates that are items."""
    for i, (source, at) in enumerate(zip(candidates.sources, candidates.positions, strict=True)):
        block = source.block_of(at)
        if block is not None and block.kind == "item":
            yield i
