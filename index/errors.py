"""
What can go wrong, each said in one sentence that a reader of the console understands.

    ArticleBotError
    ├── ArticleError           this input cannot become an article
    ├── QuestionError          this cannot be asked
    ├── NotFoundError          no such article
    ├── LibraryError           the database cannot be used
    │   └── UnreachableError       nobody answers at its server; it may be there again in a moment
    ├── ModelError             the model cannot be loaded
    │   ├── ExportError            it has no export and gets none
    │   ├── DamagedExportError     its export is not what was written
    │   └── UnfaithfulExportError  its export gives other vectors
    ├── UsageError             this is not how the command is used
    │   └── SettingsError      a setting has a value that cannot be used
    ├── InterruptionError      somebody stopped the command
    ├── UnavailableError       what answers is not there, as has been told already
    └── StoppedError           the bot cannot go on
"""

from __future__ import annotations

from typing import Literal, get_args

# Why an input cannot become an article, for who says it in words of another language.
Refusal = Literal[
    "empty", "extra", "locked", "long", "private", "scanned", "unreachable", "unsupported"
]
REFUSALS: frozenset[Refusal] = frozenset(get_args(Refusal))


class ArticleBotError(Exception):
    """Base of all errors that are shown to people; the message says what to do next."""


class ArticleError(ArticleBotError):
    """
    Raised when an input cannot become an article, or may not replace one.

    *refusal* is the kind of reason, None where there is only the message.
    """

    def __init__(self, message: str, refusal: Refusal | None = None) -> None:
        super().__init__(message)
        self.refusal = refusal


class QuestionError(ArticleBotError):
    """Raised when a question is empty or too long."""


class NotFoundError(ArticleBotError):
    """Raised when no article has the given id."""


class LibraryError(ArticleBotError):
    """Raised when the database cannot be opened, read or written."""


class UnreachableError(LibraryError):
    """Raised when a database server is stopped, starts, or cannot be reached: try again later."""


class ModelError(ArticleBotError):
    """Raised when the encoder's model cannot be loaded."""


class ExportError(ModelError):
    """Raised when a model has no export and gets none; sentence-transformers serves it then."""


class DamagedExportError(ModelError):
    """Raised when an export is not what was written; it is made anew then."""


class UnfaithfulExportError(ModelError):
    """Raised when an export does not give the vectors of its model; it is refused then."""


class UsageError(ArticleBotError):
    """Raised when a command is used wrongly."""


class SettingsError(UsageError):
    """Raised when a setting has a value that cannot be used."""


class InterruptionError(ArticleBotError):
    """Raised after Ctrl-C; the message says what is kept."""


class UnavailableError(ArticleBotError):
    """Raised when what answers could not be opened; the reason has been told already."""


class StoppedError(ArticleBotError):
    """Raised when the bot cannot go on; the message says why."""
