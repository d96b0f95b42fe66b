"""`python -m bot` is the command `article-bot`."""

from __future__ import annotations

import sys

from bot.cli import program

if __name__ == "__main__":
    sys.exit(program())
