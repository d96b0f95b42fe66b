"""What the last reply of a conversation showed, and what can still be shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer_form import shown_passages
from index.datatypes import Answer, Passage


@dataclass
class LastAnswer:
    """
    The last *answer*, out of so many *articles*, None before the first.

    *shown* are the passages of the last reply about it, *more* those that were not shown yet.
    """

    answer: Answer | None = None
    articles: int = 0
    shown: Sequence[Passage] = ()
    more: Sequence[Passage] = ()

    def replace_with(self, answer: Answer, articles: int, *, short: bool) -> None:
        """Be *answer* from now on; a greeting leaves what was there."""
        if answer.kind in ("greeting", "thanks"):
            return
        self.answer, self.articles = answer, articles
        parts = answer.parts or (answer,)
        self.shown = [passage for part in parts for passage in shown_passages(part, short=short)]
        left = (*answer.passages, *answer.further)
        self.more = [passage for passage in left if passage not in self.shown]

    def take_more(self, number: int) -> Sequence[Passage]:
        """The next *number* passages, which count as shown from now on."""
        self.shown, self.more = self.more[:number], self.more[number:]
        return self.shown

    def passage(self, number: str) -> Passage | None:
        """The passage with this *number*, counted from 1, of the last reply; the first if none."""
        if not number:
            return self.shown[0] if self.shown else None
        known = number.isdecimal() and 1 <= int(number) <= len(self.shown)
        return self.shown[int(number) - 1] if known else None
