"""
Pairs of a question and a window of one text: what answers, and what only looks as if it did.

What is read together is a bundle: some questions of one text with the windows that they are read
against, each encoded once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from tokenizers import Tokenizer

from index.reading.window_tokens import WindowTokens, tokenise_question
from index.training.reading.text_windows import ReadingWindow, tile_text, tokenise_window
from index.training.reading.tokenised_texts import ReadQuestion, ReadText
from index.training.reading.wrong_questions import wrong_question

BUDGETS = (88, 104, 120, 128)  # tokens of windows; at serving 112
# How often an answerable question is read against something that does not answer it: the window
# with most of its rare words, another one, the right window without the sentence that answers, the
# right window with a question made wrong, another text. Each wording must have both labels
# (style betrays, see style_weights); so six pairs in ten are not answered.
HARD, OTHER, REMOVED, SWAPPED, STRANGER = 0.6, 0.2, 0.3, 0.15, 0.06
SECOND = 0.5  # how often a near miss is read against its second window, too
UNTITLED = 0.25  # how often a title is left out, so that texts without one are read as well


@dataclass(frozen=True, slots=True)
class Pair:
    """
    A question read against a window, by their places in the bundle.

    *gold*: the sentences of the window that answer; *words*: the first and last token of the
    answering words, None where they are not learnt; *weight*: of its loss; *taught*: whether
    teachers have a say.
    """

    question: int
    window: int
    gold: frozenset[int]
    words: tuple[int, int] | None
    weight: float
    taught: bool = True


@dataclass(frozen=True, slots=True)
class Bundle:
    """Questions (token ids), windows, and the pairs between them."""

    questions: tuple[tuple[int, ...], ...]
    windows: tuple[WindowTokens, ...]
    pairs: tuple[Pair, ...]


class Rareness:
    """How rare a token is: idf over the sentences of *texts*."""

    def __init__(self, texts: Sequence[ReadText]) -> None:
        counts: Counter[int] = Counter()
        total = 0
        for text in texts:
            for sentence in text.sentences:
                counts.update(set(sentence.ids))
                total += 1
        self._idf = {token: log(total / count) for token, count in counts.items()}
        self._most = log(max(total, 2))

    def shared(self, question: Sequence[int], text: ReadText, window: ReadingWindow) -> float:
        """The summed rareness of what the question shares with the window."""
        there = {token for at in window.positions for token in text.sentences[at].ids}
        return sum(self._idf.get(token, self._most) for token in set(question) & there)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What the bundles of a file have in common.

    *weights*: of a question's style, by its id; *strangers*: other texts; *made*: whether windows
    and questions are made wrong; *factor*: of all weights; *taught*: whether teachers have a say.
    """

    tokenizer: Tokenizer
    rareness: Rareness
    weights: Mapping[str, float]
    strangers: Sequence[ReadText]
    made: bool = True
    factor: float = 1.0
    taught: bool = True


def make_bundle(
    text: ReadText, questions: Sequence[ReadQuestion], common: Surroundings, random_: random.Random
) -> Bundle:
    """Read *questions* of *text* against its windows."""
    if text.title and random_.random() < UNTITLED:
        text = replace(text, title=())
    making = _Making(text, common, random_)
    for asked in questions:
        making.read(asked)
    return Bundle(tuple(making.questions), tuple(making.encoded), tuple(making.pairs))


class _Making:
    """A bundle while it is made, its text cut into windows of a random size and phase."""

    def __init__(self, text: ReadText, common: Surroundings, random_: random.Random) -> None:
        self.text, self.common, self.random = text, common, random_
        self.budget = random_.choice(BUDGETS)
        count = len(text.sentences)
        first = random_.randrange(count) if count > 3 else 0
        self.tiles = tile_text(text, self.budget, first)
        self.questions: list[tuple[int, ...]] = []
        self.encoded: list[WindowTokens] = []
        self.pairs: list[Pair] = []
        self._places: dict[tuple[str, ReadingWindow], int] = {}

    def read(self, asked: ReadQuestion) -> None:
        """Read a question against what answers it, and some of what does not."""
        number = self._ask(asked.text)
        ids = self.questions[number][1:-1]
        rareness = self.common.rareness
        ranked = sorted(self.tiles, key=lambda window: -rareness.shared(ids, self.text, window))
        weight = self.common.weights.get(asked.id, 1.0)
        if asked.gold:
            self._read_answerable(number, asked, ranked, weight)
        else:
            for window in ranked[: 1 + (self.random.random() < SECOND)]:
                self._pair(number, window, None, weight)
        if self.common.made and self.common.strangers and self.random.random() < STRANGER:
            stranger = self.random.choice(self.common.strangers)
            window = self.random.choice(tile_text(stranger, self.budget))
            self._pair(number, window, None, 1.0, stranger)

    def _read_answerable(
        self, number: int, asked: ReadQuestion, ranked: Sequence[ReadingWindow], weight: float
    ) -> None:
        right = [window for window in ranked if asked.gold & set(window.positions)]
        wrong = [
            window
            for window in ranked
            if window not in right and not self._tells(window, asked.answer)
        ]
        for window in right[:2]:
            self._pair(number, window, asked, weight)
        if wrong and self.random.random() < HARD:
            self._pair(number, wrong[0], None)
        if len(wrong) > 1 and self.random.random() < OTHER:
            self._pair(number, self.random.choice(wrong[1:]), None)
        if self.common.made:
            self._read_made_wrong(number, asked, right[0])

    def _read_made_wrong(self, number: int, asked: ReadQuestion, right: ReadingWindow) -> None:
        """Read it without the sentence that answers, and with another question."""
        if self.random.random() < REMOVED:
            left = ReadingWindow(tuple(at for at in right.positions if at not in asked.gold))
            if left.positions and not self._tells(left, asked.answer):
                self._pair(number, left, None)
        if self.random.random() < SWAPPED:
            passage = self._words_of(right)
            changed = wrong_question(asked.text, passage, self.text.text, self.random)
            if changed:
                self._pair(self._ask(changed), right, None)

    def _ask(self, question: str) -> int:
        self.questions.append(tokenise_question(self.common.tokenizer, question))
        return len(self.questions) - 1

    def _pair(
        self,
        question: int,
        window: ReadingWindow,
        asked: ReadQuestion | None,
        weight: float = 1.0,
        stranger: ReadText | None = None,
    ) -> None:
        """Read *window* (of a *stranger*); *asked* tells what answers, None: nothing does."""
        text = stranger or self.text
        key = (text.id, window)
        if key not in self._places:
            self._places[key] = len(self.encoded)
            self.encoded.append(tokenise_window(text, window))
        place = self._places[key]
        gold = asked.gold if asked else frozenset()
        inside = frozenset(i for i, at in enumerate(window.positions) if at in gold)
        words = find_words(self.encoded[place], asked.words) if asked and inside else None
        weight *= self.common.factor
        self.pairs.append(Pair(question, place, inside, words, weight, self.common.taught))

    def _words_of(self, window: ReadingWindow) -> str:
        spans = [self.text.sentences[i] for i in window.positions]
        return " ".join(self.text.text[span.start : span.end] for span in spans)

    def _tells(self, window: ReadingWindow, answer: str) -> bool:
        """Whether the answer's words stand in the window, too: it might answer as well."""
        return bool(answer) and answer.lower() in self._words_of(window).lower()


def find_words(window: WindowTokens, words: tuple[int, int] | None) -> tuple[int, int] | None:
    """The first and last token of *window* that lie inside the code points *words*."""
    if words is None:
        return None
    inside = [i for i, (s, e) in enumerate(window.places) if s < words[1] and words[0] < e]
    return (inside[0], inside[-1]) if inside else None
