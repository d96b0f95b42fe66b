"""
The process that reads what is not plain text: `python -m index.sources.parser_process`.

On standard input comes a line of JSON for each source, {"kind", "name", "charset", "size"}, and
then its bytes; on standard output go lines of JSON: {"progress": [pages read, pages]},
{"document": …}, and at last {"done": true} or {"error": one sentence, "refusal": the kind of
reason or null}. It reads nothing else.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import BinaryIO

from index.errors import ArticleError
from index.sources.confinement import confine
from index.sources.documents import Document, to_line
from index.sources.hints import Hints

# The module of each kind, which has a function `parse`.
_PARSERS = {
    "html": "html_pages",
    "feed": "feed_entries",
    "pdf": "pdf_pages",
    "zip": "zip_documents",
    "mail": "mail_messages",
    "telegram": "telegram_exports",
}
# What installs a package that is an extra.
_EXTRAS = {"pypdfium2": "article-bot[pdf]", "docx": "article-bot[docx]"}


def main() -> None:
    """Answer requests until there are no more."""
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no reply
    warnings.simplefilter("ignore")
    sys.modules["py3langid"] = None  # type: ignore[assignment]  # numpy for nothing: text tells
    confine()
    while header := requests.readline():
        request = json.loads(header)
        data = requests.read(request["size"])
        _reply(request, data, replies)
        replies.flush()


def _reply(request: dict[str, str], data: bytes, replies: BinaryIO) -> None:
    name = request["name"]

    def progress(done: int, total: int) -> None:
        _write({"progress": [done, total]}, replies)
        replies.flush()

    try:
        hints = Hints(name, request.get("charset"), progress)
        replies.writelines(to_line(document) for document in _parsed(request["kind"], data, hints))
    except ArticleError as exc:
        return _write({"error": str(exc), "refusal": exc.refusal}, replies)
    except (MemoryError, RecursionError):
        return _write({"error": f"{name} takes too much memory to be read; split it."}, replies)
    except Exception as exc:  # parsers meet files of all kinds, and fail in as many ways
        reason = " ".join(f"{type(exc).__name__}: {exc}".split())[:100]
        message = f"{name} cannot be read ({reason}); it is damaged, or not what it seems to be."
        return _write({"error": message}, replies)
    return _write({"done": True}, replies)


def _parsed(kind: str, data: bytes, hints: Hints) -> Iterator[Document]:
    try:
        parse: Callable[[bytes, Hints], Iterator[Document]]
        parse = import_module(f"index.sources.{_PARSERS[kind]}").parse
        yield from parse(data, hints)
    except ModuleNotFoundError as exc:
        package = (exc.name or "").partition(".")[0]
        install = _EXTRAS.get(package, "article-bot")
        raise ArticleError(
            f"{hints.name} needs a package that is not installed; run pip install '{install}'.",
            "extra",
        ) from exc


def _write(values: dict[str, object], replies: BinaryIO) -> None:
    replies.write(json.dumps(values).encode() + b"\n")


if __name__ == "__main__":
    main()
