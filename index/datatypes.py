"""
The values that travel through the product.

Offsets are half-open and count code points of the *normalised* text of an article
(``index.text.articles`` is the only place that normalises). Nothing here stores a piece of text
twice: what is shown is always cut out of its article.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from index.article_parts import UNKNOWN_STRUCTURE, Block, BlockKind, Link, Span, Structure

__all__ = [
    "UNKNOWN_STRUCTURE",
    "Answer",
    "AnswerKind",
    "Article",
    "Block",
    "BlockKind",
    "Enumeration",
    "Hit",
    "LazyPassages",
    "Link",
    "LoadedArticle",
    "Passage",
    "PassageKind",
    "Sentence",
    "Shapes",
    "Span",
    "Structure",
    "Tier",
]

PassageKind = Literal["sentence", "list", "quote"]
AnswerKind = Literal["answer", "summary", "greeting", "thanks"]
Tier = Literal["says", "may", "not"]


@dataclass(frozen=True, slots=True)
class Article:
    """
    One source text, normalised.

    *source* is where it came from (a path, a URL, a post's link), None when nobody said;
    *language* is the ISO 639-1 code of the one that most of it is written in. *author*, *published*
    (as its source writes it) and *tags* are known of some.
    """

    id: str
    title: str
    text: str
    source: str | None = None
    language: str = "en"
    author: str | None = None
    published: str | None = None
    tags: tuple[str, ...] = ()

    def cut(self, span: Span) -> str:
        """The words at *span*, verbatim."""
        return self.text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article; *paragraph* counts from 1."""

    span: Span
    paragraph: int


@dataclass(frozen=True, slots=True)
class Enumeration:
    """
    A list in an article, as sentence positions.

    *lead* is the sentence that introduces it, None when there is none; *items* are the
    positions that each item holds.
    """

    lead: int | None
    items: tuple[range, ...]

    @property
    def members(self) -> range:
        """The positions from the lead to the end of the last item."""
        start = self.items[0].start if self.lead is None else self.lead
        return range(start, self.items[-1].stop)


Shapes = dict[int, tuple[Span, PassageKind]]


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """
    An article in memory, with all that follows from it without a question.

    *key* is that of the database; *lists* are the enumerations in it; *window_of* has for each
    position the positions that share its window; *counts* are the tokens of each sentence; *blocks*
    are those that its paragraphs number; *headers* are the positions of the headers of tables by
    those of their rows. *shapes* remembers, by position, what is shown for a sentence.
    """

    key: int
    article: Article
    sentences: Sequence[Sentence]
    lists: Sequence[Enumeration] = ()
    window_of: Sequence[range] = ()
    counts: Sequence[int] = ()
    blocks: Sequence[Block] = ()
    headers: Mapping[int, int] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=dict, compare=False, repr=False)

    def block_of(self, position: int) -> Block | None:
        """The block in which the sentence at *position* stands, None when blocks are not known."""
        number = self.sentences[position].paragraph - 1
        return self.blocks[number] if number < len(self.blocks) else None


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked sentence, at a *position* of its *source*; a higher *score* is better."""

    source: LoadedArticle
    position: int
    score: float

    @property
    def article(self) -> Article:
        """The article in which it stands."""
        return self.source.article

    @property
    def span(self) -> Span:
        """Where the sentence stands."""
        return self.source.sentences[self.position].span


@dataclass(frozen=True, slots=True)
class Passage:
    """
    What is quoted: a piece of an article around the sentence that matched.

    *best* lies inside *span*; *sentences* are all of the article, as they are stored; *answer* are
    the words that answer, inside *best*, None where nobody knows them; *blocks* are those that the
    sentences' paragraphs number.
    """

    article: Article
    span: Span
    best: Span
    kind: PassageKind
    score: float
    sentences: Sequence[Sentence] = field(compare=False, repr=False)
    answer: Span | None = None
    blocks: Sequence[Block] = field(default=(), compare=False, repr=False)

    @property
    def text(self) -> str:
        """The passage, verbatim: cut from the article, never stored."""
        return self.article.cut(self.span)

    @property
    def paragraph(self) -> int:
        """The paragraph in which *best* stands, counted from 1."""
        return self._paragraph_at(self.best.start)

    @property
    def paragraphs(self) -> tuple[int, int]:
        """The first and the last paragraph that the passage shows, counted from 1."""
        return self._paragraph_at(self.span.start), self._paragraph_at(self.span.end - 1)

    def _paragraph_at(self, offset: int) -> int:
        at = bisect_right(self.sentences, offset, key=lambda sentence: sentence.span.start) - 1
        return self.sentences[max(at, 0)].paragraph


class LazyPassages:
    """Passages that are made when somebody first reads them, and kept: few people read on."""

    def __init__(self, make: Callable[[], Iterable[Passage]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._made)

    @cached_property
    def _made(self) -> tuple[Passage, ...]:
        return tuple(self._make())


@dataclass(frozen=True, slots=True)
class Turn:
    """
    An earlier *question* of a conversation, and what was shown for it, where that is known.

    *title* is that of the article, *told* the sentence that answered, or was nearest.
    """

    question: str
    title: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What the articles say to a question.

    *confidence* is the probability, 0 to 1, that the first passage answers it; the *tier* says in
    three steps whether the articles do: "says", "may", "not". *passages* (best first) are the
    nearest ones even when they do not; *further* are the next ones, for who wants to read on
    (LazyPassages, since they follow from the rest and cost a tenth of it). *kind* is "summary" when
    the message asked what the article is about, and "greeting" or "thanks" when it asked nothing:
    there are no passages then. *parts* are the answers to each of several questions, with as many
    passages together as one answer has, and *unanswered* those questions that the articles do not
    answer. *about* are the words of the conversation that a follow-up was read with. *hits* is the
    ranking of sentences behind them, best first; the rankings of several questions take turns.
    """

    question: str
    tier: Tier
    confidence: float
    passages: tuple[Passage, ...]
    hits: tuple[Hit, ...]
    elapsed_ms: float
    further: Iterable[Passage] = field(default=(), compare=False)
    kind: AnswerKind = "answer"
    unanswered: tuple[str, ...] = ()
    parts: tuple[Answer, ...] = ()
    about: str | None = None

    @property
    def answered(self) -> bool:
        """Whether the articles answer, or may."""
        return self.tier != "not"

    @property
    def turn(self) -> Turn:
        """What a follow-up is read with; a passage that does not answer is not leant on."""
        if not self.answered or not self.passages:
            return Turn(self.question)
        first = self.passages[0]
        return Turn(self.question, first.article.title, first.article.cut(first.best))
