"""
The subcommands of `article-bot`, as click reads them.

Nothing heavy is imported before a command needs it, so that `--help` starts at once.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click

from bot.console.additions import Report, add_path
from bot.console.terminal import (
    PROGRAM,
    complain,
    counting,
    is_terminal,
    look_of,
    measuring,
    say,
    waiting,
)
from bot.resources import MisuseError, Services
from index.errors import ArticleBotError, ArticleError

ANSWERED, FAILED, NOT_ANSWERED = 0, 1, 3

# Objects that a command of one answer may make before garbage is looked for among them: twice what
# it imports and opens. With Python's 700 that is done 143 times for nothing, in .09 of 1.4 s.
PATIENCE = 200_000

as_json = click.option("--json", is_flag=True, help="Print JSON.")
at_most = click.option(
    "--passages",
    type=click.IntRange(1, 10),
    default=3,
    metavar="N",
    help="Show at most N passages.",
)


class InterruptionError(ArticleBotError):
    """Raised after Ctrl-C; says what is kept."""


class _InOrder(click.Group):
    """A group that lists its commands as they stand in this file, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self.commands)


@click.group(
    cls=_InOrder,
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
        say(ctx.get_help())
    ctx.obj.database, ctx.obj.chat = database, chat


@article_bot.command()
@click.argument("question", metavar="QUESTION", help="In your own words.")
@click.option("--article", metavar="ID", help="Search this article only.")
@at_most
@as_json
@click.pass_obj
def ask(services: Services, question: str, article: str | None, passages: int, json: bool) -> int:
    """
    Answer one question.

    The exit code is 0 when the articles answer it, and 3 when they do not.
    """
    gc.set_threshold(PATIENCE)
    from bot.console import answer_text
    from index.answering import check_question

    check_question(question)  # before the model is loaded

    with waiting("loading the model…") as progress:
        answerer = services.answerer(passages, progress)
        answer = answerer.answer(question, article=article)
    if json:
        say(answer_text.to_json(answer_text.answer_json(answer)))
    else:
        articles = answerer.count_articles(article)
        say(answer_text.answer_text(answer, look_of(sys.stdout), articles=articles))
    return ANSWERED if answer.answered else NOT_ANSWERED


@article_bot.command()
@at_most
@as_json
@click.pass_obj
def console(services: Services, passages: int, json: bool) -> None:
    """
    Ask one question after another.

    With --json, or when standard input is no terminal, each line of it is a question, or a JSON
    object {"question": …, "article": ID, "history": [earlier questions]}.
    """
    from bot.console.batch import run_batch
    from bot.console.session import run_interactive

    if not json and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        _ = services.settings  # a bad one is told before the prompt
        run_interactive(lambda: services.answerer(passages))
    elif sys.stdin is not None:
        with waiting("loading the model…") as progress:
            answerer = services.answerer(passages, progress)
        run_batch(answerer, sys.stdin.buffer, sys.stdout, sys.stderr, as_json=json)


@article_bot.command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH...",
    help="Text, Markdown, JSONL; - for stdin.",
)
@click.option("--title", metavar="T", help="The title of a single article.")
@click.option("--id", "id_", metavar="ID", help="The id of a single article.")
@click.option("--language", metavar="CODE", help="en, es, zh…; else it is detected.")
@click.option("--replace", is_flag=True, help="Let a text take the id of another.")
@as_json
@click.pass_obj
def add(  # noqa: PLR0913, PLR0917 (the options of the command)
    services: Services,
    paths: tuple[str, ...],
    title: str | None,
    id_: str | None,
    language: str | None,
    replace: bool,
    json: bool,
) -> int:
    """
    Add articles: files, or standard input as "-".

    A JSONL file of {"id", "title", "text"} adds one a line; it may name its "language" too. If one
    path fails, the others are added all the same.
    """
    if len(paths) > 1 and (title is not None or id_ is not None):
        raise MisuseError("--title and --id are for a single path; add the articles one by one.")
    if language is not None:
        from index.languages.registry import checked_language

        try:
            language = checked_language(language)
        except ArticleError as exc:
            raise MisuseError(str(exc)) from exc
    report = Report(keep_all=json)
    options = {"title": title, "id": id_, "language": language, "replace": replace}
    try:
        with counting(paths) as watch:
            for path in paths:
                add_path(services, path, report, watch, **options)
    except KeyboardInterrupt:
        raise InterruptionError(
            f"interrupted; {report.kept()}, and nothing half done was stored."
        ) from None
    except ArticleBotError as exc:
        report.errors.append(str(exc))
        raise
    finally:
        if report.counts["replaced"]:
            from index.retrieval.forgetting import forget

            forget(services.library, services.settings.cache)
        report.show(as_json=json)
    return FAILED if report.errors else 0


@article_bot.command("list")
@as_json
@click.pass_obj
def list_articles(services: Services, json: bool) -> None:
    """List the articles, in the order in which they were added."""
    from bot.console import answer_text

    infos = services.library.listing()
    if json:
        say(answer_text.to_json([answer_text.info_json(info) for info in infos]))
    elif infos:
        say(answer_text.listing_text(infos, look_of(sys.stdout)))
    else:
        complain(answer_text.NO_ARTICLES[0].lower() + answer_text.NO_ARTICLES[1:])


@article_bot.command()
@click.argument("article", metavar="ID", help="As `list` shows it.")
@as_json
@click.pass_obj
def show(services: Services, article: str, json: bool) -> None:
    """Print an article as it is stored."""
    from bot.console import answer_text

    stored = services.library.get(article)
    if json:
        say(answer_text.to_json(answer_text.article_json(stored)))
    else:
        say(answer_text.article_text(stored))


@article_bot.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...", help="As `list` shows them.")
@click.pass_obj
def remove(services: Services, ids: tuple[str, ...]) -> None:
    """Remove articles: all that are named, or none if one is not there."""
    from bot.console import answer_text
    from index.retrieval.forgetting import forget

    cache = services.settings.cache  # a bad setting is told before anything is removed
    services.library.remove(ids)
    forget(services.library, cache)
    say(f"removed {answer_text.count(len(set(ids)), 'article')}")


@article_bot.command()
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
@as_json
@click.pass_obj
def evaluate(
    services: Services, files: tuple[Path, ...], whole_library: bool, worst: int, json: bool
) -> None:
    """
    Measure how good the answers are, on files of judged questions.

    The articles of the files are asked, not those that were added. Each question is also asked of
    another article of its file, which should not answer it.
    """
    from bot.console import answer_text, reports
    from index.evaluation import metrics
    from index.evaluation.question_files import read_questions
    from index.ranking import confidence

    sets = [(path, list(read_questions(path))) for path in files]
    threshold = services.settings.threshold
    used = confidence.NO_ANSWER_THRESHOLD if threshold is None else threshold
    with waiting("loading the model…"):
        encoder, reranker = services.models()
    made: list[dict[str, Any]] = []
    for path, rows in sets:
        with measuring(path.name) as progress:
            outcomes = metrics.evaluate(
                rows,
                encoder,
                reranker,
                whole_library=whole_library,
                threshold=used,
                progress=progress,
            )
        report = reports.make_report(str(path), len(rows), outcomes, threshold=used, worst=worst)
        if not json:
            say("\n" * bool(made) + reports.report_text(report))
        made.append(reports.report_json(report))
    if json:
        say(answer_text.to_json({"threshold": used, "library": whole_library, "files": made}))


@article_bot.command()
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
@click.pass_obj
def telegram(
    services: Services, webhook_url: str | None, listen: str, port: int, path: str | None
) -> None:
    """
    Answer in Telegram until stopped.

    The token comes from $ARTICLE_BOT_TOKEN, or from a file named by $ARTICLE_BOT_TOKEN_FILE.
    """
    from bot.telegram.run import Webhook, run

    webhook = None if webhook_url is None else Webhook(webhook_url, listen, port, path)
    run(services, webhook)


@article_bot.command()
@click.pass_obj
def feedback(services: Services) -> None:
    """
    Print what people voted on in Telegram, as a question file.

    A question with more 👍 than 👎 has the quoted passages as its answer; the others have none yet.
    """
    from bot.console import answer_text
    from bot.telegram.store.feedback import question_file

    for line in question_file(services.library.engine):
        say(answer_text.to_json(line))
