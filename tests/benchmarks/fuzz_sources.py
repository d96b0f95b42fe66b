"""
Damaged files of every kind, made by hypothesis, until one of them gives an unexpected exception.

    python tests/benchmarks/fuzz_sources.py --seconds 600

The time is shared by the loaders. Each begins with the files that other programs made and damages
them: bytes, pieces of markup, members of archives. What is found is printed with the damage that
makes it again; the exit code is 1 then. A loader that ends its process (a fault in a library) is
found too, since each runs in one of its own.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import sys
import time
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from index.errors import ArticleError
from index.sources.assembling import assemble, from_values
from index.sources.documents import to_line
from index.sources.hints import Hints

FILES = Path(__file__).parents[1] / "sources" / "made_elsewhere"
LOADERS = {
    "html": ("html_pages", ["pandoc.html"]),
    "pdf": ("pdf_pages", ["chromium.pdf", "libreoffice.pdf"]),
    "docx": ("zip_documents", ["pandoc.docx", "libreoffice.docx"]),
    "epub": ("zip_documents", ["pandoc.epub"]),
    "feed": ("feed_entries", ["feed.xml"]),
    "mail": ("mail_messages", ["mail.eml"]),
    "telegram": ("telegram_exports", ["result.json"]),
}
PIECES = [
    *(b"<", b">", b"&", b"<p>", b"</div>", b"<table><tr><td>", b"<ul><li>", b"<!--", b"]]>"),
    *(b"<!DOCTYPE a [", b'<?xml version="1.0"?>', b"&#x110000;", b"&amp;", b"\x00", b"\xff\xfe"),
    *(b"{", b"[", b'"', b"null", b"1e999", b"\\ud800", b": ", b"\r\n", b"\n\n", b"=?utf-8?q?"),
    *(b"Content-Type: text/html; charset=x\n", b"--inner\n", b"--outer--\n", b"%%EOF", b"endobj"),
    *(b"stream\n", b"/Length -1", b"<< /Type /Page >>", b"0 R", b"w:val=", b"w:ilvl", b"\xed\xa0"),
]
DAMAGE = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),  # where
        st.integers(0, 40),  # how many bytes go
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)),  # what comes
    ),
    min_size=1,
    max_size=12,
)


def damaged(data: bytes, damage: list[tuple[float, int, bytes]]) -> bytes:
    """Damage *data*; of an archive one of its members, most of the time."""
    place = damage[0][0]
    if data.startswith(b"PK") and place < 0.9:
        return damaged_archive(data, int(place * 1e6), damage)
    for where, gone, come in damage:
        at = int(where * len(data))
        data = data[:at] + come + data[at + gone :]
    return data


def damaged_archive(data: bytes, number: int, damage: list[tuple[float, int, bytes]]) -> bytes:
    """Pack an archive anew with a member that is damaged."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        names = old.namelist()
        for name in names:
            content = old.read(name)
            if name == names[number % len(names)]:
                content = damaged(content, damage)
            new.writestr(name, content)
    return changed.getvalue()


def fuzz(name: str, seconds: float) -> None:
    """Read damaged files with the loader *name* for so many *seconds*."""
    warnings.simplefilter("ignore")
    module, files = LOADERS[name]
    parse: Callable[[bytes, Hints], Any] = import_module(f"index.sources.{module}").parse
    originals = [FILES.joinpath(file).read_bytes() for file in files]
    end, tried = time.monotonic() + seconds, 0

    @settings(
        max_examples=1_000_000,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(originals), DAMAGE)
    def read(original: bytes, damage: list[tuple[float, int, bytes]]) -> None:
        nonlocal tried
        if time.monotonic() > end:
            raise KeyboardInterrupt  # the only way to end hypothesis between two examples
        tried += 1
        try:
            for document in parse(damaged(original, damage), Hints("the file")):
                values = json.loads(to_line(document))["document"]
                assembled = assemble(from_values(values).parts)
                for span in (block.span for block in assembled.blocks):
                    shown = assembled.text[span.start : span.end]
                    assert shown == shown.strip() != ""
        except ArticleError:
            pass

    with suppress(KeyboardInterrupt):
        read()
    print(f"{name}: {tried:,} files, nothing unexpected", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="of all loaders together")
    parser.add_argument("--loader", choices=LOADERS, help="only this one")
    options = parser.parse_args()
    names = [options.loader] if options.loader else list(LOADERS)
    failed = []
    for name in names:
        process = multiprocessing.get_context("spawn").Process(
            target=fuzz, args=(name, options.seconds / len(names))
        )
        process.start()
        process.join()
        if process.exitcode:
            failed.append(name)
            print(f"{name}: ended with {process.exitcode}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
