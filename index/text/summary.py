"""What an article is about: its lead or abstract, and the sentences that stand for the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Hit, LoadedArticle
from index.languages.block_cues import ABSTRACT, CORRECTS
from index.text.passage_shapes import shape_of

MIN_SENTENCE_WORDS = 6  # shorter ones are headings, cries, captions
MAX_COMPARED_SENTENCES = 1_000  # that are compared with each other; of longer articles a sample
SAID = frozenset(
    {"paragraph", "quotation", "item", "answer", "description"}
)  # what may stand in it


def summary_sentences(
    source: LoadedArticle, vectors: NDArray[np.float32], number: int
) -> list[int]:
    """
    Choose the *number* sentences that an editor would take, in the order of the article.

    The lead of a story, or the first sentence of an abstract, then the central ones. Headings,
    captions and what is there for the page are left out, and so is what would bring more than
    itself (an item its list, a quotation its speaker, an answer its question, a correction what
    it corrects), unless there is too little beside it.
    vectors: (n, d), length 1.
    """
    texts = [source.article.cut(sentence.span) for sentence in source.sentences]
    body = texts[0].strip("# ") == source.article.title and len(texts) > 1  # known already
    said = [i for i in range(body, len(texts)) if _is_said(source, i)]
    long = [i for i in said if len(texts[i].split()) >= MIN_SENTENCE_WORDS]
    eligible = long or said or list(range(len(texts)))
    lead = _lead(source, texts, eligible)
    alone = [i for i in eligible if _stands_alone(source, i)]
    chosen = central_sentences(vectors, alone if len(alone) >= number else eligible, number, lead)
    return sorted(chosen)


def _stands_alone(source: LoadedArticle, position: int) -> bool:
    """Whether the sentence at *position* is all that is needed to understand it."""
    block = source.block_of(position)
    span = source.sentences[position].span
    if (block is not None and block.kind == "answer") or CORRECTS.match(source.article.cut(span)):
        return False
    return shape_of(Hit(source, position, 0.0))[0] == span


def _is_said(source: LoadedArticle, position: int) -> bool:
    block = source.block_of(position)
    return block is None or block.kind in SAID


def _lead(source: LoadedArticle, texts: Sequence[str], eligible: Sequence[int]) -> int:
    """The position of the first sentence of an abstract, else of the first paragraph."""
    for i, text in enumerate(texts):
        block = source.block_of(i)
        if block is not None and block.kind == "heading" and ABSTRACT.search(text):
            return next((j for j in eligible if j > i), eligible[0])
    paragraphs = (i for i in eligible if (b := source.block_of(i)) is None or b.kind != "item")
    return next(paragraphs, eligible[0])


def central_sentences(
    vectors: NDArray[np.float32], eligible: Sequence[int], number: int, lead: int
) -> list[int]:
    """
    Choose *number* of the *eligible* positions, the *lead* first.

    Each sentence is stood for by the chosen one that is nearest to it; the sum of these cosines is
    raised greedily (facility location, within 1 - 1/e of the best choice: Nemhauser et al. 1978).
    So what is chosen is central, and no two say the same. vectors: (n, d), length 1.
    """
    spread = np.linspace(0, len(eligible) - 1, min(len(eligible), MAX_COMPARED_SENTENCES))
    sample = np.array([*dict.fromkeys([lead, *np.asarray(eligible)[spread.astype(int)].tolist()])])
    cosines = vectors[sample] @ vectors[sample].T
    chosen, stood_for = [0], cosines[0]
    while len(chosen) < min(number, len(sample)):
        gains = np.maximum(cosines, stood_for).sum(1)
        gains[chosen] = -np.inf
        chosen.append(int(gains.argmax()))
        stood_for = np.maximum(stood_for, cosines[chosen[-1]])
    return [int(sample[i]) for i in chosen]
