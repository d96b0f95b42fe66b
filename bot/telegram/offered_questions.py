"""The questions that are offered: about the newest articles, each tried before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice, zip_longest

from bot.plain_text import one_line
from index.answering import Answerer
from index.datatypes import Answer
from index.languages.registry import DEFAULT_LANGUAGE
from index.languages.summary_wishes import SUMMARY_WISHES
from index.storage.records import StoredArticle
from index.text.example_questions import MAX_QUESTION, ExampleQuestion, example_questions
from index.text.sentences import split_sentences

OFFERED = 3
# Questions that are tried: an English one, which is read, takes a tenth of a second, others less.
MAX_READ, MAX_MATCHED = 8, 24
MAX_KEPT = 16  # libraries whose questions are remembered
MAX_ARTICLES = 3  # the newest ones, which questions are made of
MAX_LENGTH = 20_000  # characters of an article that are looked at
MIN_HEADING = 6  # characters of a heading that asks for something
SUMMARY_QUESTION = "What is this about?"  # any article answers it by its central sentences


def offer_questions(answerer: Answerer, scope: str | None) -> tuple[str, ...]:
    """
    Three questions that the articles answer, or the one *scope*; call it in a thread.

    Those that the articles surely answer come before those that they may, and each is answered by
    the sentence that it is made of; where there are not enough, it is asked what the articles are
    about. They are in the language of the articles. None for a library without articles.
    """
    return _offer(answerer, scope, answerer.library.revision())


def forget_offered() -> None:
    """Keep no question: one of the articles is gone."""
    _offer.cache_clear()


@lru_cache(MAX_KEPT)
def _offer(answerer: Answerer, scope: str | None, revision: int) -> tuple[str, ...]:  # noqa: ARG001
    """The same, of the articles as they are at *revision*."""
    if not answerer.count_articles():
        return ()
    sure: list[str] = []
    likely: list[str] = []
    articles = _newest(answerer, scope)
    languages = [stored.article.language for stored in articles]
    tries = MAX_READ if DEFAULT_LANGUAGE in languages else MAX_MATCHED
    for example in islice(_candidates(articles), tries):
        answer = answerer.answer(example.question, article=scope)
        if answer.tier != "not" and _tells(answer, example.told):
            (sure if answer.tier == "says" else likely).append(example.question)
        if len(sure) == OFFERED or len(sure) + len(likely) == 2 * OFFERED:
            break
    summary = SUMMARY_WISHES.get(languages[0], (SUMMARY_QUESTION,))[0]
    about = summary[0].upper() + summary[1:]
    return tuple(dict.fromkeys((*sure, *likely, about)))[:OFFERED]


def _tells(answer: Answer, told: str) -> bool:
    """Whether the sentence that *answer* shows first has the words *told*."""
    best = answer.passages[0]
    return told in one_line(best.article.cut(best.best))


def _newest(answerer: Answerer, scope: str | None) -> list[StoredArticle]:
    """The newest articles, or the one *scope*."""
    corpus = answerer.corpus
    corpus.refresh()
    keys = [corpus.key_of(scope)] if scope is not None else corpus.newest(MAX_ARTICLES)
    return list(answerer.library.load(keys).values())


def _candidates(articles: Iterable[StoredArticle]) -> Iterator[ExampleQuestion]:
    """Questions about *articles*, in turns."""
    found = [list(_questions_of(stored)) for stored in articles]
    return (example for example in chain.from_iterable(zip_longest(*found)) if example)


def _questions_of(stored: StoredArticle) -> Iterator[ExampleQuestion]:
    """Questions about one article: of its own words; the best ones first."""
    article, blocks = stored.article, stored.structure.blocks
    # Those that it answers itself.
    yield from map(ExampleQuestion, _short_blocks(stored, "question"))
    sentences = split_sentences(article.text[:MAX_LENGTH], article.language, blocks)
    texts = (one_line(article.cut(sentence.span)) for sentence in sentences)
    yield from example_questions(texts, article.language)
    headings = [words for words in _short_blocks(stored, "heading") if words != article.title]
    yield from (ExampleQuestion(words) for words in headings if len(words) >= MIN_HEADING)


def _short_blocks(stored: StoredArticle, kind: str) -> Iterator[str]:
    """The words of the blocks of a *kind* that fit on a button."""
    for block in stored.structure.blocks:
        words = one_line(stored.article.cut(block.span)).lstrip("#").strip(" *_")
        if block.kind == kind and len(words) <= MAX_QUESTION:
            yield words
