"""The options that several commands have."""

from __future__ import annotations

import click

json_option = click.option("--json", is_flag=True, help="Print JSON.")
passages_option = click.option(
    "--passages",
    type=click.IntRange(1, 10),
    default=3,
    metavar="N",
    help="Show at most N passages.",
)
short_option = click.option("--short", is_flag=True, help="Show the sentence that answers, alone.")
