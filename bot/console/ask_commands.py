"""The commands that ask the articles: `ask` one question, and `console` one after another."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import click

from bot.console.completing import complete_article_id
from bot.console.options import json_option, passages_option
from bot.exit_codes import ANSWERED, NOT_ANSWERED

if TYPE_CHECKING:
    from bot.resources import Resources

# Objects that a command of one answer may make before garbage is looked for among them: twice what
# it imports and opens. With Python's 700 that is done 143 times for nothing, in .09 of 1.4 s.
GARBAGE_THRESHOLD = 200_000


@click.command()
@click.argument("question", metavar="QUESTION", help="In your own words.")
@click.option(
    "--article",
    metavar="ID",
    help="Search this article only.",
    shell_complete=complete_article_id,
)
@passages_option
@json_option
@click.pass_obj
def ask(resources: Resources, question: str, article: str | None, passages: int, json: bool) -> int:
    """
    Answer one question.

    The exit code is 0 when the articles answer it, and 3 when they do not.
    """
    gc.set_threshold(GARBAGE_THRESHOLD)
    from bot.console.progress import waiting
    from bot.console.terminal import print_line, style_of
    from index.text.messages import check_question

    check_question(question)  # before the model is loaded

    with waiting("loading the model…") as progress:
        answerer = resources.answerer(passages, progress)
        article = None if article is None else resources.library.complete(article)
        answer = answerer.answer(question, article=article)
    if json:
        from bot.console.answer_json import answer_json, to_json

        print_line(to_json(answer_json(answer)))
    else:
        from bot.console.answer_text import answer_text

        articles = answerer.count_articles(article)
        print_line(answer_text(answer, style_of(sys.stdout), articles=articles))
    return ANSWERED if answer.answered else NOT_ANSWERED


@click.command()
@passages_option
@json_option
@click.pass_obj
def console(resources: Resources, passages: int, json: bool) -> None:
    """
    Ask one question after another.

    With --json, or when standard input is no terminal, each line of it is a question, or a JSON
    object {"question": …, "article": ID, "history": [earlier questions]}.
    """
    from bot.console.terminal import is_terminal

    if not json and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        from bot.console.session import run_interactive

        _ = resources.settings  # a bad one is told before the prompt
        run_interactive(lambda: resources.answerer(passages))
    elif sys.stdin is not None:
        from bot.console.batch import run_batch
        from bot.console.progress import waiting

        with waiting("loading the model…") as progress:
            answerer = resources.answerer(passages, progress)
        run_batch(answerer, sys.stdin.buffer, sys.stdout, sys.stderr, as_json=json)
