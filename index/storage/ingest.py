"""Articles into a library: sentences, vectors, one transaction for each batch."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.datatypes import Article, Sentence
from index.encoding.protocol import Encoder, Progress, Vectors
from index.errors import ArticleBotError
from index.storage.claims import Claims
from index.storage.library import Library
from index.storage.records import Added, EncodedArticle
from index.text.blocks import find_structure
from index.text.readers import ReadArticle
from index.text.sentences import split_sentences

# What is encoded together and stored in one transaction: enough to fill the encoder's batches,
# and little enough to be lost when somebody interrupts (about ten seconds of work).
SENTENCES_PER_BATCH = 2048
ARTICLES_PER_BATCH = 64
PAUSE = 0.3  # seconds, after which it is looked again for what other processes were adding
NO_MODEL = ""  # of a batch that brings no vectors


def add_articles(
    library: Library,
    encoder: Callable[[], Encoder],
    articles: Iterable[ReadArticle],
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Iterator[Added]:
    """
    Add articles as they come, and yield what became of each once it is stored.

    They come in order, but for those that another process is just adding, too, which come when it
    has stored them. *encoder* is called when there is something to encode, not before; *progress*
    hears how many of the sentences that are stored together are encoded. An article is stored whole
    or not at all; when *articles* or one of them fails, those before it are stored first and the
    error is raised then.
    """
    chunks = _Chunks(library, iter(articles), replace=replace)
    others: list[EncodedArticle] = []
    with Claims(library) as claims:
        while chunk := [*others, *chunks.next()]:
            mine, others = claims.take(chunk)
            if mine:
                yield from library.add(*_encode_batch(mine, encoder, progress), replace=replace)
            elif chunks.ended:
                time.sleep(PAUSE)
    if chunks.failure:
        raise chunks.failure


@dataclass
class _Chunks:
    """What is encoded and stored together, until all *articles* are read or one of them fails."""

    library: Library
    articles: Iterator[ReadArticle]
    replace: bool
    ended: bool = False
    failure: ArticleBotError | None = None

    def next(self) -> list[EncodedArticle]:
        """The next articles, split into sentences; none at the end."""
        chunk: list[EncodedArticle] = []
        sentences = 0
        while (
            not self.ended and sentences < SENTENCES_PER_BATCH and len(chunk) < ARTICLES_PER_BATCH
        ):
            try:
                article = next(self.articles, None)
                if article is not None:
                    chunk.append(_split(self.library, article, replace=self.replace))
                    sentences += len(chunk[-1].sentences)
            except ArticleBotError as exc:
                article, self.failure = None, exc
            self.ended = article is None
        return chunk


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
        parts = [(article.article, article.sentences) for article in stored.values()]
        encoded = _encode(parts, encoder)
        library.put_vectors(dict(zip(stored, encoded, strict=True)), encoder.identity)
        if progress:
            progress(min(start + ARTICLES_PER_BATCH, len(missing)), len(missing))
    library.drop_other_vectors(encoder.identity)


def _split(library: Library, new: ReadArticle, *, replace: bool) -> EncodedArticle:
    """Split the article into sentences, unless its text is there already."""
    article, explicit = new.article, new.explicit_id
    if library.check(article, replace=replace, explicit_id=explicit) == "unchanged":
        return EncodedArticle(article, explicit_id=explicit)
    structure = find_structure(article.text) if new.structure is None else new.structure
    sentences = tuple(split_sentences(article.text, article.language, structure.blocks))
    return EncodedArticle(article, sentences, explicit_id=explicit, structure=structure)


def _encode_batch(
    batch: Sequence[EncodedArticle], encoder: Callable[[], Encoder], progress: Progress | None
) -> tuple[Sequence[EncodedArticle], str]:
    """Encode what is new in *batch*; return all of it, and the model that made the vectors."""
    parts = [(article.article, article.sentences) for article in batch if article.sentences]
    if not parts:
        return batch, NO_MODEL
    model = encoder()
    encoded = iter(_encode(parts, model, progress))
    ready = [
        dataclasses.replace(article, vectors=next(encoded)) if article.sentences else article
        for article in batch
    ]
    return ready, model.identity


def _encode(
    articles: Sequence[tuple[Article, Sequence[Sentence]]],
    encoder: Encoder,
    progress: Progress | None = None,
) -> list[Vectors]:
    """Encode the sentences of all these articles together: an (n, d) array for each."""
    texts = [article.cut(part.span) for article, sentences in articles for part in sentences]
    ends = np.cumsum([len(sentences) for _, sentences in articles])
    return np.split(encoder.encode(texts, progress), ends[:-1])
