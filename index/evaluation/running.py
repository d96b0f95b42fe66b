"""Ask the questions of a file, each of its own article and of another one, or of all together."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from index.answering import Answerer
from index.encoding.protocol import Encoder, Progress
from index.evaluation.judging import Outcome, judge
from index.evaluation.question_files import Question, Questions
from index.ranking.crossencoder import Reranker
from index.reading.fused_ranking import Reader
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import open_library
from index.text.readers import ReadArticle


def evaluate(  # noqa: PLR0913 (what a measurement may vary)
    rows: Questions,
    encoder: Encoder,
    reranker: Reranker | None = None,
    reader: Reader | None = None,
    *,
    whole_library: bool = False,
    threshold: float | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """
    Ask every question of its own article, and (off topic) of another one.

    With *whole_library* all articles are asked together, and nothing is off topic. They are kept
    in memory. *progress* counts articles and questions together.
    """
    library = open_library(open_database("sqlite://"), "evaluation")
    trials = make_trials(rows, whole_library=whole_library)
    advance = _counter(len(rows) + len(trials), progress)
    first_ids = {}  # a text that occurs twice is found under its first id
    articles = [ReadArticle(article, explicit_id=True) for article, _ in rows]
    for added in add_articles(library, lambda: encoder, articles):
        first_ids[added.id] = added.known_as or added.id
        advance()
    answerer = Answerer(Corpus(library, encoder), reranker, threshold=threshold, reader=reader)
    outcomes = []
    for question, article in trials:
        answer = answerer.answer(question.question, article=article)
        known = replace(question, article=first_ids[question.article])
        outcomes.append(judge(known, answer, off_topic=article not in {None, question.article}))
        advance()
    return outcomes


def _counter(total: int, progress: Progress | None) -> Callable[[], None]:
    """Make a function that tells *progress* that one more of *total* is done."""
    done = itertools.count(1)
    return lambda: progress(next(done), total) if progress else None


def make_trials(rows: Questions, *, whole_library: bool) -> list[tuple[Question, str | None]]:
    """Each question with the id of the article that it is asked of, None for all of them."""
    if whole_library:
        return [(question, None) for _, questions in rows for question in questions]
    trials: list[tuple[Question, str | None]] = []
    for number, (article, questions) in enumerate(rows):
        # The next article that is about something else, as far as titles tell.
        behind = (stranger for stranger, _ in [*rows[number + 1 :], *rows[:number]])
        strangers = (stranger.id for stranger in behind if stranger.title != article.title)
        asked = [article.id, *itertools.islice(strangers, 1)]
        trials += [(question, id_) for question in questions for id_ in asked]
    return trials
