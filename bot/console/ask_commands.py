"""The commands that ask the articles: `ask` one question, and `console` one after another."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from bot.console.completing import complete_article_id
from bot.console.options import json_option, passages_option, short_option
from bot.exit_codes import ANSWERED, NOT_ANSWERED

if TYPE_CHECKING:
    from bot.resources import Resources

# Objects that a command of one answer may make before garbage is looked for among them: twice what
# it imports and opens. With Python's 700 that is done 143 times for nothing, in .09 of 1.4 s.
GARBAGE_THRESHOLD = 200_000


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="QUESTION", help="In your own words.")
@click.option(
    "--article",
    metavar="ID",
    help="Search this article only: its id or title, or the beginning of one.",
    shell_complete=complete_article_id,
)
@passages_option
@short_option
@json_option
@click.pass_obj
def ask(
    resources: Resources,
    /,
    words: tuple[str, ...],
    article: str | None,
    passages: int,
    **form: bool,
) -> int:
    """
    Answer one question.

    The exit code is 0 when the articles answer it, and 3 when they do not.
    """
    question = " ".join(words)
    gc.set_threshold(GARBAGE_THRESHOLD)
    from bot.console.progress import waiting
    from bot.console.terminal import print_line, style_of
    from index.text.messages import check_question

    check_question(question)  # before the model is loaded

    with waiting("loading the model…", resources) as progress:
        answerer = resources.answerer(passages, progress)
        if article is not None:
            from bot.article_names import find_article

            article = find_article(answerer.library, article)
        answer = answerer.answer(question, article=article)
    if form["json"]:
        from bot.console.answer_json import answer_json, to_json

        print_line(to_json(answer_json(answer)))
    else:
        from bot.console.answer_text import answer_text

        articles = answerer.count_articles(article)
        style = replace(style_of(sys.stdout), short=form["short"])
        print_line(answer_text(answer, style, articles=articles))
    return ANSWERED if answer.answered else NOT_ANSWERED


@click.command()
@passages_option
@short_option
@json_option
@click.pass_obj
def console(resources: Resources, passages: int, *, short: bool, json: bool) -> None:
    """
    Ask one question after another.

    With --json, or when standard input is no terminal, each line of it is a question, or a JSON
    object {"question": …, "article": ID, "history": [earlier questions]}.
    """
    from bot.console.terminal import is_terminal

    if not json and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        from bot.console.session import run_interactive

        _ = resources.settings  # a bad one is told before the prompt
        run_interactive(lambda: resources.answerer(passages), resources.listen, short=short)
    elif sys.stdin is not None:
        from bot.console.batch import run_batch
        from bot.console.progress import waiting
        from bot.console.text_layout import TextStyle

        with waiting("loading the model…", resources) as progress:
            answerer = resources.answerer(passages, progress)
        style = None if json else TextStyle(short=short)
        run_batch(answerer, sys.stdin.buffer, sys.stdout, sys.stderr, style)
