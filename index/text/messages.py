"""
What a message wants: an answer, several answers, a summary, or only to be polite.

People greet, wrap a question in phrases ("can you tell me …"), put two questions into one message,
or ask what the whole article is about. The patterns know English; what they do not know is a
question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.datatypes import AnswerKind
from index.text.words import question_words

MAX_QUESTIONS = 3  # of one message that are answered one by one

_GREETING = re.compile(
    r"(?:hi|hiya|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day))"
    r"(?: (?:there|all|everyone|everybody|bot))?(?:[\s,.!]|[^\w\s?])*",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:(?:ok|okay|great|perfect|nice|cool|good)[,.! ]+)?"
    r"(?:thanks|thank you|thankyou|thx|many thanks|cheers)"
    r"(?: (?:a lot|so much|very much|again|bot|for .{1,40}))*(?:[\s,.!]|[^\w\s?])*"
    r"|(?:ok|okay|great|perfect|got it|bye|goodbye|see you)(?:[\s,.!]|[^\w\s?])*",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:(?:hi|hiya|hello|hey|howdy|greetings)(?: (?:there|all|everyone|everybody|bot))?[\s,.!]+"
    r"|good (?:morning|afternoon|evening|day)[,.!]+\s*)",
    re.IGNORECASE,
)
# Words around a question that say nothing about it.
_BEFORE = re.compile(
    r"\s*(?:(?:so|well|now|and)?,?\s*(?:please[, ]+)?"
    r"(?:(?:can|could|would) (?:you|u)(?: please)? (?:tell me|explain(?: to me)?|say|show me)"
    r"|(?:do|does) (?:you|anyone|anybody) know|please tell me|tell me|remind me"
    r"|i(?:'d|’d| would) like to know|i (?:want|need) to know|i wonder|just wondering,?|quick"
    r" question[:,]?)(?:,? if|:)?\s+"
    r"|please[, ]+|(?:according to|in) (?:the|this) (?:article|text|story|post|report),?\s+)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:,?\s+(?:according to|in|from) (?:the|this) (?:article|text|story|post)"
    r"|,?\s+(?:please|pls|plz)|[,.!]\s+(?:thanks|thank you|thx))\s*(?=[?.!]*\s*$)",
    re.IGNORECASE,
)
_IT = r"(?:this|it|that|(?:the|this) (?:(?:whole|entire) )?(?:article|text|story|post|report|news))"
_SUMMARY = re.compile(
    "|".join([
        rf"what(?:['’]?s| is| was)? {_IT}(?: \w+)? (?:all )?about",
        r"what(?:['’]s| is) the (?:topic|subject)",
        rf"what does {_IT} (?:say|talk about|report|cover|describe)",
        r"what happened(?: here)?",
        r"(?:give me |write |i need )?(?:an? |the )?(?:short |brief |quick )?"
        rf"(?:summary|overview|gist|tl;?\s?dr|recap)(?: of {_IT})?",
        r"(?:(?:can|could|would) you (?:please )?)?(?:summari[sz]e|sum up|recap|outline)"
        rf"(?: {_IT})?(?: up)?(?: for me)?",
        r"(?:what (?:are|is) )?(?:the )?(?:main|key|most important) "
        rf"(?:points?|ideas?|facts?|messages?|takeaways?|thing)(?: of {_IT})?",
        r"(?:in|to) (?:short|brief|a nutshell)",
    ]),
    re.IGNORECASE,
)  # fmt: skip
_END = re.compile(r"(?<=[?？؟])[\"”’)]*\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Message:
    """
    What somebody wrote, understood.

    *kind* says what to reply with; *questions* are what to look for, at least one when it is
    "answer" and none otherwise.
    """

    kind: AnswerKind
    questions: tuple[str, ...] = ()


def read_message(text: str) -> Message:
    """Understand what *text* asks for."""
    text = " ".join(text.split())
    if _GREETING.fullmatch(text):
        return Message("greeting")
    if _THANKS.fullmatch(text):
        return Message("thanks")
    core = _core(text)
    if _SUMMARY.fullmatch(core.rstrip("?!. ")):
        return Message("summary")
    parts = [part for one in _END.split(text) if question_words(part := _core(one))]
    parts = [part for part in parts if not _THANKS.fullmatch(part)]
    return Message("answer", tuple(parts) if 0 < len(parts) <= MAX_QUESTIONS else (core,))


def _core(text: str) -> str:
    """*text* without a greeting and the phrases that people wrap a question in."""
    core = text
    while (before := _OPENS.match(core) or _BEFORE.match(core)) and question_words(
        core[before.end() :]
    ):
        core = core[before.end() :]
    stripped = _BEHIND.sub("", core)
    return stripped if question_words(stripped) else core
