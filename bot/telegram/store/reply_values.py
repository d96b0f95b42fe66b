"""What is remembered of a reply, and how it is written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.answer_form import shown_passages
from bot.telegram.store.quoted_passages import QuotedPassage, from_fields, quote, to_fields
from index.datatypes import Answer, Passage, Tier

LANGUAGE_TOLD = "language_told"  # in the JSON of a reply


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat, or one topic of it (0 outside of topics)."""

    chat: int
    topic: int = 0


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """
    The reply to one of several questions, or to the only one, with its own *tier*.

    So many passages are *shown* for it; *about* are the words that a follow-up was read with.
    """

    question: str
    tier: Tier
    shown: int
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """
    An answer that was given.

    *passages* are all that were found: the first *shown* stand in the reply, those of each of the
    *parts* in turn, the others wait behind "More". *articles* is how many were searched, *library*
    the chat that they belong to; *asked* is the title of the only one, where the chat was narrowed
    to it. *language_told*: it said that the model knows English only.
    """

    conversation: Conversation
    asker: int
    question: str
    library: str
    tier: Tier
    kind: str
    articles: int
    shown: int
    passages: tuple[QuotedPassage, ...]
    parts: tuple[ReplyPart, ...] = ()
    language_told: bool = False
    asked: str | None = None
    id: int = 0

    @property
    def answered(self) -> bool:
        """Whether the articles answered, or may have."""
        return self.tier != "not"


@dataclass(frozen=True, slots=True)
class SentReply:
    """The reply *id* to *question*, as it stands in the messages *sent* of a chat."""

    id: int
    question: str
    sent: tuple[int, ...]


def make_reply(
    answer: Answer, conversation: Conversation, asker: int, *, library: str, articles: int
) -> Reply:
    """What is to be remembered of *answer*, which was looked for in *articles* of *library*."""
    parts = tuple(map(_part_of, answer.parts or (answer,)))
    found = passages_of(answer)
    return Reply(
        conversation=conversation,
        asker=asker,
        question=answer.question,
        library=library,
        tier=answer.tier,
        kind=answer.kind,
        articles=articles,
        shown=sum(part.shown for part in parts),
        passages=tuple(map(quote, found)),
        parts=parts,
    )


def passages_of(answer: Answer) -> list[Passage]:
    """All passages of *answer*, in the order of a reply: what is shown for each question first."""
    parts = answer.parts or (answer,)
    shown = [passage for part in parts for passage in shown_passages(part)]
    rest = (*answer.passages, *answer.further)
    return [*shown, *(passage for passage in rest if passage not in shown)]


def _part_of(answer: Answer) -> ReplyPart:
    shown = len(shown_passages(answer))
    return ReplyPart(answer.question, answer.tier, shown, answer.about)


def to_json(reply: Reply) -> str:
    """What a row of the table holds of *reply*."""
    fields = {
        "tier": reply.tier,
        "kind": reply.kind,
        "articles": reply.articles,
        "shown": reply.shown,
        "passages": [to_fields(passage) for passage in reply.passages],
        "parts": [asdict(part) for part in reply.parts],
        LANGUAGE_TOLD: reply.language_told,
        "asked": reply.asked,
    }
    return json.dumps(fields)


def from_row(row: Any) -> Reply:  # noqa: ANN401 (a row of replies)
    """Read what to_json wrote, or an earlier version."""
    fields = json.loads(row.answer)
    # Earlier versions wrote whether it was answered, and were less careful to be sure.
    tier: Tier = fields.get("tier") or ("may" if fields["answered"] else "not")
    parts = [ReplyPart(**part) for part in fields.get("parts", ())]
    return Reply(
        conversation=Conversation(row.chat, row.topic),
        asker=row.asker,
        question=row.question,
        library=row.library,
        tier=tier,
        kind=fields["kind"],
        articles=fields["articles"],
        shown=fields["shown"],
        passages=tuple(map(from_fields, fields["passages"])),
        parts=tuple(parts) or (ReplyPart(row.question, tier, fields["shown"]),),
        asked=fields.get("asked"),
        id=row.id,
    )
