"""What stands in a reply: its messages and the buttons below the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.phrases import certainty, phrase, polite, refusal
from bot.telegram import markup
from bot.telegram.markup import Block
from bot.telegram.store.replies import Reply
from index.datatypes import Passage
from index.text.context import context_span

# Messages that an answer takes without being asked for more: a list may be long, and a chat is
# not there for it alone.
MAX_MESSAGES = 3
PER_PAGE = 3  # passages behind "More"
REACH = 1_200  # characters around a passage, so that its context fits into one message

MORE, CONTEXT, WHOLE, BACK, GOOD, BAD = "m", "c", "w", "b", "u", "d"


@dataclass(frozen=True, slots=True)
class View:
    """The *messages* of a reply, as HTML, and the *buttons* of the last one."""

    messages: tuple[str, ...]
    buttons: InlineKeyboardMarkup | None = None

    @property
    def last(self) -> str:
        """The message that has the buttons."""
        return self.messages[-1]


def answer_view(
    reply: Reply, passages: Sequence[Passage], language: str, *, whole: bool = False
) -> View:
    """Show *reply*; *whole* shows what did not fit into its first messages too."""
    messages = markup.fill(_answer_blocks(reply, passages, language))
    cut = len(messages) > MAX_MESSAGES and not whole
    shown = messages[:MAX_MESSAGES] if cut else messages
    row = []
    if len(passages) > reply.shown:
        row.append(_button("more", language, MORE, reply.id, reply.shown))
    if _has_context(reply, passages):
        row.append(_button("context", language, CONTEXT, reply.id))
    if cut:
        row.append(_button("whole", language, WHOLE, reply.id))
    votes = [
        InlineKeyboardButton("👍", callback_data=_data(GOOD, reply.id)),
        InlineKeyboardButton("👎", callback_data=_data(BAD, reply.id)),
    ]
    return View(tuple(shown), InlineKeyboardMarkup([row, votes] if row else [votes]))


def more_view(reply: Reply, passages: Sequence[Passage], first: int, language: str) -> View:
    """Show the passages from number *first* on, as many as fit into one message."""
    blocks: list[Block] = []
    number = first
    for passage in passages[first : first + PER_PAGE]:
        added = [*blocks, *markup.passage_blocks(passage, language)]
        if blocks and len(markup.fill(added)) > 1:
            break
        blocks, number = added, number + 1
    row = [_button("back", language, BACK, reply.id)]
    if number < len(passages):
        row.append(_button("more", language, MORE, reply.id, number))
    return View((markup.fill(blocks)[0],), InlineKeyboardMarkup([row]))


def context_view(reply: Reply, passages: Sequence[Passage], language: str) -> View:
    """Show the paragraphs around the first passage."""
    around = context_span(passages[0], REACH)
    blocks = markup.context_blocks(passages[0], around, language)
    row = [_button("back", language, BACK, reply.id)]
    return View((markup.fill(blocks)[0],), InlineKeyboardMarkup([row]))


def polite_view(kind: str, language: str) -> View:
    """Answer a greeting or thanks."""
    return View((polite(kind, language),))


def single_message(reply: Reply, passages: Sequence[Passage], language: str) -> str:
    """What of *reply* fits into one message, for where there can be no second one."""
    return markup.fill(_answer_blocks(reply, passages, language))[0]


def _answer_blocks(reply: Reply, passages: Sequence[Passage], language: str) -> list[Block]:
    shown = passages[: reply.shown]
    if reply.kind == "summary":
        return markup.passages_blocks(shown, language) or [Block(phrase("no_articles", language))]
    if not reply.answered:
        said = refusal(reply.articles, language)
        if not shown:
            return [Block(said)]
        first, *others = markup.passages_blocks(shown, language)
        return [Block(f"{said} {phrase('nearest', language)}\n{first.html}"), *others]
    sure = certainty(reply.confidence, language)
    missed = [
        Block(phrase("missed", language, question=markup.quiet_names(markup.shortened(one, 300))))
        for one in reply.unanswered
    ]
    return [*markup.passages_blocks(shown, language, sure), *missed]


def _has_context(reply: Reply, passages: Sequence[Passage]) -> bool:
    """Whether there is more around the first passage, and one message holds it."""
    if not passages or reply.kind == "summary":
        return False
    around = context_span(passages[0], REACH)
    longer = len(around) > len(passages[0].span)
    return longer and len(markup.fill(markup.context_blocks(passages[0], around, "en"))) == 1


def _button(name: str, language: str, action: str, *numbers: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(phrase(name, language), callback_data=_data(action, *numbers))


def _data(action: str, *numbers: int) -> str:
    return ":".join([action, *map(str, numbers)])
