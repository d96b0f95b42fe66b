"""The command `evaluate`: how good the answers are, on files of judged questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.console.options import json_option

if TYPE_CHECKING:
    from bot.console.evaluation_report import Report
    from bot.resources import Resources


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
    help="JSONL, an article with questions a line.",
)
@click.option(
    "--library",
    "whole_library",
    is_flag=True,
    help="Ask all articles of a file, not each its own.",
)
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Show the N worst of each kind.",
)
@json_option
@click.pass_obj
def evaluate(
    resources: Resources, files: tuple[Path, ...], whole_library: bool, worst: int, json: bool
) -> None:
    """
    Measure how good the answers are, on files of judged questions.

    The articles of the files are asked, not those that were added. Each question is also asked of
    another article of its file, which should not answer it.
    """
    from bot.console.answer_json import to_json
    from bot.console.evaluation_report import report_json, report_text
    from bot.console.terminal import print_line

    reports: list[Report] = []
    for report in _reports(resources, files, worst, whole_library=whole_library):
        if not json:
            print_line("\n" * bool(reports) + report_text(report))
        reports.append(report)
    if json:
        made = [report_json(report) for report in reports]
        print_line(
            to_json({"threshold": reports[0].threshold, "library": whole_library, "files": made})
        )


def _reports(
    resources: Resources, files: Sequence[Path], worst: int, *, whole_library: bool
) -> Iterator[Report]:
    """Evaluate *files* one after another, when all of them have been read and can be used."""
    from bot.console.evaluation_report import make_report
    from bot.console.progress import measuring, waiting
    from index.evaluation.question_files import read_questions
    from index.evaluation.running import evaluate as evaluate_questions
    from index.reading.fused_ranking import tiers_of

    sets = [(path, list(read_questions(path))) for path in files]
    chosen = resources.settings.threshold
    with waiting("loading the model…"):
        models = resources.models()
    threshold = tiers_of(models.reader).may if chosen is None else chosen
    for path, rows in sets:
        with measuring(path.name) as progress:
            outcomes = evaluate_questions(
                rows,
                *models,
                whole_library=whole_library,
                threshold=chosen,
                progress=progress,
            )
        yield make_report(
            str(path), [article for article, _ in rows], outcomes, threshold=threshold, worst=worst
        )
