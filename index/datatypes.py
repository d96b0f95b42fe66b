"""
The values that travel through the product.

Offsets are half-open and count code points of the *normalised* text of an article
(``index.text.articles`` is the only place that normalises). Nothing here stores a piece of text
twice: what is shown is always cut out of its article.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

PassageKind = Literal["sentence", "list", "quote"]
BlockKind = Literal[
    "heading",
    "paragraph",
    "item",
    "row",
    "header",
    "code",
    "quotation",
    "question",
    "answer",
    "term",
    "description",
    "caption",
    "boilerplate",
    "metadata",
]
AnswerKind = Literal["answer", "summary", "greeting", "thanks"]
Tier = Literal["says", "may", "not"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open code-point offsets into the text of an article."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


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
class Block:
    """
    A piece of an article as its author built it.

    The blocks of an article stand in its order, without overlap, and hold all that is visible.
    *level* is that of a heading (1 to 6) and the depth of an item (from 1). *group* numbers lists
    and tables: blocks of one have the same, others 0. A row has its cells parted by "|" or tabs; a
    "header" is a row that names the columns; an "answer" or a "description" belongs to the
    "question" or "term" before it. *page* counts from 1, 0 where there are no pages.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    group: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """Words of an article at *span* that lead to an *address*."""

    span: Span
    address: str


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
    position the positions that share its window; *counts* are the tokens of each sentence. *shapes*
    remembers, by position, what is shown for a sentence.
    """

    key: int
    article: Article
    sentences: Sequence[Sentence]
    lists: Sequence[Enumeration] = ()
    window_of: Sequence[range] = ()
    counts: Sequence[int] = ()
    shapes: Shapes = field(default_factory=dict, compare=False, repr=False)


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
    the words that answer, inside *best*, None where nobody knows them.
    """

    article: Article
    span: Span
    best: Span
    kind: PassageKind
    score: float
    sentences: Sequence[Sentence] = field(compare=False, repr=False)
    answer: Span | None = None

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
class Answer:
    """
    What the articles say to a question.

    *confidence* is the probability, 0 to 1, that the first passage answers it; the *tier* says in
    three steps whether the articles do: "says", "may", "not". *passages* (best first) are the
    nearest ones even when they do not; *further* are the next ones, for who wants to read on
    (LazyPassages, since they follow from the rest and cost a tenth of it). *kind* is "summary" when
    the message asked what the article is about, and "greeting" or "thanks" when it asked nothing:
    there are no passages then. *unanswered* are those of several questions that the articles do not
    answer. *hits* is the ranking of sentences behind them, best first; the rankings of several
    questions take turns.
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

    @property
    def answered(self) -> bool:
        """Whether the articles answer, or may."""
        return self.tier != "not"
