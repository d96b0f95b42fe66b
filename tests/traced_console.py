"""A console of a new user whose every call is seen: strace sees those of all processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import index

CALLS = "socket,connect,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2"


@dataclass(frozen=True)
class Home:
    """The folders of a new user: only those of this program may be written."""

    folder: Path

    def make(self) -> None:
        """Make them, with nothing in them."""
        for name in ("home", "data", "cache", "state", "config", "tmp"):
            (self.folder / name).mkdir(parents=True)

    @property
    def cache(self) -> Path:
        """What the program may make anew."""
        return self.folder / "cache/article-bot"

    @property
    def written(self) -> list[Path]:
        """The folders that the README names."""
        own = [self.folder / name / "article-bot" for name in ("data", "state")]
        return [*own, self.cache, self.folder / "tmp", Path("/dev")]

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

    def calls(self) -> Iterator[str]:
        """What all processes of a traced session have called."""
        for path in self.folder.glob("trace.*"):
            yield from path.read_text().splitlines()


def run_traced(home: Home, questions: list[str], seconds: float) -> None:
    """Ask *questions* one by one in a session of so many *seconds* at least."""
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
