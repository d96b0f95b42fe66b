"""
The subcommands of `article-bot`, as typer reads them.

Nothing heavy is imported before a command needs it, so that `--help` starts at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.additions import Report, add_path
from bot.services import MisuseError, Services
from bot.terminal import PROGRAM, complain, counting, is_terminal, look_of, measuring, say, waiting
from index.errors import ArticleBotError, ArticleError

ANSWERED, FAILED, NOT_ANSWERED = 0, 1, 3

app = typer.Typer(
    help="Ask articles questions; they answer in their own words.",
    add_completion=False,
    rich_markup_mode=None,  # drawing boxes would cost a third of the start
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Passages = Annotated[
    int, typer.Option("--passages", min=1, max=10, metavar="N", help="Show at most N passages.")
]


class InterruptionError(ArticleBotError):
    """Raised after Ctrl-C; says what is kept."""


@app.callback(invoke_without_command=True)
def article_bot(
    ctx: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="SQLAlchemy URL of the database. [default: $ARTICLE_BOT_DATABASE, "
            "else a SQLite file in the user's data folder]",
        ),
    ] = None,
    chat: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Work on this chat's articles, not on the shared ones."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Ask articles questions; they answer in their own words."""
    if version:
        from importlib.metadata import version as version_of

        say(f"{PROGRAM} {version_of(PROGRAM)}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        say(ctx.get_help())
        raise typer.Exit
    ctx.obj.database, ctx.obj.chat = database, chat


@app.command()
def ask(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In your own words.")],
    article: Annotated[
        str | None, typer.Option(metavar="ID", help="Search this article only.")
    ] = None,
    passages: Passages = 3,
    json: Json = False,
) -> int:
    """
    Answer one question.

    The exit code is 0 when the articles answer it, and 3 when they do not.
    """
    from bot import replies
    from index.qa import check_question

    check_question(question)  # before the model is loaded

    with waiting("loading the model…") as progress:
        desk = ctx.obj.desk(passages, progress)
        answer = desk.ask(question, article=article)
    if json:
        say(replies.to_json(replies.answer_json(answer)))
    else:
        articles = desk.count_articles(article)
        say(replies.answer_text(answer, look_of(sys.stdout), articles=articles))
    return ANSWERED if answer.answered else NOT_ANSWERED


@app.command()
def console(ctx: typer.Context, passages: Passages = 3, json: Json = False) -> None:
    """
    Ask one question after another.

    With --json, or when standard input is no terminal, each line of it is a question, or a JSON
    object {"question": …, "article": ID, "history": [earlier questions]}.
    """
    from bot.batch import run_batch
    from bot.console import run_interactive

    services: Services = ctx.obj
    if not json and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        _ = services.settings  # a bad one is told before the prompt
        run_interactive(lambda: services.desk(passages))
    elif sys.stdin is not None:
        with waiting("loading the model…") as progress:
            desk = services.desk(passages, progress)
        run_batch(desk, sys.stdin.buffer, sys.stdout, sys.stderr, as_json=json)


@app.command()
def add(  # noqa: PLR0913, PLR0917 (the options of the command)
    ctx: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Text, Markdown, JSONL; - for stdin.")
    ],
    title: Annotated[
        str | None, typer.Option(metavar="T", help="The title of a single article.")
    ] = None,
    id_: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The id of a single article.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="en, es, zh…; else it is detected."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let a text take the id of another.")
    ] = False,
    json: Json = False,
) -> int:
    """
    Add articles: files, or standard input as "-".

    A JSONL file of {"id", "title", "text"} adds one a line; it may name its "language" too. If one
    path fails, the others are added all the same.
    """
    if len(paths) > 1 and (title is not None or id_ is not None):
        raise MisuseError("--title and --id are for a single path; add the articles one by one.")
    if language is not None:
        from index.languages import checked_language

        try:
            language = checked_language(language)
        except ArticleError as exc:
            raise MisuseError(str(exc)) from exc
    report = Report(keep_all=json)
    options = {"title": title, "id": id_, "language": language, "replace": replace}
    try:
        with counting(paths) as watch:
            for path in paths:
                add_path(ctx.obj, path, report, watch, **options)
    except KeyboardInterrupt:
        raise InterruptionError(
            f"interrupted; {report.kept()}, and nothing half done was stored."
        ) from None
    except ArticleBotError as exc:
        report.errors.append(str(exc))
        raise
    finally:
        report.show(as_json=json)
    return FAILED if report.errors else 0


@app.command("list")
def list_articles(ctx: typer.Context, json: Json = False) -> None:
    """List the articles, in the order in which they were added."""
    from bot import replies

    infos = ctx.obj.library.listing()
    if json:
        say(replies.to_json([replies.info_json(info) for info in infos]))
    elif infos:
        say(replies.listing_text(infos, look_of(sys.stdout)))
    else:
        complain(replies.NO_ARTICLES[0].lower() + replies.NO_ARTICLES[1:])


@app.command()
def show(
    ctx: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")],
    json: Json = False,
) -> None:
    """Print an article as it is stored."""
    from bot import replies

    stored = ctx.obj.library.get(article)
    if json:
        say(replies.to_json(replies.article_json(stored)))
    else:
        say(replies.article_text(stored))


@app.command()
def remove(
    ctx: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="As `list` shows them.")],
) -> None:
    """Remove articles: all that are named, or none if one is not there."""
    from bot import replies

    ctx.obj.library.remove(ids)
    say(f"removed {replies.count(len(set(ids)), 'article')}")


@app.command()
def evaluate(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="JSONL, an article with questions a line.")
    ],
    whole_library: Annotated[
        bool, typer.Option("--library", help="Ask all articles of a file, not each its own.")
    ] = False,
    worst: Annotated[
        int, typer.Option("--worst", min=0, metavar="N", help="Show the N worst of each kind.")
    ] = 0,
    json: Json = False,
) -> None:
    """
    Measure how good the answers are, on files of judged questions.

    The articles of the files are asked, not those that were added. Each question is also asked of
    another article of its file, which should not answer it.
    """
    from bot import replies, reports
    from index import calibration, evaluation
    from index.questions import read_questions

    sets = [(path, list(read_questions(path))) for path in files]
    threshold = ctx.obj.settings.threshold
    used = calibration.NO_ANSWER_THRESHOLD if threshold is None else threshold
    with waiting("loading the model…"):
        encoder, reranker = ctx.obj.models()
    made: list[dict[str, Any]] = []
    for path, rows in sets:
        with measuring(path.name) as progress:
            outcomes = evaluation.evaluate(
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
        say(replies.to_json({"threshold": used, "library": whole_library, "files": made}))


@app.command()
def telegram(
    ctx: typer.Context,
    webhook_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Receive updates at this address, instead of polling."),
    ] = None,
    listen: Annotated[
        str, typer.Option(metavar="HOST", help="With --webhook-url: where to listen.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="N", min=1, max=65535, help="With --webhook-url: its port.")
    ] = 8443,
    path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="With --webhook-url: its path. [default: the URL's]"),
    ] = None,
) -> None:
    """
    Answer in Telegram until stopped.

    The token comes from $ARTICLE_BOT_TOKEN, or from a file named by $ARTICLE_BOT_TOKEN_FILE.
    """
    from bot.telegram.run import Webhook, run

    webhook = None if webhook_url is None else Webhook(webhook_url, listen, port, path)
    run(ctx.obj, webhook)


@app.command()
def feedback(ctx: typer.Context) -> None:
    """
    Print what people voted on in Telegram, as a question file.

    A question with more 👍 than 👎 has the quoted passages as its answer; the others have none yet.
    """
    from bot import replies
    from bot.telegram.feedback import question_file

    for line in question_file(ctx.obj.library.engine):
        say(replies.to_json(line))
