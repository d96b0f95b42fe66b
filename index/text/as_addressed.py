"""A question of "I" as an article puts it, which speaks to its readers: "can I" as "can you"."""

from __future__ import annotations

from index.languages.english_messages import AS_ADDRESSED, ASKS_IN_ENGLISH


def as_addressed(question: str) -> str:
    """
    The *question* of somebody who asks for themselves, in the words of who answers.

    "You can renew twice" is what an article says to "how often can I renew?". A question without
    "I", "me" or "my", or that is not English, stays as it is, and so do names ("World War I").
    """
    if ASKS_IN_ENGLISH.search(question):
        for spoken, addressed in AS_ADDRESSED:
            question = spoken.sub(addressed, question)
    return question
