"""The questions that /start offers: about the newest articles, each tried before it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice, zip_longest

from bot.plain_text import one_line
from index.answering import Answerer
from index.storage.records import StoredArticle
from index.text.example_questions import MAX_QUESTION, example_questions
from index.text.sentences import split_sentences

OFFERED = 3
MAX_TRIED = 8  # a question takes a tenth of a second to try
MAX_KEPT = 16  # libraries whose questions are remembered
MAX_ARTICLES = 3  # the newest ones, which questions are made of
MAX_LENGTH = 20_000  # characters of an article that are looked at
MIN_HEADING = 6  # characters of a heading that asks for something
SUMMARY_QUESTION = "What is this about?"  # any article answers it by its central sentences


def offer_questions(answerer: Answerer, scope: str | None) -> tuple[str, ...]:
    """
    Three questions that the articles answer, or the one *scope*; call it in a thread.

    Those that the articles surely answer come before those that they may; where there are not
    enough, it is asked what the articles are about. None for a library without articles.
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
    for question in islice(_candidates(answerer, scope), MAX_TRIED):
        tier = answerer.answer(question, article=scope).tier
        if tier != "not":
            (sure if tier == "says" else likely).append(question)
        if len(sure) == OFFERED:
            break
    return (*sure, *likely, SUMMARY_QUESTION)[:OFFERED]


def _candidates(answerer: Answerer, scope: str | None) -> Iterator[str]:
    """Questions about the newest articles, in turns."""
    corpus = answerer.corpus
    corpus.refresh()
    keys = [corpus.key_of(scope)] if scope is not None else corpus.newest(MAX_ARTICLES)
    found = [list(_questions_of(stored)) for stored in answerer.library.load(keys).values()]
    return (question for question in chain.from_iterable(zip_longest(*found)) if question)


def _questions_of(stored: StoredArticle) -> Iterator[str]:
    """Questions about one article: of its own words, in any language; the best ones first."""
    article, blocks = stored.article, stored.structure.blocks
    yield from _short_blocks(stored, "question")  # those that it answers itself
    if article.language == "en":
        sentences = split_sentences(article.text[:MAX_LENGTH], article.language, blocks)
        yield from example_questions(article.cut(sentence.span) for sentence in sentences)
    headings = [words for words in _short_blocks(stored, "heading") if words != article.title]
    yield from (words for words in headings if len(words) >= MIN_HEADING)


def _short_blocks(stored: StoredArticle, kind: str) -> Iterator[str]:
    """The words of the blocks of a *kind* that fit on a button."""
    for block in stored.structure.blocks:
        words = one_line(stored.article.cut(block.span)).lstrip("#").strip(" *_")
        if block.kind == kind and len(words) <= MAX_QUESTION:
            yield words
