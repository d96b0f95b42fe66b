"""What the product does to the machine it runs on: nothing leaves it, and few folders are written.

strace sees every call of every process, so whatever a library does on its own is seen too.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import index
from index.encoding.export_cache import EXPORTS_FOLDER
from index.encoding.protocol import Encoder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here"),
]

SECONDS_OF_LIFE = 12  # onnxruntime looked for its maker's host after four
CALLS = "socket,connect,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2"
# The first argument that is a path, perhaps behind the folder that it starts from, and the rest.
CALL = re.compile(r'(\w+)\((?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"(.*)\) = (.*)')
# Who is asked for the name of the user: a database of this machine, not another one.
USER_DATABASES = ('sun_path="/var/run/nscd/', 'sun_path="/run/systemd/userdb/')


@dataclass(frozen=True)
class Home:
    """The folders of a new user: only those of this program may be written."""

    folder: Path

    @property
    def written(self) -> list[Path]:
        """The folders that the README names."""
        own = [self.folder / name / "article-bot" for name in ("data", "cache", "state")]
        return [*own, self.folder / "tmp", Path("/dev")]

    @property
    def environment(self) -> dict[str, str]:
        """Nothing but these folders: no variable of the tests, or of who runs them."""
        return {
            "HOME": str(self.folder / "home"),
            **{f"XDG_{k.upper()}_HOME": str(self.folder / k) for k in ("data", "cache", "state")},
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "TMPDIR": str(self.folder / "tmp"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(index.__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Give the folders of a new user."""
    for name in ("home", "data", "cache", "state", "config", "tmp"):
        (tmp_path / name).mkdir()
    return Home(tmp_path)


def run_traced(home: Home, questions: list[str], seconds: float) -> list[str]:
    """Ask *questions* one by one in a session of so many *seconds* at least; give its calls."""
    console = [sys.executable, "-m", "bot", "console", "--json"]
    trace = ["strace", "-ff", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-e", f"trace={CALLS}"]
    with subprocess.Popen(
        [*trace, "-o", str(home.folder / "trace"), *console],
        cwd=home.folder,
        env=home.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for question in questions:
            process.stdin.write(question + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
            time.sleep(seconds / len(questions))
        process.stdin.close()
    assert process.returncode == 0
    return [line for path in home.folder.glob("trace.*") for line in path.read_text().splitlines()]


def network_calls(calls: list[str]) -> list[str]:
    """Those of *calls* that make a socket to another machine, or talk to a service of this one."""
    return [
        call
        for call in calls
        if (call.startswith("socket(") and not call.startswith("socket(AF_UNIX"))
        or (call.startswith("connect(") and not any(name in call for name in USER_DATABASES))
    ]


def written_paths(calls: list[str], folder: Path) -> Iterator[Path]:
    """What *calls* have made, opened for writing or renamed, if they could, from *folder*."""
    for call in calls:
        if (found := CALL.match(call)) is None or found[5].startswith("-1"):
            continue
        name, start, path, further, _ = found.groups()
        if name.startswith("open") and not re.search("O_WRONLY|O_RDWR|O_CREAT", further):
            continue
        yield Path(os.path.normpath(folder / (start or "") / path))


def strangers(calls: list[str], home: Home) -> set[Path]:
    """Which paths were written outside of the folders of this program, and of those above them."""
    above = {parent for folder in home.written for parent in folder.parents}
    return {
        path
        for path in written_paths(calls, home.folder)
        if path not in above and not any(path.is_relative_to(own) for own in home.written)
    }


def test_a_session_reaches_no_network_and_writes_into_its_own_folders(
    home: Home, encoder: Encoder, cache: Path
) -> None:
    """Twelve seconds of questions make no connection, and no file where none was promised."""
    for name in (EXPORTS_FOLDER, "identities"):  # linked: they are 90 MB
        shutil.copytree(
            cache / name, home.folder / "cache/article-bot" / name, copy_function=os.link
        )
    questions = ["what conditions did the US set?", "who said so?", "when was it?", "why?"]

    calls = run_traced(home, questions, SECONDS_OF_LIFE)

    assert network_calls(calls) == []
    assert strangers(calls, home) == set()


def test_the_first_start_reaches_no_network_and_writes_into_its_own_folders(home: Home) -> None:
    """Nor does the process that exports the model, with all that it loads."""
    calls = run_traced(home, ["what conditions did the US set?"], 0)

    assert network_calls(calls) == []
    assert strangers(calls, home) == set()
    exported = [path.name for path in written_paths(calls, home.folder)]
    assert "graph.onnx" in exported  # the process of the export was seen
