"""The commands on the articles of a library: `add`, `list`, `show`, `rename`, `remove`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from bot.console.completing import complete_article_id, complete_path
from bot.console.options import json_option
from bot.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from bot.console.add_report import AddReport
    from bot.resources import Resources


@click.command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    shell_complete=complete_path,
    metavar="PATH...",
    help="Files, folders, web addresses; - for stdin.",
)
@click.option("--feed", is_flag=True, help="The addresses are feeds; follow them.")
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
    feed: bool,
    json: bool,
    **options: Any,  # noqa: ANN401 (the fields of AddOptions)
) -> int:
    """
    Add articles: files and folders, web addresses, or standard input as "-".

    Text, Markdown, HTML, PDF, DOCX, EPUB, mail (.eml), the history of a Telegram channel
    (result.json), and JSONL, which has {"id", "title", "text"} in each line and may name its
    "language" too. With --feed the entries of RSS and Atom feeds are added, and `refresh` adds
    those that are new. If one input fails, the others are added all the same.
    """
    from bot.console.adding import AddOptions, add_paths
    from bot.console.following import follow

    checked = AddOptions(**options).checked(paths)
    add_all = follow if feed else add_paths
    return _added(resources, json, lambda report: add_all(resources, paths, checked, report))


@click.command()
@json_option
@click.pass_obj
def refresh(resources: Resources, json: bool) -> int:
    """Add what is new in the feeds that are followed."""
    from bot.console.adding import AddOptions
    from bot.console.following import refresh_feeds

    options = AddOptions(title=None, id=None, language=None, replace=False)
    return _added(resources, json, lambda report: refresh_feeds(resources, options, report))


def _added(resources: Resources, json: bool, add_all: Callable[[AddReport], None]) -> int:
    """Add with *add_all*, and tell what became of it; gives the exit code."""
    from bot.console.add_report import AddReport

    report = AddReport(keep_all=json)
    try:
        add_all(report)
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
@click.argument(
    "article", metavar="ID", help="As `list` shows it.", shell_complete=complete_article_id
)
@json_option
@click.pass_obj
def show(resources: Resources, article: str, json: bool) -> None:
    """Print an article as it is stored."""
    from bot.console.answer_json import article_json, to_json
    from bot.console.answer_text import article_text
    from bot.console.terminal import print_line

    stored = resources.library.get(resources.library.complete(article))
    print_line(to_json(article_json(stored)) if json else article_text(stored))


@click.command()
@click.argument(
    "article", metavar="ID", help="As `list` shows it.", shell_complete=complete_article_id
)
@click.argument("title", metavar="TITLE", help="The new one.")
@click.pass_obj
def rename(resources: Resources, article: str, title: str) -> None:
    """Give an article another title; its id stays."""
    from bot.console.terminal import print_line
    from bot.plain_text import one_line
    from index.errors import UsageError
    from index.text.articles import normalise

    words = " ".join(normalise(title).split())
    if not words:
        raise UsageError("the title is empty; give one with words in it.")
    id_ = resources.library.complete(article)
    resources.library.rename(id_, words)
    print_line(f"renamed {id_}: {one_line(words)}")


@click.command()
@click.argument(
    "ids",
    nargs=-1,
    metavar="ID...",
    help="As `list` shows them.",
    shell_complete=complete_article_id,
)
@click.option("--all", "everything", is_flag=True, help="Remove all articles.")
@click.option("--feed", is_flag=True, help="The ids are addresses of feeds; follow them no more.")
@click.pass_obj
def remove(resources: Resources, ids: tuple[str, ...], everything: bool, feed: bool) -> None:
    """Remove articles: all that are named, or none if one is not there."""
    from bot.console.following import unfollow
    from bot.console.terminal import print_line
    from bot.plain_text import count
    from index.errors import UsageError
    from index.retrieval.forgetting import forget

    if everything == bool(ids) or (everything and feed):
        raise UsageError("name the articles to remove, or give --all to remove all of them.")
    if feed:
        return unfollow(resources, ids)
    cache = resources.settings.cache  # a bad setting is told before anything is removed
    library = resources.library
    named = [info.id for info in library.listing()] if everything else ids
    meant = dict.fromkeys(named if everything else map(library.complete, named))
    library.remove(list(meant))
    forget(library, cache)
    print_line(f"removed {count(len(meant), 'article')}")
    return None
