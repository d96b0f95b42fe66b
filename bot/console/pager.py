"""The pager in which a whole article is read, from a line on."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

LINE_PAGERS = ("less", "more", "most")  # that take "+12" for the line to begin at


def show_in_pager(text: str, line: int) -> None:
    """Show *text* in $PAGER (default: less), from *line* on; where there is none, print it."""
    command = shlex.split(os.environ.get("PAGER") or "less")
    program = shutil.which(command[0])
    if program is None:
        sys.stdout.write(f"{text}\n")
        return
    if Path(program).name in LINE_PAGERS:
        command.append(f"+{line}")
    shown = {"LESS": os.environ.get("LESS") or "-R"}  # -R: bold words are shown as such
    with suppress(KeyboardInterrupt, BrokenPipeError):  # who leaves early has read enough
        subprocess.run(  # noqa: S603 (the pager that the person chose)
            [program, *command[1:]],
            input=text,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **shown},
            check=False,
        )
