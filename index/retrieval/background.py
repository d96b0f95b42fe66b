"""What takes long is done beside the questions, by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable


class BackgroundJob:
    """A *job* that runs in a thread called *name*, once more when it is asked for meanwhile."""

    def __init__(self, job: Callable[[], None], name: str) -> None:
        self._job, self._name = job, name
        self._lock = threading.Lock()  # guards the two that follow
        self._requested = False
        self.running = False

    def request(self) -> None:
        """Let the job run: now, or again as soon as it is done."""
        with self._lock:
            self._requested = True
            if self.running:
                return
            self.running = True
        # No daemon: a command that is done waits for it, and the next one starts with its file.
        threading.Thread(target=self._run, name=self._name).start()

    def _run(self) -> None:
        try:
            while self._claim():
                self._job()
        except BaseException:
            with self._lock:
                self.running = False
            raise

    def _claim(self) -> bool:
        """Take up the request, if there is one; else be done, for the next one to start anew."""
        with self._lock:
            self.running = self._requested
            self._requested = False
            return self.running
