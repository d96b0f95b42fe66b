"""A PostgreSQL server of the tests' own, which can be stopped and started while it is used."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from ports import free_port

# The server does not run as root, so it is somebody else's there.
OWNER = "postgres"


def programs() -> Path | None:
    """The folder of the newest server's programs, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parts[-2]))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


class PostgresqlServer:
    """The server, which lasts as long as the context, with a folder of its own."""

    def __init__(self) -> None:
        self._made = tempfile.TemporaryDirectory()
        # pytest opens its folders to nobody but the one who runs it, again with each run.
        self._folder = Path(self._made.name)
        self._data = self._folder / "data"
        self.port = free_port()
        self.url = f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self._folder, OWNER)
        self._do("initdb", "--auth=trust", "--encoding=UTF8", f"--username={OWNER}", "--no-sync")
        self.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        try:
            self.stop("immediate")
        finally:
            self._made.cleanup()

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self._folder}"
        log = self._folder / "log"
        self._do("pg_ctl", "--wait", f"--log={log}", f"--options={options}", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: "fast" closes all connections in order, "immediate" is a crash."""
        self._do("pg_ctl", "--wait", f"--mode={mode}", "stop")

    def _do(self, program: str, *options: str) -> None:
        folder = programs()
        assert folder is not None
        command = [str(folder / program), f"--pgdata={self._data}", *options]
        if os.geteuid() == 0:
            line = f"cd / && {shlex.join(command)}"
            command = ["su", OWNER, "--shell", "/bin/sh", "--command", line]
        # A server that was started would hold a pipe open.
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
