"""
Articles and the questions about them: everything that knows nothing of Telegram or terminals.

The names below are what a program of one's own begins with; each is imported when it is first asked
for, so that ``import index`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.answering import Answerer
    from index.encoding.load import load_encoder
    from index.retrieval.corpus import Corpus
    from index.storage.database import open_database
    from index.storage.library import open_library

__all__ = ["Answerer", "Corpus", "load_encoder", "open_database", "open_library"]

_MODULES = {
    "Answerer": "index.answering",
    "Corpus": "index.retrieval.corpus",
    "load_encoder": "index.encoding.load",
    "open_database": "index.storage.database",
    "open_library": "index.storage.library",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
