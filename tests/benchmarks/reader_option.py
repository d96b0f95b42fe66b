"""The option of benchmarks that measure with the reader and without it."""

from __future__ import annotations

import argparse

READERS = {"on": "packaged", "off": "off"}  # what ARTICLE_BOT_READER is then


def add_reader_option(parser: argparse.ArgumentParser) -> None:
    """Let *parser* take ``--reader on``, ``off``, or both, one after another."""
    parser.add_argument(
        "--reader", nargs="+", choices=READERS, default=["on"], help="on (as it comes), off or both"
    )
