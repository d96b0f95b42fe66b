"""Words that are no questions, in five languages."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import get_args

import pytest

import bot.wishes
from bot.phrases import phrase
from bot.wishes import SAID, Wish, WishKind, read_wish

TABLES = sorted((Path(bot.wishes.__file__).parent / "wish_tables").glob("*.json"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(
            (word, "leave")
            for word in ("exit", "quit", "Bye!", "tschüss", "adiós", "пока", "бувай")
        ),
        *((word, "help") for word in ("help", "?", "???", "what can you do", "Hilfe", "ayuda")),
        *(
            (word, "help")
            for word in ("помощь", "допомога", "was kannst du?", "¿qué puedes hacer?")
        ),
        *(
            (word, "who")
            for word in ("who are you?", "wer bist du", "¿Quién eres?", "кто ты", "хто ти")
        ),
        *((word, "agree") for word in ("yes", "ok", "OK.", "ja", "sí", "да", "так")),
        *(
            (word, "wrong")
            for word in ("no, that is wrong", "No, that’s wrong!", "das stimmt nicht")
        ),
        *((word, "wrong") for word in ("eso no es correcto", "это неправильно", "це неправильно")),
        *((word, "good") for word in ("👍", "👍👍", "👍🏽", "❤️", "good answer")),
        ("👎", "bad"),
        *(
            (word, "more")
            for word in ("show me more", "more please", "zeig mir mehr", "más", "ещё")
        ),
        *(
            (word, "where")
            for word in ("where does it say that?", "wo steht das?", "де це написано")
        ),
        *(
            (word, "short")
            for word in ("in short", "kurz gesagt", "en resumen", "вкратце", "стисло")
        ),
        *((word, "second") for word in ("the second one", "die zweite, bitte", "la segunda", "2")),
        *((word, "thanks") for word in ("thanks!", "danke", "gracias", "спасибо", "дякую", "🙏")),
        *((word, "greeting") for word in ("hello", "Hallo!", "¡Hola!", "привет", "привіт")),
        *((word, "greeting") for word in ("How are you?", "Wie geht's?", "¿Qué tal?", "как дела?")),
        *((word, "wrong") for word in ("thats wrong", "Das ist Quatsch.", "eso no es así", "чушь")),
        *((word, "wrong") for word in ("it doesn't answer my question", "це не відповідь")),
        *((word, "more") for word in ("another one, please", "sonst noch was?", "mas", "давай ще")),
        *((word, "short") for word in ("be brief", "fass dich kurz", "al grano", "в двух словах")),
        *((word, "leave") for word in ("good night", "Mach's gut!", "nos vemos", "пока-пока")),
        *((word, "where") for word in ("how do you know?", "woher weißt du das?", "джерела?")),
        *((word, "where") for word in ("are you sure?", "stimmt das?", "¿es verdad?", "точно?")),
    ],
)
def test_words_that_are_no_questions_are_understood(text: str, kind: WishKind) -> None:
    """They mean what a person means by them, whatever their case and marks."""
    wish = read_wish(text)
    assert wish is not None
    assert wish.kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "where") for text in ("right?", "Right?!", "richtig?", "¿Correcto?", "верно?")),
        *((text, "agree") for text in ("right", "Right.", "yes")),
        *((text, "good") for text in ("correct", "richtig", "correcto!", "верно")),
    ],
)
def test_a_mark_asks_for_confirmation(text: str, kind: WishKind) -> None:
    """Who asks "right?" wants to see where it stands; who says "right" agrees."""
    wish = read_wish(text)
    assert wish is not None
    assert wish.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        *("who won?", "why?", "where?", "terrorism", "help for women", "second fort", "", "..."),
        *("who are you talking about?", "what else did West say?", "is that wrong?"),
        *("where is that?", "wo genau?", "где это?", "is he right?"),
        *("show me more about West", "in short, who won?", "¿dónde?", "wo?", "🚢"),
    ],
)
def test_a_question_stays_one(text: str) -> None:
    """Whatever has more words than a wish, or may follow a question, is asked."""
    assert read_wish(text) is None


def test_the_language_of_a_wish_is_known() -> None:
    """Who says it in German is answered in German, and what several have is English."""
    assert read_wish("wer bist du?") == Wish("who", "de")
    assert read_wish("OK") == Wish("agree", "en")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_has_known_wishes_only(path: Path) -> None:
    """Every language has words for all wishes but the one that is an emoji."""
    kinds = set(json.loads(path.read_text(encoding="utf-8")))
    assert kinds | {"bad"} == set(get_args(WishKind))


def test_what_is_said_is_a_phrase() -> None:
    """Each wish that is answered with a phrase has one."""
    assert all(phrase(name) for name in SAID.values())


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_no_words_mean_two_things(path: Path) -> None:
    """What a language has for one wish it has for no other, and once."""
    said = [
        unicodedata.normalize("NFC", words).casefold()
        for messages in json.loads(path.read_text(encoding="utf-8")).values()
        for words in messages
    ]
    assert len(said) == len(set(said)), {words for words in said if said.count(words) > 1}
