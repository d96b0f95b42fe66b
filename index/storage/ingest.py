"""Articles into a library: sentences, vectors, one transaction for each batch."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np

from index.datatypes import Article, Sentence
from index.encoding.protocol import Encoder, Progress, Vectors
from index.errors import ArticleBotError, ArticleError
from index.storage.article_ids import check_free
from index.storage.claims import Claims
from index.storage.known_texts import Check, KnownTexts
from index.storage.library import Library
from index.storage.records import Added, EncodedArticle
from index.text.articles import digest
from index.text.blocks import find_structure
from index.text.readers import ReadArticle, completed
from index.text.sentences import split_sentences

# What is claimed, encoded and stored together: enough to fill the encoder's batches, and little
# enough to be lost when somebody interrupts (about ten seconds of work, 2,000 sentences).
CHARACTERS_PER_BATCH = 200_000
ARTICLES_PER_BATCH = 64
PAUSE = 0.3  # seconds, after which it is looked again for what other processes were adding
NO_MODEL = ""  # of a batch that brings no vectors


def add_articles(  # noqa: PLR0913 (what adding takes)
    library: Library,
    encoder: Callable[[], Encoder],
    articles: Iterable[ReadArticle | None],
    *,
    replace: bool = False,
    progress: Progress | None = None,
    claims: Claims | None = None,
) -> Iterator[Added]:
    """
    Add articles as they come, and yield what became of each once it is stored.

    They come in order, but for those that another process is just adding, too, which come when it
    has stored them. *encoder* is called when there is something to encode, not before; *progress*
    hears how many of the sentences that are stored together are encoded. *claims* are those of who
    has claimed more in the library than texts. An article is stored whole or not at all; when
    *articles* or one of them fails, those before it are stored first and the error is raised then.
    A generator is told of an article that cannot be stored by an ArticleError at its ``yield``; it
    may go on with the next one, and gives None when it waits for another process.
    """
    chunks = _Chunks(library, iter(articles), KnownTexts(library, replace=replace))
    others: list[_Found] = []
    with nullcontext(claims) if claims else Claims(library) as shared:
        while (chunk := [*others, *chunks.next()]) or not chunks.ended:
            new = [found.digest for found in chunk if found.is_new]
            # A single article is encoded sooner than it is shared.
            mine, taken = (set(new), set[str]()) if chunks.single else shared.take(new)
            others = [found for found in chunk if found.digest in taken]
            ours = [found for found in chunk if found.digest not in taken]
            yield from _added(chunks, ours, mine, partial(_encode_batch, encoder, progress))
            if not ours and (chunks.ended or not chunk):
                time.sleep(PAUSE)
    if chunks.failure:
        raise chunks.failure


@dataclass(frozen=True, slots=True)
class _Found:
    """An article that was *read*, with the *digest* of its text, and whether that *is_new*."""

    read: ReadArticle
    digest: str
    is_new: bool


Encode = Callable[[Sequence[EncodedArticle]], tuple[Sequence[EncodedArticle], str]]


def _added(
    chunks: _Chunks, ours: Sequence[_Found], mine: set[str], encode: Encode
) -> Iterator[Added]:
    """Store a chunk, of whose texts those are *mine* to encode; the others are there already."""
    there = [found for found in ours if found.digest not in mine]
    outcomes = chunks.known.settled(
        [found.read for found in there], [found.digest for found in there]
    )
    settled = {id(found): added for found, added in zip(there, outcomes, strict=True) if added}
    batch = _split([found for found in ours if id(found) not in settled], mine)
    stored = _store(chunks, *encode(batch)) if batch else iter(())
    for found in ours:
        added = settled.get(id(found)) or next(stored, None)
        if added:
            yield added
    if mine:
        chunks.known.note_stored(list(mine))


@dataclass
class _Chunks:
    """What is stored together, until all *articles* are read or one of them fails."""

    library: Library
    articles: Iterator[ReadArticle | None]
    known: KnownTexts
    ended: bool = False
    failure: ArticleBotError | None = None
    count: int = 0

    @property
    def single(self) -> bool:
        """Whether there was one article in all."""
        return self.ended and self.count == 1

    def next(self) -> list[_Found]:
        """The next articles; none at the end, and while others have the rest in hand."""
        chunk: list[_Found] = []
        ids: dict[str, str] = {}  # with the digests of their texts
        new = 0  # characters
        with self.known.checking() as is_there:
            while not self.ended and new < CHARACTERS_PER_BATCH and len(chunk) < ARTICLES_PER_BATCH:
                try:
                    found = self._next(ids, is_there)
                except ArticleBotError as exc:
                    found, self.failure, self.ended = None, exc, True
                if found is None:
                    break
                chunk.append(found)
                if found.is_new or found.read.explicit_id:
                    ids[found.read.article.id] = found.digest
                new += len(found.read.article.text) if found.is_new else 0
        return chunk

    def _next(self, ids: Mapping[str, str], is_there: Check) -> _Found | None:
        """The next article that can be stored beside those with *ids*, if there is one now."""
        read = self._pull()
        while read is not None:
            self.count += 1
            try:
                return self._find(read, ids, is_there)
            except ArticleError as exc:
                read = self._pull(exc)
        return None

    def _pull(self, refused: ArticleError | None = None) -> ReadArticle | None:
        """What comes next, after a generator has heard of what was *refused*."""
        try:
            if refused is None:
                return next(self.articles)
            if not isinstance(self.articles, Generator):
                raise refused
            pulled: ReadArticle | None = self.articles.throw(refused)
        except StopIteration:
            self.ended = True
            return None
        return pulled

    def _find(self, read: ReadArticle, ids: Mapping[str, str], is_there: Check) -> _Found:
        name, text = read.article.id, read.digest or digest(read.article.text)
        is_new = not is_there(read, text)
        if is_new and not read.article.text:
            raise ArticleError("a document that was just added was removed; add it again.")
        if is_new and ids.get(name, text) != text:
            check_free(name, 0, replace=self.known.replace)  # one that is not stored yet has it
        return _Found(read, text, is_new)


def _store(chunks: _Chunks, ready: Sequence[EncodedArticle], model: str) -> Iterator[Added]:
    """Store a batch; when another process has just taken an id of it, all others."""
    library, replace = chunks.library, chunks.known.replace
    try:
        yield from library.add(ready, model, replace=replace)
    except ArticleError:
        for article in ready:
            try:
                yield from library.add([article], model, replace=replace)
            except ArticleError as exc:
                chunks.failure = chunks.failure or exc


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


def _split(chunk: Sequence[_Found], mine: set[str]) -> list[EncodedArticle]:
    """Split the articles into sentences whose texts are *mine* to encode, each text once."""
    left = set(mine)
    batch: list[EncodedArticle] = []
    for found in chunk:
        read = completed(found.read)
        article, explicit = read.article, read.explicit_id
        if found.digest not in left:
            batch.append(EncodedArticle(article, explicit_id=explicit))
            continue
        left.discard(found.digest)
        structure = read.structure or find_structure(article.text)
        sentences = tuple(split_sentences(article.text, article.language, structure.blocks))
        batch.append(EncodedArticle(article, sentences, explicit_id=explicit, structure=structure))
    return batch


def _encode_batch(
    encoder: Callable[[], Encoder], progress: Progress | None, batch: Sequence[EncodedArticle]
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
