"""nginx before several workers, with the file that deployments have, but for TLS."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from fake_telegram.balancer import Balancer
from ports import free_port

CONFIGURATION = Path(__file__).parents[1] / "docs/deployment/nginx.conf"


def front_of(ports: Sequence[int], folder: Path) -> Nginx | Balancer:
    """What hands requests to workers at *ports*: nginx, or where there is none a server like it."""
    return Nginx(ports, folder) if shutil.which("nginx") else Balancer(ports)


class Nginx:
    """nginx, with what it writes in *folder*; close it at the end."""

    def __init__(self, ports: Sequence[int], folder: Path) -> None:
        self._port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "nginx.conf"
        file.write_text(_configuration(ports, self._port, folder), encoding="utf-8")
        command = ["nginx", "-c", str(file), "-p", str(folder), "-g", "daemon off;"]
        # It complains of its usual log before it has read which one it has.
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(0.2)
        assert self._process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        """Where Telegram sends updates."""
        return f"http://127.0.0.1:{self._port}/hook"

    def close(self) -> None:
        """Take no more requests."""
        self._process.terminate()
        self._process.wait()


def _configuration(ports: Sequence[int], port: int, folder: Path) -> str:
    text = CONFIGURATION.read_text(encoding="utf-8")
    servers = "\n".join(
        f"        server 127.0.0.1:{worker} max_fails=1 fail_timeout=5s;" for worker in ports
    )
    text = re.sub(r"( +server worker-\d.*\n)+", f"{servers}\n", text)
    text = re.sub(r" +ssl_.*\n", "", text).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    text = re.sub(r"pid .*;", f"pid {folder / 'nginx.pid'};", text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = "\n".join(f"    {kind}_temp_path {folder / kind};" for kind in kinds)
    text = text.replace("http {\n", f"http {{\n{scratch}\n", 1)
    return f"error_log {folder / 'error.log'};\n{text}"
