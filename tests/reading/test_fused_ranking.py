"""What is read of an answer, and what follows: which sentence, how sure, in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from fakes import HashingEncoder, put_article
from small_readings import WordReader

from index.answering import Answerer
from index.datatypes import Answer
from index.ranking.confidence import MATCHING_TIERS
from index.reading.fused_ranking import UNREAD, FusedRanking, tiers_of
from index.reading.reading_confidence import packaged_model
from index.retrieval.corpus import Corpus
from index.storage.library import Library

STORM = (
    "The storm came at night and broke the old pier.\n\n"
    "The mayor thanked the firemen of the town. She called them heroes.\n\nNobody was hurt."
)
BRIDGE = "The council closed the old bridge in May.\n\nThe repair costs two million."
STURM = "Der Sturm kam in der Nacht.\n\nDie Feuerwehr half der alten Stadt im Mai."
THANKED = "who thanked the firemen of the town?"


@dataclass
class Asked:
    """What a library answers to a question, with a reader or without."""

    library: Library
    encoder: HashingEncoder = field(default_factory=HashingEncoder)

    def __call__(self, question: str, reader: WordReader | None = None) -> Answer:
        return Answerer(Corpus(self.library, self.encoder), reader=reader).answer(question)


@pytest.fixture
def ask(library: Library, put: Callable[[str, str], None]) -> Asked:
    """Give a function that asks two English articles."""
    put("storm", STORM)
    put("bridge", BRIDGE)
    return Asked(library)


def best(answer: Answer) -> str:
    """The sentence that the first passage is built around."""
    passage = answer.passages[0]
    return passage.article.cut(passage.best)


def test_what_a_reader_is_sure_of_comes_first(ask: Asked) -> None:
    """A sentence that matches little is shown before one that matches well."""
    assert best(ask(THANKED)) == "The mayor thanked the firemen of the town."
    assert best(ask(THANKED, WordReader("heroes"))) == "She called them heroes."


def test_what_comes_first_is_the_best_hit(ask: Asked) -> None:
    """Passages and hits agree, and the hits stand best first."""
    answer = ask(THANKED, WordReader("heroes"))
    scores = [hit.score for hit in answer.hits]
    assert answer.hits[0].span == answer.passages[0].best
    assert answer.hits[0].score == answer.passages[0].score
    assert scores == sorted(scores, reverse=True)


def test_a_sure_reader_makes_a_surer_answer(ask: Asked) -> None:
    """Than one that finds nothing in what it reads."""
    sure, none = ask(THANKED, WordReader("firemen")), ask(THANKED, WordReader("zebra"))
    assert sure.confidence > none.confidence


def test_articles_compete(ask: Asked) -> None:
    """Windows of both are read, and a second article that says so too makes the first less sure."""
    question = "who closed the old pier or the old bridge?"
    only, both = WordReader("council"), WordReader("The")
    surer, less = ask(question, only), ask(question, both)
    [(_, texts)] = only.read_texts
    assert any("council" in text for text in texts)
    assert any("pier" in text for text in texts)
    assert surer.hits[0].score > max(hit.score for hit in less.hits)


def test_the_words_that_answer_stand_in_the_best_sentence(ask: Asked) -> None:
    """Of the passage that they belong to, and of no other."""
    first, *others = ask(THANKED, WordReader("heroes")).passages
    assert first.answer is not None
    assert first.article.cut(first.answer) == "heroes"
    assert first.best.start <= first.answer.start < first.answer.end <= first.best.end
    for passage in others:
        assert passage.answer is None or passage.article.cut(passage.answer) != "heroes"


@pytest.mark.parametrize(("sure", "told"), [(-0.1, True), (-3.0, False)])
def test_only_words_that_are_likely_are_told(sure: float, told: bool, ask: Asked) -> None:
    """Words that the reader is not sure of would be as often wrong as right."""
    answer = ask(THANKED, WordReader("heroes", sure))
    assert best(answer) == "She called them heroes."
    assert (answer.passages[0].answer is not None) == told


def test_without_a_reader_no_words_are_told(ask: Asked) -> None:
    """Matching does not know them."""
    assert {passage.answer for passage in ask(THANKED).passages} == {None}


def test_a_question_about_something_else_is_not_read(ask: Asked) -> None:
    """The first ranking knows enough of it, and its answer stays as it is."""
    reader, question = WordReader("pier"), "zebra giraffe xylophone quokka?"
    without, answer = ask(question), ask(question, reader)
    assert without.confidence < UNREAD
    assert reader.read_texts == []
    assert (answer.tier, answer.confidence) == (without.tier, without.confidence)
    assert answer.passages == without.passages


def test_a_question_without_words_is_not_read(ask: Asked) -> None:
    """Emoji ask nothing."""
    reader = WordReader("pier")
    assert ask("😀?!", reader).confidence == 0
    assert reader.read_texts == []


def test_the_whole_question_of_a_follow_up_is_read(ask: Asked) -> None:
    """A reader that saw only "and why?" would not know what is asked."""
    reader = WordReader("night")
    answerer = Answerer(Corpus(ask.library, ask.encoder), reader=reader)
    answerer.answer("and why?", history=["was the old pier broken at night"])
    [(question, _)] = reader.read_texts
    assert "pier" in question
    assert "why" in question


def test_a_follow_up_with_words_of_its_own_is_read_alone_as_well(ask: Asked) -> None:
    """What the question before it asked, and got no answer to, does not refuse it."""
    reader = WordReader("firemen")
    answerer = Answerer(Corpus(ask.library, ask.encoder), reader=reader)
    answerer.answer("and the firemen?", history=["was the old pier broken at night"])
    assert [question for question, _ in reader.read_texts] == [
        "was the old pier broken at night and the firemen?",
        "and the firemen?",
    ]


def test_an_article_in_another_language_is_not_read(library: Library) -> None:
    """The reader knows English only: the answer is that of matching, with its tiers."""
    put_article(library, "sturm", STURM, "de")
    ask, reader = Asked(library), WordReader("Feuerwehr")
    without, answer = (
        ask("half die Feuerwehr der Stadt?"),
        ask("half die Feuerwehr der Stadt?", reader),
    )
    assert reader.read_texts == []
    assert (answer.tier, answer.confidence) == (without.tier, without.confidence)
    assert answer.passages == without.passages


def test_beside_english_articles_others_are_not_read(ask: Asked) -> None:
    """Windows are of the English ones, and the sentences of others have no words that answer."""
    put_article(ask.library, "sturm", STURM, "de")
    reader = WordReader("alten")
    answer = ask("who closed the old bridge im Mai der alten Stadt?", reader)
    [(_, texts)] = reader.read_texts
    assert not any(text in STURM for text in texts)
    for passage in answer.passages:
        assert passage.article.id != "sturm" or passage.answer is None


def test_a_question_in_another_language_is_matched_beside_english_articles(ask: Asked) -> None:
    """The reader, which sees only the English ones, does not deny what the others say."""
    put_article(ask.library, "sturm", STURM, "de")
    question, reader = "half die Feuerwehr der alten Stadt im Mai?", WordReader("zebra")
    answer = ask(question, reader)
    assert reader.read_texts == []
    assert (answer.tier, answer.confidence) == (ask(question).tier, ask(question).confidence)


def test_another_language_is_never_in_the_first_tier(ask: Asked) -> None:
    """However well it matches: nobody has read that the article says so."""
    put_article(ask.library, "sturm", STURM, "de")
    answer = ask("Der Sturm kam in der Nacht", WordReader("zebra"))
    assert answer.hits[0].article.id == "sturm"
    assert answer.tier != "says"


def test_tiers_are_those_of_what_judges() -> None:
    """A reader has its own, matching has others."""
    assert tiers_of(None) == MATCHING_TIERS
    assert tiers_of(WordReader("pier")) == packaged_model().tiers


def test_equal_scores_keep_the_order_of_the_articles() -> None:
    """The earlier of two equals stands first."""
    scores = np.array([0.5, 1.0, 0.5, 1.0], np.float32)
    assert FusedRanking(scores, scores, 0.5, 0.5, MATCHING_TIERS).order == [1, 3, 0, 2]


def test_beside_the_best_sentence_stands_what_matches() -> None:
    """The reader says which sentence answers, the first ranking what belongs to it."""
    fused, matched = np.array([0, 1, 2, 9], np.float32), np.array([4, 3, 2, 1], np.float32)
    assert FusedRanking(fused, matched, 0.5, 0.5, MATCHING_TIERS).order_beside == [3, 0, 1, 2]
