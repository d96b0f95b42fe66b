"""
The command `article-bot` and its subcommands, as click reads them.

Nothing heavy is imported before a command needs it, so that `--help` starts at once.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.console.article_commands import add, list_articles, refresh, remove, rename, show
from bot.console.ask_commands import ask, console
from bot.console.completing import SHELLS, completion_script
from bot.console.evaluate_command import evaluate
from bot.console.terminal import PROGRAM, print_error, print_line
from bot.doctor.command import doctor

if TYPE_CHECKING:
    from bot.resources import Resources
    from index.storage.migrations import Migrations


class OrderedGroup(click.Group):
    """A group that lists its commands in the order they were added in, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Name the commands."""
        return list(self.commands)


@click.group(
    cls=OrderedGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
)
@click.option(
    "--database",
    metavar="URL",
    help="SQLAlchemy URL of the database. [default: $ARTICLE_BOT_DATABASE, else a SQLite file in "
    "the user's data folder]",
)
@click.option("--chat", metavar="ID", help="Work on this chat's articles, not on the shared ones.")
@click.version_option(
    package_name=PROGRAM, message="%(package)s %(version)s", help="Print the version."
)
@click.pass_context
def article_bot(ctx: click.Context, database: str | None, chat: str | None) -> None:
    """Ask articles questions; they answer in their own words."""
    if ctx.invoked_subcommand is None:
        print_line(ctx.get_help())
    ctx.obj.database, ctx.obj.chat = database, chat


@click.command()
@click.option(
    "--webhook-url", metavar="URL", help="Receive updates at this address, instead of polling."
)
@click.option(
    "--listen",
    default="127.0.0.1",
    metavar="HOST",
    help="With --webhook-url: where to listen.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8443,
    metavar="N",
    help="With --webhook-url: its port.",
)
@click.option("--path", metavar="PATH", help="With --webhook-url: its path. [default: the URL's]")
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="Tell how the bot is: /health, /ready and, for Prometheus, /metrics.",
)
@click.option(
    "--metrics-listen",
    default="127.0.0.1",
    metavar="HOST",
    help="With --metrics-port: where to listen.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Write the log for people, or as JSON, an object a line.",
)
@click.pass_obj
def telegram(resources: Resources, /, webhook_url: str | None, **options: Any) -> None:  # noqa: ANN401
    """
    Answer in Telegram until stopped.

    The token comes from $ARTICLE_BOT_TOKEN, or from a file named by $ARTICLE_BOT_TOKEN_FILE.
    """
    from bot.telegram.quick_start import starting

    with starting():
        from bot.telegram.operator_server import OperatorAddress
        from bot.telegram.run import run
        from bot.telegram.update_sources import Webhook

        listen, port, path = (options[name] for name in ("listen", "port", "path"))
        webhook = None if webhook_url is None else Webhook(webhook_url, listen, port, path)
        told_at, metrics_port = options["metrics_listen"], options["metrics_port"]
        operator = None if metrics_port is None else OperatorAddress(told_at, metrics_port)
        run(resources, webhook, operator, options["log_format"])


@click.command()
@click.pass_obj
def feedback(resources: Resources) -> None:
    """
    Print what people voted on, in Telegram and in the console, as a question file.

    A question with more 👍 than 👎 has the quoted passages as its answer; the others have none yet.
    """
    from bot.console.answer_json import to_json
    from bot.console.votes import question_lines
    from bot.telegram.store.feedback import question_file
    from index.storage.library import open_library

    engine = resources.library.engine
    in_console = question_lines(lambda chat: open_library(engine, chat))
    for line in chain(question_file(engine), in_console):
        print_line(to_json(line))


@click.command("export")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), help="A new file.")
@click.pass_obj
def export_all(resources: Resources, file: Path) -> None:
    """
    Write everything into a file: articles, vectors, feeds, settings of chats, feedback.

    It holds all libraries, whatever --chat says, and may be done while others use the database.
    """
    from bot.plain_text import count
    from index.storage.transfer import export_database

    number = export_database(resources.library.engine, file, _parts())
    print_line(f"exported {count(number, 'article')} to {file}")


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), help="From `export`.")
@click.pass_obj
def import_all(resources: Resources, file: Path) -> None:
    """
    Bring in what `export` wrote: all of it, or nothing when it fails.

    Articles that are there stay as they are; feeds, settings and feedback come into a database
    that has none yet.
    """
    from bot.plain_text import count
    from index.storage.transfer import import_database

    brought = import_database(resources.library.engine, file, _parts())
    there = f", {brought.unchanged:,} were there already" if brought.unchanged else ""
    print_line(f"imported {count(brought.added, 'article')}{there}")
    if not brought.with_settings:
        print_error("feeds, settings and feedback were left out: this database has its own.")


def _parts() -> list[Migrations]:
    """All parts of the product that have tables."""
    from bot.telegram.store import tables
    from index.storage import database, feeds

    return [database.MIGRATIONS, feeds.MIGRATIONS, tables.MIGRATIONS]


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL", help="bash, zsh or fish.")
def completion(shell: str) -> None:
    """
    Print what a shell needs to complete commands and ids with Tab.

    For bash: article-bot completion bash > ~/.local/share/bash-completion/completions/article-bot
    """
    print_line(completion_script(article_bot, PROGRAM, shell))


for command in (
    *(ask, console, add, refresh, list_articles, show, rename, remove, evaluate),
    *(telegram, feedback, export_all, import_all, completion, doctor),
):
    article_bot.add_command(command)
