"""Models that a setting names by their name on a hub."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest


class Hub(HTTPServer):
    """A hub without any model, which remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Refusal)
        self.asked: list[str] = []


class Refusal(BaseHTTPRequestHandler):
    """Nothing is there."""

    server: Hub

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Start a hub."""
    with Hub() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "local"),
    [
        pytest.param("RERANKER", {}, id="reranker"),
        pytest.param("READER", {}, id="reader"),
        pytest.param("READER", {"ARTICLE_BOT_RERANKER": "folder"}, id="reader-and-local-reranker"),
    ],
)
def test_a_hub_name_is_looked_for_beside_local_models(
    name: str, local: dict[str, str], hub: Hub, tmp_path: Path
) -> None:
    """Local models need no hub, but another one named by the operator is asked for."""
    (tmp_path / "folder").mkdir()
    settings = {
        f"ARTICLE_BOT_{name}": "some/model",
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_port}",
        "HF_HOME": str(tmp_path),
        "HF_HUB_OFFLINE": "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "bot", "--database", f"sqlite:///{tmp_path}/db.sqlite"]
    done = subprocess.run(
        [*command, "ask", "who?"],
        cwd=tmp_path,
        env={**os.environ, **settings, **local},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert any("some/model" in path for path in hub.asked)
    [line] = done.stderr.splitlines()
    assert line.endswith(f"; check ARTICLE_BOT_{name}.")
