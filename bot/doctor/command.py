"""The command `article-bot doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.console.options import json_option
from bot.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from bot.resources import Resources


@click.command()
@json_option
@click.pass_obj
def doctor(resources: Resources, *, json: bool) -> int:
    """
    Say whether everything that the bot needs is there, and what to do if not.

    Nothing is changed but what loading the model prepares. The exit code is 0 when no line begins
    with ✗, else 1.
    """
    from bot.console.terminal import print_line
    from bot.doctor.examination import examine

    findings = []
    for finding in examine(resources):
        findings.append(finding)
        if not json:
            print_line(finding.line)
    well = all(finding.state != "failed" for finding in findings)
    if json:
        from bot.console.answer_json import to_json

        print_line(to_json({"ok": well, "checks": [finding.json for finding in findings]}))
    return DONE if well else FAILED
