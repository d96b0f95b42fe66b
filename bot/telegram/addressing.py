"""
Which messages are meant for the bot, and what they ask.

Pure functions of a message and the bot's user. In a private chat everything is meant for the bot;
elsewhere only a command, a mention, or a reply to one of its messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from telegram import Message, MessageEntity, User
from telegram.constants import ChatID, ChatType

from index.languages.registry import question_words
from index.text.surrogates import replace_surrogates

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
# Telegram's own bots that stand for people: an admin who hides behind the group, and somebody who
# writes as a channel.
STAND_INS = (ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL)

_QUESTION_MARK = re.compile(r"[?？؟]")
# With these a question begins; "old" and "many", which only belong to one, begin other sentences.
_BEGINNINGS = frozenset(["what", "when", "where", "which", "who", "whose", "why", "how"])


def is_from_person(message: Message) -> bool:
    """Whether a person wrote *message*: no bot, no inline result, no forwarded post."""
    sender = message.from_user
    return not (
        message.via_bot
        or message.is_automatic_forward
        or message.sender_business_bot
        or (sender and sender.is_bot and sender.id not in STAND_INS)
    )


def is_anonymous_admin(message: Message) -> bool:
    """Whether an admin wrote *message* in the name of the group."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


def words_of(message: Message) -> str:
    """The text of *message* or the caption of what it shows, "" if it has neither."""
    return legible(message.text or message.caption or "")


def legible(text: str) -> str:
    """
    *text* without what no database and no request can hold; offsets stay as they are.

    A client can send a NUL or half of a surrogate pair as well as any letter.
    """
    return replace_surrogates(text).replace("\0", "\ufffd")


def addressed_question(message: Message, bot: User) -> str | None:
    """
    What *message*, which is no command, asks the bot in a group; None when it is not for the bot.

    It is "" when there is nothing but a mention.
    """
    mentions = list(_mentions(message, bot))
    if mentions:
        text = without(words_of(message), mentions)
        return text or replied_question(message)
    return words_of(message) if is_reply_to(message, bot) else None


def replied_question(message: Message) -> str:
    """The words of the message that *message* replies to, if a person wrote them, else ""."""
    asked = message.reply_to_message
    return words_of(asked) if asked is not None and is_from_person(asked) else ""


def is_reply_to(message: Message, bot: User) -> bool:
    """Whether *message* replies to a message of the bot itself."""
    # The first message of a topic shows as a reply too, so what counts is who wrote it.
    asked = message.reply_to_message
    sender = asked.from_user if asked is not None else None
    return sender is not None and sender.id == bot.id


def command_argument(message: Message) -> str:
    """What stands behind the command that *message* begins with."""
    _, _, rest = words_of(message).partition(" ")
    head, newline, lines = words_of(message).partition("\n")
    if newline and " " not in head.strip():  # "/ask" alone on the first line
        return lines.strip()
    return rest.strip()


def asks_openly(text: str, language: str | None) -> bool:
    """Whether *text*, said to nobody, is a question: it has a question mark or begins like one."""
    if _QUESTION_MARK.search(text):
        return True
    first = re.match(r"\W*(\w+)", text.lower())
    known = _BEGINNINGS if language in (None, "en") else _BEGINNINGS | question_words(language)
    return first is not None and first[1] in known


def without(text: str, entities: list[MessageEntity]) -> str:
    """*text* without the words at *entities*, whose offsets are UTF-16 code units."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    kept, end = [], 0
    for entity in sorted(entities, key=lambda entity: entity.offset):
        kept.append(encoded[2 * end : 2 * entity.offset])
        end = entity.offset + entity.length
    kept.append(encoded[2 * end :])
    words = " ".join(piece.decode("utf-16-le", "replace").strip(" ") for piece in kept)
    return re.sub(r"^[\s,:;.!–—-]+", "", words).strip()


def _mentions(message: Message, bot: User) -> Iterator[MessageEntity]:
    """The places where *message* mentions the bot, by its name in any case or by its user."""
    name = f"@{bot.username}".lower()
    text = words_of(message)
    for entity in message.entities or message.caption_entities or ():
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == bot.id:
            yield entity
        if entity.type == MessageEntity.MENTION and words_at(text, entity).lower() == name:
            yield entity


def words_at(text: str, entity: MessageEntity) -> str:
    """The words of *text* that *entity* marks."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    words = encoded[2 * entity.offset : 2 * (entity.offset + entity.length)]
    return words.decode("utf-16-le", "replace")
