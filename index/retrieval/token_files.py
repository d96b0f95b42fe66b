"""
Encoded windows on disk: what one process has encoded, the next one reads.

    <cache>/windows/<set>/<library>-<article's digest>-<hash of the window>   one window

Articles never change, and encoding a window takes 30 ms where reading it takes one, half of it to
find the words of its sentences anew. The last part of a name is what the vectors depend on, not a
key of some database: a file is right, or it has another name. The other parts tell whose it is, so
that the windows of an article go with it. Nothing in a file is trusted before its checksum fits. A
SQLite database would take 12 ms to open and to close, ten times that of a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.datatypes import Article, Sentence
from index.encoding.export_cache import EXPORTS_FOLDER, user_cache
from index.encoding.protocol import Encoder
from index.encoding.token_windows import (
    EncodedSentence,
    QuantisedVectors,
    describe_sentence,
    encode_windows,
)
from index.retrieval.private_files import make_private, write_whole
from index.storage.engine import lasting_name
from index.storage.library import Library
from index.text.articles import digest
from index.unfinished import SUFFIX, is_abandoned, remove

Piece = tuple[Article, Sequence[Sentence]]  # neighbouring sentences of an article: a window

FORMAT = 2  # of the files; it is part of their names, so those of another one age out
# A full window of the packaged model takes 193 KiB, so this holds 1,350, some four times what the
# memory of a process does (index.retrieval.corpus), and takes as much of a disk as three exported
# models.
LIMIT = 256 * 2**20
# The files stand in this many folders. Each has its share of the limit and makes room by itself, as
# the sets of a processor's cache do: a look at some forty files (.2 ms), not at all of them, and no
# count that processes would have to agree on. Hashes fill the sets evenly.
SETS = 32
CHECKSUM = 4  # bytes


@dataclass(frozen=True, slots=True)
class TokenFiles:
    """
    The windows of *library* that were used last, in *folder*.

    As many are kept as fit into *limit* bytes, those of other libraries counted. Several threads
    and processes may use one folder. Where nothing can be written (a full disk, a folder that is
    read-only) windows are encoded anew, and that is all.
    """

    folder: Path
    library: str
    limit: int = LIMIT

    def encode(self, windows: Sequence[Piece], encoder: Encoder) -> list[list[EncodedSentence]]:
        """
        Do what ``encode_windows`` does, for the *windows* only that have no file, and keep these.

        They are written at once, for a process may end with its answer: a window takes 1.5 ms, a
        twentieth of what encoding it took.
        """
        paths = self._paths(windows, encoder.identity)
        found = [
            _read(path, window, encoder.dimension)
            for path, window in zip(paths, windows, strict=True)
        ]
        missing = [i for i, sentences in enumerate(found) if sentences is None]
        made = encode_windows([windows[i] for i in missing], encoder)
        for i, sentences in zip(missing, made, strict=True):
            self._write(paths[i], sentences)
        rest = iter(made)
        return [next(rest) if sentences is None else sentences for sentences in found]

    def articles(self) -> set[str]:
        """The digests of the articles that have windows here."""
        return {path.name.split("-")[1] for path in self._files()}

    def remove(self, articles: Collection[str]) -> None:
        """Delete the windows of the *articles* with these digests, half-written ones too."""
        for path in self._files():
            if path.name.split("-")[1] in articles:
                with suppress(OSError):
                    path.unlink()

    def discard_abandoned(self) -> None:
        """Delete the half-written windows of processes that are gone."""
        for path in self._files():
            if path.suffix == SUFFIX and is_abandoned(path):
                remove(path)

    def _files(self) -> Iterator[Path]:
        return self.folder.glob(f"*/{self.library}-*")

    def _paths(self, windows: Sequence[Piece], identity: str) -> list[Path]:
        digests = {text: digest(text) for text in {article.text for article, _ in windows}}
        names = [(digests[window[0].text], _hash_of(window, identity)) for window in windows]
        return [
            self.folder / f"{int(window, 16) % SETS:02}" / f"{self.library}-{article}-{window}"
            for article, window in names
        ]

    def _write(self, path: Path, sentences: Sequence[EncodedSentence]) -> None:
        """Keep a window, whole or not at all; it is not synced, for a torn file is noticed."""
        with suppress(OSError):
            for folder in (self.folder, path.parent):
                make_private(folder)
            with write_whole(path) as file:
                file.write(_pack(sentences, path.name))
            _make_room(path.parent, self.limit // SETS)


def files_of(library: Library, cache: Path | None) -> TokenFiles | None:
    """
    Say where the windows of *library* are kept: in *cache*, None for the user's cache folder.

    Nowhere when its database is in memory: what is asked there is not meant to last.
    """
    name = lasting_name(library.engine, library.chat)
    if name is None:
        return None
    return TokenFiles((cache or user_cache()) / "windows", name[:16])


def forget_tokens(library: Library, files: TokenFiles) -> None:
    """
    Delete the windows of articles that *library* has no more, and what nobody finishes.

    Raises LibraryError.
    """
    files.discard_abandoned()
    kept = files.articles()
    if kept:
        files.remove(kept - library.digests())


def _hash_of(window: Piece, identity: str) -> str:
    """Hash all that the vectors of *window* depend on, and how they are divided."""
    article, sentences = window
    first, last = sentences[0].span.start, sentences[-1].span.end
    starts = [sentence.span.start - first for sentence in sentences]
    described = [FORMAT, EXPORTS_FOLDER, identity, starts, article.text[first:last]]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:32]


def _read(path: Path, window: Piece, dimension: int) -> list[EncodedSentence] | None:
    """Read a window, and note that it was used; None when there is none that is whole."""
    try:
        sentences = _unpack(path, window, dimension)
    except (OSError, ValueError):
        return None
    with suppress(OSError):
        os.utime(path)
    return sentences


def _pack(sentences: Sequence[EncodedSentence], name: str) -> bytes:
    """
    Write the vectors of n sentences with t tokens in d dimensions as bytes, after their checksum.

    That is of the file's *name*, too, for it says what they are of. They are, each least byte
    first: the tokens of each sentence, n of 32 bits; the scales of both layers, 2t of single
    precision; the values of both layers, 2td of 8 bits.
    """
    layers = [sentence.layers for sentence in sentences]
    body = b"".join(
        [
            np.array([len(vectors) for vectors in layers], "<u4").tobytes(),
            np.concatenate([vectors.scales for vectors in layers], axis=1, dtype="<f4").tobytes(),
            np.concatenate([vectors.values for vectors in layers], axis=1).tobytes(),
        ]
    )
    return _checksum(name, body) + body


def _checksum(name: str, body: bytes | memoryview) -> bytes:
    return zlib.crc32(body, zlib.crc32(name.encode())).to_bytes(CHECKSUM, "little")


def _unpack(path: Path, window: Piece, dimension: int) -> list[EncodedSentence]:
    """Read what was packed of *window*; raise OSError, or ValueError when it is not that."""
    article, sentences = window
    content = path.read_bytes()
    body = np.frombuffer(content, np.uint8, offset=CHECKSUM)
    if content[:CHECKSUM] != _checksum(path.name, body.data):
        raise ValueError("the checksum is wrong")
    counted = 4 * len(sentences)
    counts = body[:counted].view("<u4").tolist()
    tokens = sum(counts)
    scaled = counted + 8 * tokens
    scales = body[counted:scaled].view("<f4").reshape(2, tokens)
    values = body[scaled:].view(np.int8).reshape(2, tokens, dimension)
    borders = np.cumsum([0, *counts]).tolist()
    layers = QuantisedVectors(values, scales)
    return [
        describe_sentence(article.cut(sentence.span), article.language, layers.cut(first, last))
        for sentence, (first, last) in zip(sentences, pairwise(borders), strict=True)
    ]


def _make_room(folder: Path, limit: int) -> None:
    """Delete what was not used for longest until *folder* takes at most *limit* bytes."""
    files = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # another process makes room as well
                state = entry.stat()
                files.append((state.st_mtime_ns, state.st_size, entry.path))
    excess = sum(size for _, size, _ in files) - limit
    for _, size, path in sorted(files):
        if excess <= 0:
            return
        with suppress(OSError):
            Path(path).unlink()
        excess -= size
