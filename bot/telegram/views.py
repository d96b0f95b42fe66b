"""What stands in a reply: its messages and the buttons below the last one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answer_form import shown_span, unmarked
from bot.phrases import certainty, phrase, polite, refusal
from bot.telegram import markup
from bot.telegram.markup import Block
from bot.telegram.store.reply_values import Reply, ReplyPart
from index.datatypes import Passage
from index.text.context import context_span
from index.text.surroundings import items_left, whole_list

# Messages that an answer takes without being asked for more: a list may be long, and a chat is
# not there for it alone.
MAX_MESSAGES = 3
PASSAGES_PER_PAGE = 3  # behind "More"
MAX_SHOWN_QUESTION = 300  # characters of a question that was not answered
MESSAGE_CONTEXT_REACH = 1_200  # characters around a passage: its context fits into one message


class ReplyButton(StrEnum):
    """The buttons below a reply, as their data names them; a GOOD or BAD one votes on it."""

    MORE = "m"
    CONTEXT = "c"
    WHOLE = "w"
    BACK = "b"
    SUMMARY = "s"
    GOOD = "u"
    BAD = "d"


# Numbers are ids of the database; what is longer than these comes from no button of the bot.
BUTTON_DATA = re.compile(rf"^([{''.join(ReplyButton)}]):(\d{{1,18}})(?::(\d{{1,18}}))?$", re.ASCII)


# The data of the buttons that lead back to all articles: below a message that says nothing else,
# which the news takes the place of, and below an answer, which stays.
ALL_ARTICLES, ALL_ARTICLES_BELOW_ANSWER = "all", "all:below"


@dataclass(frozen=True, slots=True)
class ButtonData:
    """A *button* of the reply with the id *reply*; MORE shows passages from number *first* on."""

    button: ReplyButton
    reply: int
    first: int = 0

    @classmethod
    def parse(cls, data: str) -> Self:
        """Read what str() wrote; raises ValueError for what BUTTON_DATA does not match."""
        match = BUTTON_DATA.match(data)
        if match is None:
            raise ValueError(f"{data!r} is not the data of a button below a reply")
        return cls(ReplyButton(match[1]), int(match[2]), int(match[3] or 0))

    def __str__(self) -> str:
        """As Telegram keeps it: at most 64 bytes."""
        return f"{self.button}:{self.reply}" + (f":{self.first}" if self.first else "")


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
    reply: Reply,
    passages: Sequence[Passage],
    language: str,
    *,
    whole: bool = False,
    short: bool = False,
) -> View:
    """
    Show *reply*; *whole* shows what its first messages do not: the rest, or whole lists.

    In a *short* one an answer is its sentence, alone.
    """
    left = not short and any(items_left(passage) for passage in passages[: reply.shown])
    if left and whole:
        passages = [whole_list(passage) or passage for passage in passages]
    messages = markup.fill(_answer_blocks(reply, passages, language, short=short))
    alone = short and reply.kind == "answer" and len(reply.parts) == 1
    hidden = 1 if alone else reply.shown  # the number of the first passage that is not shown
    cut = not whole and (left or len(messages) > MAX_MESSAGES)
    shown = messages[:MAX_MESSAGES] if not whole else messages[0 if left else MAX_MESSAGES :]
    row = []
    if len(passages) > hidden:
        row.append(_button(ButtonData(ReplyButton.MORE, reply.id, hidden), language))
    if _has_context(reply, passages):
        row.append(_button(ButtonData(ReplyButton.CONTEXT, reply.id), language))
    if cut:
        row.append(_button(ButtonData(ReplyButton.WHOLE, reply.id), language))
    if passages and reply.kind != "summary":
        row.append(_button(ButtonData(ReplyButton.SUMMARY, reply.id), language))
    rows = [row, _votes(reply)] if row else [_votes(reply)]
    if reply.asked is not None:
        rows.append([widening_button(ALL_ARTICLES_BELOW_ANSWER, language)])
    return View(tuple(shown), InlineKeyboardMarkup(rows))


def _votes(reply: Reply) -> list[InlineKeyboardButton]:
    return [
        InlineKeyboardButton(label, callback_data=str(ButtonData(button, reply.id)))
        for label, button in (("👍", ReplyButton.GOOD), ("👎", ReplyButton.BAD))
    ]


def more_view(reply: Reply, passages: Sequence[Passage], first: int, language: str) -> View:
    """Show the passages from number *first* on, as many as fit into one message."""
    blocks: list[Block] = []
    number = first
    for passage in passages[first : first + PASSAGES_PER_PAGE]:
        added = [*blocks, *markup.passage_blocks(passage, language)]
        if blocks and len(markup.fill(added)) > 1:
            break
        blocks, number = added, number + 1
    row = [_button(ButtonData(ReplyButton.BACK, reply.id), language)]
    if number < len(passages):
        row.append(_button(ButtonData(ReplyButton.MORE, reply.id, number), language))
    return View((markup.fill(blocks)[0],), InlineKeyboardMarkup([row]))


def context_view(reply: Reply, passages: Sequence[Passage], language: str) -> View:
    """Show the paragraphs around the first passage."""
    around = context_span(passages[0], MESSAGE_CONTEXT_REACH)
    blocks = markup.context_blocks(passages[0], around, language)
    row = [_button(ButtonData(ReplyButton.BACK, reply.id), language)]
    return View((markup.fill(blocks)[0],), InlineKeyboardMarkup([row]))


def summary_view(reply: Reply, passages: Sequence[Passage], language: str) -> View:
    """Show the *passages* that carry an article, in the place of *reply*."""
    blocks = markup.passages_blocks([*map(unmarked, passages)], language)
    row = [_button(ButtonData(ReplyButton.BACK, reply.id), language)]
    return View((markup.fill(blocks)[0],), InlineKeyboardMarkup([row]))


def widening_button(data: str, language: str) -> InlineKeyboardButton:
    """The button that leads back to all articles."""
    return InlineKeyboardButton(phrase("all_articles", language), callback_data=data)


def polite_view(kind: str, language: str) -> View:
    """Answer a greeting or thanks."""
    return View((polite(kind, language),))


def with_note(view: View, note: str) -> View:
    """*view* with a *note* below its last message, or in one of its own where that is full."""
    messages = markup.fill([*map(Block, view.messages[-1:]), Block(f"<i>{note}</i>")])
    return View((*view.messages[:-1], *messages), view.buttons)


def single_message(reply: Reply, passages: Sequence[Passage], language: str) -> str:
    """What of *reply* fits into one message, for where there can be no second one."""
    return markup.fill(_answer_blocks(reply, passages[: reply.shown], language))[0]


def _answer_blocks(
    reply: Reply, passages: Sequence[Passage], language: str, *, short: bool = False
) -> list[Block]:
    """What *reply* says, and which article alone was asked."""
    blocks = _said_blocks(reply, passages, language, short=short)
    if reply.asked is not None:
        title = markup.quiet_names(markup.shortened(reply.asked, markup.MAX_TITLE))
        blocks.append(Block(phrase("asked_only", language, title=title)))
    return blocks


def _said_blocks(
    reply: Reply, passages: Sequence[Passage], language: str, *, short: bool
) -> list[Block]:
    if reply.kind == "summary":
        shown = [*map(unmarked, passages[: reply.shown])]
        return markup.passages_blocks(shown, language) or [Block(phrase("no_articles", language))]
    blocks: list[Block] = []
    first = 0
    for part in reply.parts:
        own = passages[first : first + part.shown]
        heading = f"<b>{_shown_question(part.question)}</b>\n" if len(reply.parts) > 1 else ""
        if part.about:
            topic = markup.quiet_names(markup.shortened(part.about, MAX_SHOWN_QUESTION))
            heading += f"<i>{phrase('about', language, topic=topic)}</i>\n"
        blocks += _part_blocks(part, own, reply.articles, (heading, language), short=short)
        first += part.shown
    return blocks


def _part_blocks(
    part: ReplyPart,
    passages: Sequence[Passage],
    articles: int,
    told: tuple[str, str],
    *,
    short: bool,
) -> list[Block]:
    """One answer below its heading, the first of *told*, in the language that is the second."""
    heading, language = told
    if part.tier != "not":
        said = heading + certainty(part.tier, language)
        shown = passages[:1] if short else passages
        cut = [
            replace(passage, span=shown_span(passage, part.question, short=short))
            for passage in shown
        ]
        return markup.passages_blocks(cut, language, said)
    said = heading + refusal(articles, language)
    if not passages:
        return [Block(said)]
    return markup.nearest_blocks(passages[0], language, f"{said} {phrase('nearest', language)}")


def _shown_question(question: str) -> str:
    return markup.quiet_names(markup.shortened(question, MAX_SHOWN_QUESTION))


def _has_context(reply: Reply, passages: Sequence[Passage]) -> bool:
    """Whether there is more around the first passage, and one message holds it."""
    if not passages or reply.kind == "summary":
        return False
    around = context_span(passages[0], MESSAGE_CONTEXT_REACH)
    longer = len(around) > len(passages[0].span)
    return longer and len(markup.fill(markup.context_blocks(passages[0], around, "en"))) == 1


def _button(data: ButtonData, language: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(phrase(data.button.name.lower(), language), callback_data=str(data))
