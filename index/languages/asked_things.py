"""
Question words that ask for a date, a number or a name, by language (ISO 639-1), in lower case.

They are for the languages that the packaged model does not know, where nothing but words tells.
"""

from __future__ import annotations

ASKS_FOR_FIGURE = {
    "de": "wann wieviel wieviele viel viele alt lange hoch weit groß jahr datum",
    "es": "cuándo cuánto cuánta cuántos cuántas año fecha",
    "fr": "quand combien année date",
    "it": "quando quanto quanta quanti quante anno data",
    "nl": "wanneer hoeveel jaar datum oud",
    "pl": "kiedy ile ilu rok data",
    "pt": "quando quanto quanta quantos quantas ano data",
    "ru": "когда сколько скольких году дата",
    "uk": "коли скільки скількох році дата",
}

ASKS_FOR_NAME = {
    "de": "wer wem wen wessen",
    "es": "quién quiénes",
    "fr": "qui",
    "it": "chi",
    "nl": "wie wiens",
    "pl": "kto kogo komu kim",
    "pt": "quem",
    "ru": "кто кого кому кем",
    "uk": "хто кого кому ким",
}
