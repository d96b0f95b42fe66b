"""From question to answer, on small libraries with a model that knows only equal words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEncoder
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.answering import Answerer
from index.datatypes import Answer, Article
from index.errors import NotFoundError, QuestionError
from index.ranking import confidence
from index.ranking.confidence import CHANCE_DISCOUNT
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import open_library
from index.text.messages import MAX_QUESTION, read_message
from index.text.passages import overlap
from index.text.readers import ReadArticle

STORM = (
    "Storm hits the coast\n\nThe storm came at night and broke the old pier.\n\n"
    "The mayor of Aldhaven thanked the firemen. She called them heroes.\n\nNobody was hurt."
)
BRIDGE = "The council closed the bridge in May.\n\nThe repair costs two million."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Fill a chat's library with two articles."""
    path: Path = tmp_path_factory.mktemp("qa") / "db.sqlite"
    library = open_library(open_database(f"sqlite:///{path}"), "chat")
    articles = [Article("storm", "Storm", STORM), Article("bridge", "Bridge", BRIDGE)]
    list(add_articles(library, HashingEncoder, [ReadArticle(article) for article in articles]))
    return Corpus(library, HashingEncoder())


def best(answer: Answer) -> str:
    """The sentence that the first passage is built around."""
    passage = answer.passages[0]
    return passage.article.cut(passage.best)


def test_the_sentence_with_the_words_comes_first(corpus: Corpus) -> None:
    """The first passage's best sentence is the one that matches."""
    answer = Answerer(corpus).answer("when was the bridge closed by the council")
    assert best(answer) == "The council closed the bridge in May."


def test_an_article_narrows_the_answer(corpus: Corpus) -> None:
    """With an article, passages and hits come from it alone."""
    answer = Answerer(corpus).answer("the bridge", article="storm")
    assert {hit.article.id for hit in answer.hits} == {"storm"}
    assert {passage.article.id for passage in answer.passages} == {"storm"}


def test_the_threshold_decides_what_counts_as_answered(corpus: Corpus) -> None:
    """The same confidence answers or not, and the passages are there either way."""
    yes = Answerer(corpus, threshold=0.0).answer("who thanked the firemen")
    no = Answerer(corpus, threshold=1.0).answer("who thanked the firemen")
    assert (yes.answered, no.answered) == (True, False)
    assert yes.passages == no.passages != ()


def test_of_several_articles_it_is_less_sure(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What two articles are asked may be met by chance, what one is asked is judged as fitted."""

    def logits() -> list[float]:
        asked = [
            Answerer(corpus).answer("who closed the bridge", article=a) for a in (None, "bridge")
        ]
        return [math.log(answer.confidence / (1 - answer.confidence)) for answer in asked]

    sure = logits()
    monkeypatch.setattr(confidence, "CHANCE_DISCOUNT", 0.0)
    assert sure == pytest.approx([logits()[0] - CHANCE_DISCOUNT * math.log(2), logits()[1]])


def test_a_follow_up_is_read_with_its_question(corpus: Corpus) -> None:
    """An elliptic question finds what the one before was about, and keeps its own words."""
    answer = Answerer(corpus).answer("and why?", history=["was the old pier broken at night"])
    assert best(answer) == "The storm came at night and broke the old pier."
    assert answer.question == "and why?"


def test_what_a_follow_up_brings_counts_more(corpus: Corpus) -> None:
    """The words of the follow-up itself decide, not those that are repeated."""
    answer = Answerer(corpus).answer("and the firemen?", history=["was the old pier broken"])
    assert best(answer) == "The mayor of Aldhaven thanked the firemen."


def test_two_questions_get_their_answers_in_turns(corpus: Corpus) -> None:
    """The best passage of each comes before the second of either."""
    question = "who thanked the firemen? when was the bridge closed by the council?"
    answer = Answerer(corpus, threshold=0.0).answer(question)
    bests = [passage.article.cut(passage.best) for passage in answer.passages[:2]]
    assert bests == [
        "The mayor of Aldhaven thanked the firemen.",
        "The council closed the bridge in May.",
    ]
    assert (answer.question, answer.unanswered) == (question, ())


def test_what_is_further_goes_on_behind_what_is_shown(corpus: Corpus) -> None:
    """To one question or two: nothing that is shown stands there again, and nothing twice."""
    for question in ("who thanked the firemen?", "who thanked the firemen? what about the pier?"):
        answer = Answerer(corpus, threshold=0.0, max_passages=1).answer(question)
        both = [*answer.passages, *answer.further]
        assert len(both) > len(answer.passages) > 0
        assert not any(overlap(*pair) for pair in combinations(both, 2))


def test_the_one_of_two_questions_that_is_not_answered_is_named(corpus: Corpus) -> None:
    """Only what is answered is shown, and the other question is said to have no answer."""
    sure = Answerer(corpus).answer("who thanked the firemen?").confidence
    question = "who thanked the firemen? what does a zebra eat?"
    answer = Answerer(corpus, threshold=sure).answer(question)
    assert answer.answered
    assert answer.unanswered == ("what does a zebra eat?",)
    assert best(answer) == "The mayor of Aldhaven thanked the firemen."


@pytest.mark.parametrize(("message", "kind"), [("Hello!", "greeting"), ("thank you", "thanks")])
def test_a_polite_message_gets_no_passage(corpus: Corpus, message: str, kind: str) -> None:
    """It asks nothing, so nothing is answered, and nothing is quoted."""
    answer = Answerer(corpus, threshold=0.0).answer(message)
    assert (answer.kind, answer.answered, answer.passages) == (kind, False, ())


def test_a_summary_quotes_the_article_in_its_order(corpus: Corpus) -> None:
    """Sentences of the one article, without its title, and nothing twice."""
    answer = Answerer(corpus).answer("what is this about?", article="storm")
    starts = [passage.span.start for passage in answer.passages]
    assert (answer.kind, answer.answered, answer.confidence) == ("summary", True, 1.0)
    assert starts == sorted(set(starts))
    assert starts[0] > 0


def test_a_summary_of_a_library_quotes_each_of_the_newest(corpus: Corpus) -> None:
    """With several articles, one passage stands for each, the newest first."""
    answer = Answerer(corpus).answer("summarise")
    assert [passage.article.id for passage in answer.passages] == ["bridge", "storm"]


def test_a_reranker_decides_with_the_ranking(corpus: Corpus) -> None:
    """What a cross-encoder prefers comes first, with the score it was given."""

    def prefer_hurt(_: str, texts: Sequence[str], scores: Any) -> Any:
        return scores + [100.0 * ("hurt" in text) for text in texts]

    answer = Answerer(corpus, prefer_hurt).answer("who thanked the firemen")
    assert best(answer) == "Nobody was hurt."
    assert answer.hits[0].score > 50


def test_an_unknown_article_is_said(corpus: Corpus) -> None:
    """An id that does not exist is no empty answer."""
    with pytest.raises(NotFoundError, match="'nope'"):
        Answerer(corpus).answer("why?", article="nope")


@pytest.mark.parametrize("question", ["", "  \n", "why " * MAX_QUESTION])
def test_a_blank_or_endless_question_is_refused(corpus: Corpus, question: str) -> None:
    """One sentence says what is wrong with it."""
    with pytest.raises(QuestionError, match=r"the question (is|has)"):
        Answerer(corpus).answer(question)


def test_a_question_without_words_is_not_answered(corpus: Corpus) -> None:
    """Emoji ask nothing that an article could answer."""
    answer = Answerer(corpus).answer("😀?!")
    assert (answer.answered, answer.confidence) == (False, 0.0)


def test_an_empty_library_answers_nothing(tmp_path: Path) -> None:
    """Without articles there is no answer, no passage and no confidence."""
    library = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "nobody")
    answer = Answerer(Corpus(library, HashingEncoder()), threshold=0.0).answer("why?")
    assert (answer.answered, answer.confidence) == (False, 0.0)
    assert (answer.passages, answer.hits) == ((), ())


def _asks(text: str) -> bool:
    return bool(text.strip()) and read_message(text).kind == "answer"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60).filter(_asks), st.integers(1, 5))
@example("0?\r1", 3)
def test_any_question_gets_words_of_the_articles(corpus: Corpus, question: str, k: int) -> None:
    """Whatever is asked: few passages, apart, around their best; the hits best first."""
    answer = Answerer(corpus, max_passages=k).answer(question)
    assert 0 <= answer.confidence <= 1
    assert 1 <= len(answer.passages) <= k
    for passage in answer.passages:
        assert passage.text == passage.article.text[passage.span.start : passage.span.end] != ""
        assert passage.span.start <= passage.best.start < passage.best.end <= passage.span.end
    if len(read_message(question).questions) == 1:  # the rankings of several take turns
        scores = [hit.score for hit in answer.hits]
        assert scores == sorted(scores, reverse=True)
