"""
What can go wrong, each said in one sentence that a reader of the console understands.

    ArticleBotError
    ├── ArticleError    this input cannot become an article
    ├── QuestionError   this cannot be asked
    ├── NotFoundError   no such article
    ├── LibraryError    the database cannot be used
    └── ModelError      the model cannot be loaded
        ├── ExportError             a model has no export and gets none
        ├── DamagedExportError      an export is not what was written
        └── UnfaithfulExportError   an export gives other vectors than its model
"""


class ArticleBotError(Exception):
    """Base of all errors that are shown to people; the message says what to do next."""


class ArticleError(ArticleBotError):
    """Raised when an input cannot become an article, or may not replace one."""


class QuestionError(ArticleBotError):
    """Raised when a question is empty or too long."""


class NotFoundError(ArticleBotError):
    """Raised when no article has the given id."""


class LibraryError(ArticleBotError):
    """Raised when the database cannot be opened, read or written."""


class ModelError(ArticleBotError):
    """Raised when the encoder's model cannot be loaded."""


class ExportError(ModelError):
    """Raised when a model has no export and gets none; sentence-transformers serves it then."""


class DamagedExportError(ModelError):
    """Raised when an export is not what was written; it is made anew then."""


class UnfaithfulExportError(ModelError):
    """Raised when an export does not give the vectors of its model; it is refused then."""
