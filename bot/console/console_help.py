"""What /help says in the console."""

from __future__ import annotations

from bot.console.text_layout import PLAIN, TextStyle, hanging

COMMANDS = (
    ("/more", "the next passages for the last question"),
    ("/context [N]", "the paragraphs around the first (or N-th) passage shown last"),
    ("/open [N]", "the whole article at that passage, in the pager"),
    ("/short [on|off]", "one sentence for an answer, or whole passages"),
    ("/good, /bad", "note whether the last answer was right; `article-bot feedback` prints it"),
    ("/articles", "the articles that are searched"),
    ("/article [ID]", "search this article only, by its id or title, or the beginning of one; "
     "without: all of them again"),
    ("/add PATH", "add a file, a folder or a web address"),
    ("/help", "this list"),
    ("/quit", "leave (so does Ctrl-D)"),
)  # fmt: skip


def help_text(style: TextStyle = PLAIN) -> str:
    """How to ask, and the commands, the lines of each hanging beside its name."""
    return "\n".join([
        "Type a question and press Enter; the article answers in its own words. “why?” and “what "
        "about women?” are read with the question before; several lines are several questions.",
        hanging(COMMANDS, style),
        "“more”, “in short”, “where does it say that”, “the second one” work as well. Ctrl-C stops "
        "an answer. Tab completes commands and article ids; arrow up brings back a question.",
    ])  # fmt: skip
