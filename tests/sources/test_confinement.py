"""What a process that reads somebody's file can no longer do, and what is said of its failures."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import ArticleError
from index.sources.parsing import Parsers

CONFINED = "from index.sources.confinement import confine; import ctypes, os, socket; confine()\n"
LIBC = "libc = ctypes.CDLL(None, use_errno=True)\n"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux is asked")


def confined(code: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a process that has given up what a parser gives up."""
    command = [sys.executable, "-c", CONFINED + code]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 9))",
        "open('/tmp/written', 'w')",
        "os.system('true')",
        "os.execv('/bin/true', ['true'])",
        "os.fork()",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_python_code_is_refused(code: str) -> None:
    """Network, other programs and files to write are refused wherever Python runs."""
    result = confined(code)

    assert result.returncode == 1
    assert "PermissionError" in result.stderr or "not allowed" in result.stderr


@on_linux
@pytest.mark.parametrize(
    "call",
    [
        "libc.socket(2, 1, 0)",
        "libc.socket(10, 2, 0)",
        "libc.socketpair(1, 1, 0, (ctypes.c_int * 2)())",
        "libc.fork()",
        "libc.execve(b'/bin/true', None, None)",
        "libc.open(b'/etc/passwd', 0)",
        "libc.open(b'/proc/self/environ', 0)",
        "libc.open(b'/tmp', 0)",
        "libc.open(b'/tmp/written', 0o101, 0o600)",
        "libc.mkdir(b'/tmp/made', 0o700)",
        "libc.unlink(b'/tmp/gone')",
        "libc.ptrace(16, 1, 0, 0)",
    ],
)
def test_the_kernel_refuses_a_call(call: str) -> None:
    """A parser that was taken over does not get around Python: the kernel says no."""
    result = confined(LIBC + f"print({call}, ctypes.get_errno())")

    value, errno = result.stdout.split()
    assert (int(value), int(errno) in (1, 2, 13)) == (-1, True)


@on_linux
def test_memory_is_limited() -> None:
    """More memory than a document takes is not given."""
    assert "MemoryError" in confined("bytearray(3_000_000_000)").stderr


def test_the_environment_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of the bot is not inherited."""
    monkeypatch.setenv("ARTICLE_BOT_TOKEN", "1:secret")
    code = "import os; print('{\"error\": \"' + str('ARTICLE_BOT_TOKEN' in os.environ) + '\"}')"

    with Parsers(command=[sys.executable, "-c", code]) as parsers:
        assert failure(parsers) == "False"


def failure(parsers: Parsers, kind: str = "html", data: bytes = b"<p>x") -> str:
    """What is said of a source that cannot be read."""
    with pytest.raises(ArticleError) as caught:
        list(parsers.parse(kind, data, "a.html"))
    return str(caught.value)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import time; time.sleep(60)", "takes too long"),
        ("while True: pass", "takes too long"),
        ("raise SystemExit", "breaks the program"),
        ("import os; os.abort()", "breaks the program"),
        ("import os; os.kill(os.getpid(), 9)", "breaks the program"),
        ("print('no JSON')", "breaks the program"),
        ("print('[]')", "breaks the program"),
        ("print('[' * 100_000)", "breaks the program"),
        ("print('{\"document\": {}}')", "is no document"),
        ('print(\'{"document": {"parts": [["script", "x", 0, 0]]}}\')', "is no document"),
        ('print(\'{"document": {"parts": [], "title": 7}}\')', "is no document"),
        ('print(\'{"error": "one\\\\ntwo"}\')', "one two"),
    ],
)
def test_a_process_that_fails_is_one_line(code: str, message: str) -> None:
    """Whatever it does, who asked gets one sentence, in time."""
    start = time.monotonic()
    with Parsers(seconds=1, command=[sys.executable, "-S", "-c", code]) as parsers:
        said = failure(parsers)

    assert message in said
    assert said.isprintable()
    assert time.monotonic() - start < 10


def test_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply that never ends is not kept in memory."""
    monkeypatch.setattr("index.sources.parsing.MAX_REPLY", 100_000)
    code = "import sys\nwhile True: sys.stdout.write('x' * 10_000)"

    with Parsers(command=[sys.executable, "-S", "-c", code]) as parsers:
        assert "more text than can be stored" in failure(parsers)


def test_the_next_source_is_read_after_a_failure() -> None:
    """A source that fails takes nothing down: the next one is read."""
    with Parsers() as parsers:
        assert "no PDF" in failure(parsers, "pdf", b"%PDF-1.4 x")
        parsers._stop()
        [document] = parsers.parse("html", b"<p>Some words of a page.", "a.html")

    assert document.parts[0].text == "Some words of a page."


def test_a_missing_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    code = (
        "import sys; sys.modules['pypdfium2'] = None\n"
        "from index.sources.parser_process import main; main()"
    )
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))

    with Parsers(command=[sys.executable, "-c", code]) as parsers:
        assert "pip install 'article-bot[pdf]'" in failure(parsers, "pdf", b"%PDF-1.4 x")
