"""Sources into documents, in a process of its own that may fail, hang or be taken over."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from index.errors import REFUSALS, ArticleError
from index.sources.assembling import from_values
from index.sources.documents import Document

SECONDS = 60.0  # that are waited for a parser in all, for one source
MAX_SOURCE = 200_000_000  # bytes of one source that is not plain text
MAX_REPLY = 120_000_000  # bytes that one source may become: ten million characters, and their JSON
SOURCES_PER_PROCESS = 500  # its processor time is limited too
_CHUNK = 1 << 16
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # it may start no other
_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")

Progress = Callable[[int, int], None]


class Parsers:
    """
    A process that parses, started when it is first needed, replaced when it failed.

    It inherits no secret: only the variables of the environment that Python itself reads. Use it
    in a `with` statement; *seconds* are those that one source may take, *command* is what reads.
    """

    def __init__(self, seconds: float = SECONDS, command: Sequence[str] | None = None) -> None:
        self._seconds = seconds
        # -P: the folder in which the command starts holds no module of ours
        own = [sys.executable, "-P", "-m", "index.sources.parser_process"]
        self._command = own if command is None else command
        self._process: subprocess.Popen[bytes] | None = None
        self._read = 0  # sources that the process has read

    def __enter__(self) -> Parsers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def parse(
        self,
        kind: str,
        data: bytes,
        name: str,
        charset: str | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Document]:
        """
        The documents in *data*, a source of this *kind* that messages call *name*.

        Raises ArticleError in one sentence, also when the parser dies, hangs or says too much.
        """
        header = {"kind": kind, "name": name, "charset": charset, "size": len(data)}
        process = self._started()
        request = json.dumps(header).encode() + b"\n"
        threading.Thread(target=_send, args=(process, request, data), daemon=True).start()
        finished = False
        try:
            for reply in _replies(process, name, self._seconds):
                if "progress" in reply and progress is not None:
                    progress(*map(int, reply["progress"]))
                if "document" in reply:
                    yield from_values(reply["document"])
                if "error" in reply or "done" in reply:
                    finished = True
                if "error" in reply:
                    raise _refusal_of(reply)
        finally:
            if not finished:
                self._stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._read >= SOURCES_PER_PROCESS:
            self._stop()
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 (this program)
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for who waits for it
            )
            self._read = 0
        self._read += 1
        return self._process

    def _stop(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _environment() -> dict[str, str]:
    """The variables that Python needs, and the folder of this package."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    own = str(Path(__file__).parents[2])
    path = [own, *kept.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "PYTHONSAFEPATH": "1",
        **_ONE_THREAD,
    }


def _send(process: subprocess.Popen[bytes], *pieces: bytes) -> None:
    """Write a request; a process that is gone is told of by its missing reply."""
    with suppress(OSError, ValueError):
        for piece in pieces:
            process.stdin.write(piece)  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]


def _replies(
    process: subprocess.Popen[bytes], name: str, seconds: float
) -> Iterator[dict[str, Any]]:
    """The lines of one reply, up to the last; only waiting for them counts as time."""
    size = 0
    for line in _lines(process, name, seconds):
        size += len(line)
        if size > MAX_REPLY:
            raise ArticleError(f"{name} becomes more text than can be stored; split it.", "long")
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError) as exc:
            raise _lost(process, name) from exc
        if not isinstance(reply, dict):
            raise _lost(process, name)
        yield reply
        if "done" in reply or "error" in reply:
            return
    raise _lost(process, name)


def _lines(process: subprocess.Popen[bytes], name: str, seconds: float) -> Iterator[bytes]:
    descriptor = process.stdout.fileno()  # type: ignore[union-attr]
    pending = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            start = time.monotonic()
            if not selector.select(max(seconds, 0)):
                raise ArticleError(f"{name} takes too long to be read; split it into smaller ones.")
            chunk = os.read(descriptor, _CHUNK)
            seconds -= time.monotonic() - start
            if not chunk:
                return
            if len(pending) + len(chunk) > MAX_REPLY:
                raise ArticleError(
                    f"{name} becomes more text than can be stored; split it.", "long"
                )
            pending += chunk
            if b"\n" in chunk:
                *lines, rest = bytes(pending).split(b"\n")
                pending = bytearray(rest)
                yield from lines


def _refusal_of(reply: dict[str, Any]) -> ArticleError:
    """What is said of a source that the process has refused, checked like all that it says."""
    refusal = next((kind for kind in REFUSALS if kind == reply.get("refusal")), None)
    return ArticleError(" ".join(str(reply["error"])[:500].split()), refusal)


def _lost(process: subprocess.Popen[bytes], name: str) -> ArticleError:
    """What is said of a process that ended before it had answered."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    return ArticleError(
        f"{name} cannot be read: it breaks the program that reads it, or takes too much memory or "
        "time; it is damaged, or made to do harm."
    )
