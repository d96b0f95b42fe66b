"""What `add` tells of the articles: how many, which ones, and what could not be added."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.console.answer_json import to_json
from bot.console.terminal import print_error, print_line
from bot.plain_text import count, one_line

if TYPE_CHECKING:
    from index.storage.records import Added

FEW = 10  # articles that are named one by one
SHOWN_LEFT_OUT = 20  # files of a folder that are named one by one


@dataclass
class AddReport:
    """What became of the articles of one `add`; *keep_all* rows, or only a few."""

    keep_all: bool
    rows: list[Added] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # by status, or "by_others"
    left_out: list[str] = field(default_factory=list)  # what is wrong with files of folders
    said_elsewhere: int = 0  # inputs that fail, of which another process has said why

    def note(self, added: Added) -> None:
        """Take note of one article."""
        self.counts["by_others" if added.by_others else added.status] += 1
        if self.keep_all or len(self.rows) < FEW:
            self.rows.append(added)

    def kept(self) -> str:
        """How many articles were stored, in words."""
        number = self.counts["added"] + self.counts["replaced"]
        return f"{count(number, 'article')} {'was' if number == 1 else 'were'} added and kept"

    def show(self, *, as_json: bool) -> None:
        """Print it: as JSON, an article a line when they are few, or their numbers."""
        if as_json:
            print_line(to_json(self._json()))
        elif 0 < self.counts.total() <= FEW:
            print_line("\n".join(map(_added_line, self.rows)))
        elif self.counts:
            print_line(self._summary())

    def tell_left_out(self) -> None:
        """List what of folders and feeds could not be added, at the end, where it is seen."""
        left_out = self.left_out
        self.errors.extend(left_out)
        if left_out:
            print_error(f"{count(len(left_out), 'input')} could not be added:")
        for message in left_out[:SHOWN_LEFT_OUT]:
            print_error(message)
        if len(left_out) > SHOWN_LEFT_OUT:
            print_error(f"… and {len(left_out) - SHOWN_LEFT_OUT:,} more; --json names all of them.")
        if self.said_elsewhere:
            inputs = count(self.said_elsewhere, "input")
            self.errors.append(f"{inputs} could not be added; another process has said why.")
            print_error(self.errors[-1])

    def _json(self) -> dict[str, Any]:
        articles = [
            {"id": added.id, "title": added.title, "status": added.status} for added in self.rows
        ]
        statuses = ("added", "unchanged", "replaced", "by_others")
        numbers = {status: self.counts[status] for status in statuses}
        return {"articles": articles, **numbers, "errors": self.errors}

    def _summary(self) -> str:
        parts = [f"added {count(self.counts['added'], 'article')}"]
        told = (
            ("replaced", "replaced"),
            ("by_others", "added by other processes"),
            ("unchanged", "there already"),
        )
        for status, words in told:
            if number := self.counts[status]:
                parts.append(f"{number:,} {'was' if number == 1 else 'were'} {words}")
        return ", ".join(parts)


def _added_line(added: Added) -> str:
    shown = one_line(added.title)
    if added.by_others:
        return f"{added.id} was added by another process: {shown}"
    if added.status != "unchanged":
        return f"{added.status} {added.id}: {shown}"
    other = f" as {added.known_as}" if added.known_as not in {None, added.id} else ""
    return f"{added.id} was there already{other}: {shown}"
