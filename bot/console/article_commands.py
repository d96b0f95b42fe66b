"""The commands on the articles of a library: `add`, `list`, `show`, `remove`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bot.console.options import json_option
from bot.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from bot.resources import Resources


@click.command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH...",
    help="Text, Markdown, JSONL; - for stdin.",
)
@click.option("--title", metavar="T", help="The title of a single article.")
@click.option("--id", metavar="ID", help="The id of a single article.")
@click.option("--language", metavar="CODE", help="en, es, zh…; else it is detected.")
@click.option("--replace", is_flag=True, help="Let a text take the id of another.")
@json_option
@click.pass_obj
def add(
    resources: Resources,
    /,
    paths: tuple[str, ...],
    json: bool,
    **options: Any,  # noqa: ANN401 (the fields of AddOptions)
) -> int:
    """
    Add articles: files, or standard input as "-".

    A JSONL file of {"id", "title", "text"} adds one a line; it may name its "language" too. If one
    path fails, the others are added all the same.
    """
    from bot.console.adding import AddOptions, AddReport, add_paths

    checked = AddOptions(**options).checked(paths)
    report = AddReport(keep_all=json)
    try:
        add_paths(resources, paths, checked, report)
    finally:  # also when it was interrupted: what was added is told, and what it replaced forgotten
        report.show(as_json=json)
        if report.counts["replaced"]:
            from index.retrieval.forgetting import forget

            forget(resources.library, resources.settings.cache)
    return FAILED if report.errors else DONE


@click.command("list")
@json_option
@click.pass_obj
def list_articles(resources: Resources, json: bool) -> None:
    """List the articles, in the order in which they were added."""
    from bot.console.answer_json import info_json, to_json
    from bot.console.answer_text import NO_ARTICLES, listing_text
    from bot.console.terminal import print_error, print_line, style_of

    infos = resources.library.listing()
    if json:
        print_line(to_json([info_json(info) for info in infos]))
    elif infos:
        print_line(listing_text(infos, style_of(sys.stdout)))
    else:
        print_error(NO_ARTICLES[0].lower() + NO_ARTICLES[1:])


@click.command()
@click.argument("article", metavar="ID", help="As `list` shows it.")
@json_option
@click.pass_obj
def show(resources: Resources, article: str, json: bool) -> None:
    """Print an article as it is stored."""
    from bot.console.answer_json import article_json, to_json
    from bot.console.answer_text import article_text
    from bot.console.terminal import print_line

    stored = resources.library.get(article)
    print_line(to_json(article_json(stored)) if json else article_text(stored))


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...", help="As `list` shows them.")
@click.pass_obj
def remove(resources: Resources, ids: tuple[str, ...]) -> None:
    """Remove articles: all that are named, or none if one is not there."""
    from bot.console.terminal import print_line
    from bot.plain_text import count
    from index.retrieval.forgetting import forget

    cache = resources.settings.cache  # a bad setting is told before anything is removed
    resources.library.remove(ids)
    forget(resources.library, cache)
    print_line(f"removed {count(len(set(ids)), 'article')}")
