"""Pairs to learn from: what answers, and what only looks as if it did."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest
from small_texts import texts, tokenizer

from index.reading.window_tokens import tokenise_question
from index.training.reading.question_pairs import (
    Bundle,
    Pair,
    Rareness,
    Surroundings,
    make_bundle,
)
from index.training.reading.tokenised_texts import ReadQuestion, ReadText
from index.training.reading.training_rounds import SLICES, Sources, arrange, make_round

DRAWS = 40


def surroundings() -> Surroundings:
    """What the two texts have in common."""
    return Surroundings(tokenizer(), Rareness(texts()), {}, ())


def bundles(text: ReadText) -> Iterator[Bundle]:
    """Bundles of all questions of *text*, drawn again and again."""
    for seed in range(DRAWS):
        yield make_bundle(text, text.questions, surroundings(), random.Random(seed))


def pairs_of(text: ReadText) -> Iterator[tuple[ReadQuestion, Bundle, Pair]]:
    """The pairs of the questions of *text* in their own wording, not made wrong."""
    known = {tokenise_question(tokenizer(), q.text): q for q in text.questions}
    for bundle in bundles(text):
        for pair in bundle.pairs:
            if question := known.get(bundle.questions[pair.question]):
                yield question, bundle, pair


EACH_TEXT = pytest.mark.parametrize("text", texts(), ids=lambda text: text.id)


@EACH_TEXT
def test_each_wording_of_an_answerable_question_has_both_labels(text: ReadText) -> None:
    """It is read against what answers it and against what does not, so that style tells nothing."""
    labels = defaultdict(set)
    for question, _, pair in pairs_of(text):
        labels[question.id].add(bool(pair.gold))
    assert {id_: seen for id_, seen in labels.items() if seen != {True, False}} == {
        question.id: {False} for question in text.questions if not question.gold
    }


@EACH_TEXT
def test_the_answering_sentence_stands_where_the_label_says(text: ReadText) -> None:
    """It is in the window of a pair that answers, and in no window of one that does not."""
    for question, bundle, pair in pairs_of(text):
        golden = [text.sentences[position] for position in question.gold]
        inside = {
            owner
            for owner, (start, _) in zip(
                bundle.windows[pair.window].owner, bundle.windows[pair.window].places, strict=True
            )
            if any(sentence.start <= start < sentence.end for sentence in golden)
        }
        assert inside == pair.gold


@EACH_TEXT
def test_the_answering_words_are_the_tokens_of_the_answer(text: ReadText) -> None:
    """The first and the last token of a pair that answers enclose just the answer."""
    for question, bundle, pair in pairs_of(text):
        if pair.words:
            places = bundle.windows[pair.window].places
            start, end = places[pair.words[0]][0], places[pair.words[1]][1]
            assert text.text[start:end] == question.answer


def test_a_question_made_wrong_is_never_answered() -> None:
    """A wording that is no question of the text has no gold."""
    own = {tokenise_question(tokenizer(), q.text) for q in texts()[0].questions}
    wrong = [
        pair
        for bundle in bundles(texts()[0])
        for pair in bundle.pairs
        if bundle.questions[pair.question] not in own
    ]
    assert wrong
    assert not any(pair.gold for pair in wrong)


def test_a_round_is_the_same_whenever_it_is_made() -> None:
    """So that a run can go on where it stopped."""
    sources = Sources({"written": texts()}, {}, {}, tokenizer())
    again = Sources({"written": texts()}, {}, {}, tokenizer())
    assert make_round(sources, 3, 1) == make_round(again, 3, 1)
    assert make_round(sources, 3, 1) != make_round(sources, 3, 2)


def test_every_written_question_is_asked_once_in_some_rounds() -> None:
    """Each in one of SLICES consecutive rounds."""
    sources = Sources({"written": texts()}, {}, {}, tokenizer())
    asked = [
        question
        for number in range(SLICES)
        for bundle in make_round(sources, number, 1)
        for question in bundle.questions
    ]
    own = [tokenise_question(tokenizer(), q.text) for text in texts() for q in text.questions]
    assert [asked.count(question) for question in own] == [1] * len(own)


def test_processes_have_as_many_batches_each() -> None:
    """Batches come in groups of one a process, so that none waits for nothing."""
    made = [bundle for text in texts() for bundle in bundles(text)]
    batches = arrange(made, 60, 2, "seed")
    assert batches
    assert len(batches) % 2 == 0
