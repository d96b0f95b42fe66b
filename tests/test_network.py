"""
What the product does to the machine it runs on: nothing leaves it, and few folders are written.

strace sees every call of every process, so whatever a library does on its own is seen too.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaged_model import NEW_USER
from traced_console import Home, run_traced

from index.encoding.export_cache import EXPORTS_FOLDER
from index.encoding.protocol import Encoder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here"),
]

SECONDS_OF_LIFE = 8  # onnxruntime looked for its maker's host after four
# The first argument that is a path, perhaps behind the folder that it starts from, and the rest.
CALL = re.compile(r'(\w+)\((?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"(.*)\) = (.*)')
# Who is asked for the name of the user: a database of this machine, not another one.
USER_DATABASES = ('sun_path="/var/run/nscd/', 'sun_path="/run/systemd/userdb/')


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


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Give the folders of a new user."""
    home = Home(tmp_path)
    home.make()
    return home


def test_a_session_reaches_no_network_and_writes_into_its_own_folders(
    home: Home, encoder: Encoder, cache: Path
) -> None:
    """Eight seconds of questions make no connection, and no file where none was promised."""
    for name in (EXPORTS_FOLDER, "identities"):  # linked: they are 90 MB
        shutil.copytree(cache / name, home.cache / name, copy_function=os.link)
    questions = ["what conditions did the US set?", "who said so?", "when was it?", "why?"]

    run_traced(home, questions, SECONDS_OF_LIFE)

    calls = list(home.calls())
    assert network_calls(calls) == []
    assert strangers(calls, home) == set()


def test_the_first_start_reaches_no_network_and_writes_into_its_own_folders(
    encoder: Encoder, cache: Path
) -> None:
    """Nor does the process that has exported the model of all tests, with all that it loads."""
    home = Home(cache / NEW_USER)
    calls = list(home.calls())

    assert network_calls(calls) == []
    assert strangers(calls, home) == set()
    exported = [path.name for path in written_paths(calls, home.folder)]
    assert "graph.onnx" in exported  # the process of the export was seen
