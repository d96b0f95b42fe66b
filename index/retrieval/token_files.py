"""
Encoded windows on disk: what one process has encoded, the next one reads.

    <cache>/windows/<shelf>/<name>   one window

Articles never change, and encoding a window takes 30 ms where reading it takes one, half of it to
find the words of its sentences anew. A file is named after what its vectors depend on, not after a
key of some database: it is right, or it has another name. Nothing in it is trusted before its
checksum fits. A SQLite database would take 12 ms to open and to close, ten times that of a file.

A file is enciphered with the text that it was made of (convergent encryption, Douceur et al. 2002),
for token vectors tell much of their text. So when an article is removed from its database nobody
has to look for its files: who does not have the text cannot read them any more, and they go when
they have not been used for long. Who guesses the whole text of a window can see that it was here.
Enciphering takes .4 ms.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Sequence
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
from index.retrieval.library_files import write_whole
from index.storage.library import Library
from index.storage.sqlite import file_of

Piece = tuple[Article, Sequence[Sentence]]  # neighbouring sentences of an article: a window

FORMAT = 1  # of the files; it is part of their names, so those of another one age out
# A full window of the packaged model takes 193 KiB, so this holds 1,350, some four times what the
# memory of a process does (index.retrieval.corpus), and takes as much of a disk as three exported
# models.
LIMIT = 256 * 2**20
# Each shelf has its share of the limit and makes room by itself, as the sets of a processor's
# cache do: a look at some forty files (.2 ms), not at all of them, and no count that processes
# would have to agree on. Names are hashes, which fill the shelves evenly.
SHELVES = 32
CHECKSUM = 4  # bytes


@dataclass(frozen=True, slots=True)
class WindowFiles:
    """
    The windows that were used last, in *folder*, as many as fit into *limit* bytes.

    Several threads and processes may use one folder. Where nothing can be written (a full disk, a
    folder that is read-only) windows are encoded anew, and that is all.
    """

    folder: Path
    limit: int = LIMIT

    def encode(self, windows: Sequence[Piece], encoder: Encoder) -> list[list[EncodedSentence]]:
        """
        Do what ``encode_windows`` does, for the *windows* only that have no file, and keep these.

        They are written at once, for a process may end with its answer: a window takes 1.5 ms, a
        twentieth of what encoding it took.
        """
        secrets = [_secret_of(window, encoder.identity) for window in windows]
        found = [
            self._read(secret, window, encoder.dimension)
            for secret, window in zip(secrets, windows, strict=True)
        ]
        missing = [i for i, sentences in enumerate(found) if sentences is None]
        made = encode_windows([windows[i] for i in missing], encoder)
        for i, sentences in zip(missing, made, strict=True):
            self._write(secrets[i], sentences)
        rest = iter(made)
        return [next(rest) if sentences is None else sentences for sentences in found]

    def _path(self, secret: bytes) -> Path:
        name = hashlib.sha256(secret).hexdigest()
        return self.folder / f"{int(name[:8], 16) % SHELVES:02}" / name

    def _read(self, secret: bytes, window: Piece, dimension: int) -> list[EncodedSentence] | None:
        """Read a window, and note that it was used; None when there is none that is whole."""
        path = self._path(secret)
        try:
            sentences = _unpack(_cipher(path.read_bytes(), secret), window, dimension)
        except (OSError, ValueError):
            return None
        with suppress(OSError):
            os.utime(path)
        return sentences

    def _write(self, secret: bytes, sentences: Sequence[EncodedSentence]) -> None:
        """Keep a window, whole or not at all; it is not synced, for a torn file is noticed."""
        path = self._path(secret)
        with suppress(OSError):
            for folder in (self.folder, path.parent):  # nobody else may look
                folder.mkdir(0o700, parents=True, exist_ok=True)
            with write_whole(path) as file:
                file.write(_cipher(_pack(sentences), secret))
            _make_room(path.parent, self.limit // SHELVES)


def files_of(library: Library, folder: Path | None) -> WindowFiles | None:
    """
    Say where the windows of *library* are kept: in *folder*, None for the user's cache folder.

    Nowhere when its database is in memory: what is asked there is not meant to last.
    """
    url = library.engine.url
    if url.get_backend_name() == "sqlite" and file_of(url) is None:
        return None
    return WindowFiles((folder or user_cache()) / "windows")


def _secret_of(window: Piece, identity: str) -> bytes:
    """Hash all that the vectors of *window* depend on, and how they are divided."""
    article, sentences = window
    first, last = sentences[0].span.start, sentences[-1].span.end
    starts = [sentence.span.start - first for sentence in sentences]
    described = [FORMAT, EXPORTS_FOLDER, identity, starts, article.text[first:last]]
    return hashlib.sha256(json.dumps(described).encode()).digest()


def _cipher(content: bytes, secret: bytes) -> bytes:
    """Encipher *content*, or decipher it: a hash of the *secret* as long as it, bit by bit."""
    stream = hashlib.shake_128(secret).digest(len(content))
    return (np.frombuffer(content, np.uint8) ^ np.frombuffer(stream, np.uint8)).tobytes()


def _pack(sentences: Sequence[EncodedSentence]) -> bytes:
    """
    Write the vectors of n sentences with t tokens in d dimensions as bytes, after their checksum.

    They are, each least byte first: the tokens of each sentence, n of 32 bits; the scales of both
    layers, 2t of single precision; the values of both layers, 2td of 8 bits.
    """
    layers = [one.layers for one in sentences]
    body = b"".join(
        [
            np.array([len(one) for one in layers], "<u4").tobytes(),
            np.concatenate([one.scales for one in layers], axis=1, dtype="<f4").tobytes(),
            np.concatenate([one.values for one in layers], axis=1).tobytes(),
        ]
    )
    return zlib.crc32(body).to_bytes(CHECKSUM, "little") + body


def _unpack(content: bytes, window: Piece, dimension: int) -> list[EncodedSentence]:
    """Read what was packed of *window*; raise ValueError when that is not what it is."""
    article, sentences = window
    body = np.frombuffer(content, np.uint8, offset=CHECKSUM)
    if zlib.crc32(body.data) != int.from_bytes(content[:CHECKSUM], "little"):
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


def _make_room(shelf: Path, limit: int) -> None:
    """Delete what was not used for longest until *shelf* takes at most *limit* bytes."""
    files = []
    with os.scandir(shelf) as entries:
        for one in entries:
            with suppress(FileNotFoundError):  # another process makes room as well
                state = one.stat()
                files.append((state.st_mtime_ns, state.st_size, one.path))
    excess = sum(size for _, size, _ in files) - limit
    for _, size, path in sorted(files):
        if excess <= 0:
            return
        with suppress(OSError):
            Path(path).unlink()
        excess -= size
