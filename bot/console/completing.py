"""Completion by Tab in the shell: commands, options, files, and the ids of articles."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

if TYPE_CHECKING:
    from bot.resources import Resources

VARIABLE = "_ARTICLE_BOT_COMPLETE"  # by which a shell asks
SHELLS = ("bash", "zsh", "fish")
MAX_IDS = 200


def completed(group: click.Group, program: str, resources: Resources) -> int | None:
    """Answer a shell that asks what may come next; None when none asks."""
    instruction = os.environ.get(VARIABLE)
    if not instruction:
        return None
    return shell_complete(group, {"obj": resources}, program, VARIABLE, instruction)


def completion_script(group: click.Group, program: str, shell: str) -> str:
    """What a *shell* reads to know how it asks."""
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"there is no completion for {shell}.")
    return found(group, {}, program, VARIABLE).source()


def complete_article_id(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> Sequence[CompletionItem]:
    """The ids that begin as typed, with the titles; none when the database does not open."""
    resources: Resources = ctx.obj
    given = ctx.find_root().params
    resources.database, resources.chat = given.get("database"), given.get("chat")
    try:
        infos = resources.library.listing()
    except Exception:  # Tab must not print an error into the line that is being typed
        return []
    named = [(name, info.title) for info in infos for name in (info.id, *info.other_ids)]
    matching = [CompletionItem(name, help=title) for name, title in named]
    return [item for item in matching if item.value.startswith(incomplete)][:MAX_IDS]


def complete_path(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete files and folders, which it knows best."""
    return [CompletionItem(incomplete, type="file")]
