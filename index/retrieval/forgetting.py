"""
What is removed from a library goes from the cache folder too: tokens, vectors and words.

Whoever removes an article calls ``forget``. A process that serves the library does the same with
what it holds, when it notices (index.retrieval.corpus): it may have written files meanwhile.
"""

from __future__ import annotations

from pathlib import Path

from index.retrieval.index_files import IndexFile
from index.retrieval.token_files import files_of, forget_tokens
from index.retrieval.vector_index import VectorIndex
from index.retrieval.word_index import WordIndex
from index.storage.library import Library


def forget(library: Library, cache: Path | None = None) -> None:
    """
    Delete what the folder *cache* (None: the user's) keeps of articles that *library* has no more.

    Index files are written anew without them. Where nothing can be written, nothing changes. Raises
    LibraryError when the database fails.
    """
    files = files_of(library, cache)
    if files is not None:
        forget_tokens(library, files)
    vectors, words = (IndexFile(library, kind, cache, dict) for kind in ("vectors", "words"))
    VectorIndex(library, vectors.stored_header().get("model", ""), cache).clean_file()
    WordIndex(library, cache).clean_file()
    vectors.discard_unfinished()
    words.discard_unfinished()
