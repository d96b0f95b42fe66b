"""Articles into a library: sentences, vectors, one transaction for each batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace as replaced

import numpy as np

from index.datatypes import Article, Sentence
from index.encoding.protocol import Encoder, Progress, Vectors
from index.errors import ArticleBotError
from index.storage.library import Added, EncodedArticle, Library
from index.text.readers import ReadArticle
from index.text.sentences import split_sentences

# What is encoded together and stored in one transaction: enough to fill the encoder's batches,
# and little enough to be lost when somebody interrupts (about ten seconds of work).
SENTENCES_PER_BATCH = 2048
ARTICLES_PER_BATCH = 64
NO_MODEL = ""  # of a batch that brings no vectors


def add_articles(
    library: Library,
    encoder: Callable[[], Encoder],
    loaded: Iterable[ReadArticle],
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Iterator[Added]:
    """
    Add articles as they come, and yield what became of each, in order, once it is stored.

    *encoder* is called when there is something to encode, not before; *progress* hears how many
    of the sentences that are stored together are encoded. An article is stored whole or not at
    all; when *loaded* or an article fails, those before it are stored first and the error is
    raised then.
    """
    batch: list[EncodedArticle] = []
    sentences = 0
    failure: ArticleBotError | None = None
    articles = iter(loaded)
    while failure is None:
        try:
            one = next(articles, None)
            if one is None:
                break
            batch.append(_prepare(library, one, replace=replace))
        except ArticleBotError as exc:
            failure = exc
            continue
        sentences += len(batch[-1].sentences)
        if sentences >= SENTENCES_PER_BATCH or len(batch) >= ARTICLES_PER_BATCH:
            yield from library.add(*_encode_batch(batch, encoder, progress), replace=replace)
            batch, sentences = [], 0
    if batch:
        yield from library.add(*_encode_batch(batch, encoder, progress), replace=replace)
    if failure:
        raise failure


def fill_missing_vectors(
    library: Library, encoder: Encoder, progress: Progress | None = None
) -> None:
    """
    Encode the articles of *library* that have no vectors of this encoder's model.

    New databases start with articles that nobody has encoded, and another model needs vectors of
    its own. Those of other models are dropped when all of the new ones are there.
    """
    missing = library.missing_vectors(encoder.identity)
    if not missing:
        return
    for start in range(0, len(missing), ARTICLES_PER_BATCH):
        stored = library.load(missing[start : start + ARTICLES_PER_BATCH])
        encoded = _encode([(one.article, one.sentences) for one in stored.values()], encoder)
        library.put_vectors(dict(zip(stored, encoded, strict=True)), encoder.identity)
        if progress:
            progress(min(start + ARTICLES_PER_BATCH, len(missing)), len(missing))
    library.drop_other_vectors(encoder.identity)


def _prepare(library: Library, loaded: ReadArticle, *, replace: bool) -> EncodedArticle:
    """Split the article into sentences, unless its text is there already."""
    article, explicit = loaded.article, loaded.explicit_id
    if library.check(article, replace=replace, explicit_id=explicit) == "unchanged":
        return EncodedArticle(article, explicit_id=explicit)
    sentences = tuple(split_sentences(article.text, article.language))
    return EncodedArticle(article, sentences, explicit_id=explicit)


def _encode_batch(
    batch: Sequence[EncodedArticle], encoder: Callable[[], Encoder], progress: Progress | None
) -> tuple[Sequence[EncodedArticle], str]:
    """Encode what is new in *batch*; return all of it, and the model that made the vectors."""
    new = [one for one in batch if one.sentences]
    if not new:
        return batch, NO_MODEL
    model = encoder()
    encoded = iter(_encode([(one.article, one.sentences) for one in new], model, progress))
    ready = [replaced(one, vectors=next(encoded)) if one.sentences else one for one in batch]
    return ready, model.identity


def _encode(
    articles: Sequence[tuple[Article, Sequence[Sentence]]],
    encoder: Encoder,
    progress: Progress | None = None,
) -> list[Vectors]:
    """Encode the sentences of all these articles together: an (n, d) array for each."""
    texts = [article.cut(one.span) for article, sentences in articles for one in sentences]
    ends = np.cumsum([len(sentences) for _, sentences in articles])
    return np.split(encoder.encode(texts, progress), ends[:-1])
