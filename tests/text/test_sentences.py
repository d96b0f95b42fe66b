"""Paragraphs and sentences as spans."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nasty_texts import TEXT, visible

from index.text.paragraphs import split_paragraphs
from index.text.sentences import MAX_SENTENCE, split_sentences

SEED = Path(__file__).parents[2] / "seeds" / "taliban-us-recognition.txt"


def sentences(text: str) -> list[str]:
    """Cut the sentences of *text* out of it."""
    return [text[s.span.start : s.span.end] for s in split_sentences(text)]


@given(TEXT)
def test_sentences_keep_every_visible_character_once(text: str) -> None:
    """Sentences together hold every visible character, in order."""
    assert "".join(map(visible, sentences(text))) == visible(text)


@given(TEXT)
def test_sentences_are_ordered_trimmed_and_apart(text: str) -> None:
    """Sentences do not overlap, are not empty, and neither start nor end with white space."""
    end = 0
    for sentence in split_sentences(text):
        assert end <= sentence.span.start < sentence.span.end <= len(text)
        piece = text[sentence.span.start : sentence.span.end]
        assert piece == piece.strip()
        end = sentence.span.end


@given(TEXT)
def test_sentences_lie_in_the_paragraph_they_name(text: str) -> None:
    """Each sentence lies inside the paragraph of its number, and each paragraph has one."""
    spans = split_paragraphs(text)
    found = split_sentences(text)

    own = [spans[sentence.paragraph - 1] for sentence in found]
    assert all(
        a.start <= s.span.start and s.span.end <= a.end for a, s in zip(own, found, strict=True)
    )
    assert sorted({s.paragraph for s in found}) == list(range(1, len(spans) + 1))


@given(st.text(alphabet=st.characters(categories=["Cs", "L", "P"])))
def test_lone_surrogates_are_survived(text: str) -> None:
    """Text that cannot be encoded is split all the same."""
    assert "".join(map(visible, sentences(text))) == visible(text)


def test_the_seed_article_has_sixteen_sentences() -> None:
    """Unbalanced and nested quotation marks of the seed article come out right."""
    text = SEED.read_text(encoding="utf-8")

    assert [
        (s.paragraph, text[s.span.start :][:22], text[: s.span.end][-20:])
        for s in split_sentences(text)
    ] == [
        (1, "Even as ISIS attacks f", "r world recognition."),
        (2, "Even while the local a", "m the United States."),
        (3, "State Department Deput", "ive for Afghanistan."),
        (4, "As reported by Reuters", "ent for two decades."),
        (5, "The US has not said pu", "ficial proclamation."),
        (6, "“Under international l", "e spokeswoman added."),
        (6, "“The United States has", "ions over the years."),
        (6, "“We haven’t modified o", "odified our policy.”"),
        (6, "The Biden administrati", "nity can work with.”"),
        (6, "“The credibility and s", "tate Antony Blinken."),
        (7, "Preventing terrorist o", "at to other nations."),
        (8, "Respecting all Afghans", "ining from reprisal."),
        (9, "Providing unrestricted", "rkers on the ground."),
        (10, "And building a truly i", " of minority groups."),
        (10, "Domestic legitimacy wi", "national legitimacy."),
        (10, "This is a condensed ve", " of the information."),
    ]


@pytest.mark.parametrize(
    "expected",
    [
        # The signs of emphasis stay with what they emphasise.
        ["**Is it so?**", "Yes, it is.", "*Nobody knew.*", "They went."],
        # A speaker tag stays with its quotation.
        ["“Is it?” he asked.", "Nobody knew."],
        ['"Stop!" Jane Smith said.', '"We go now."', "They went."],
        ["He asked “Is it?”", "Jane left."],
        ["« Bonjour. »", "Il partit.", "« Oui ! » dit-il."],
        ["„Ich gehe.“", "Er ging.", "„Wirklich?“, fragte sie."],
        ["— Иди! — сказал он.", "Потом ушёл."],
        # A quotation of several sentences is cut between them.
        ["“It is great.", "It works,” she said.", "They left."],
        ["Он сказал: «Иди.", "Не стой!»", "Он ушёл."],
        # A title or a cry inside a sentence is not cut.
        ['"Who Am I? (What\'s My Name?)" was a song.', "It sold well."],
        ["They cried “No! Never! Stop!” and ran.", "We too."],
        # A parenthesis ends with the sentence that it closes.
        ["It is late (we know that.)", "So we go.", "(They stay.)", "The end."],
        ["The plant (Urtica spp.).", "It grows (to 80 m).", "That is all."],
        ["They were unsure (see p. 5; ed. Smith 1990. Repr. 1995).", "So was he."],
        # Abbreviations, initials, numbers, addresses.
        ["Dr. Smith met Ms. Jones of Trinity-St. Paul's at 5 p.m. on Oct. 3.", "They left."],
        ["J. K. Rowling saw No. 5 of Vol. 2.", "It cost approx. 3.5 million."],
        ["He left the U.S. Senate.", "In 2010 he died."],
        ["See https://example.org/a.B?c and mail a.b@c.De now.", "Then rest."],
        ["А. С. Пушкин жил в г. Москве.", "Потом уехал."],
        ["It was so.[1][2]", "Later it was not.[3]", "2016 was the end."],
        # What sentencex misses.
        ["It was open in May.", "They asked me.", "Well…", "Nobody knew.", "I… I did."],
        ["Stories were shared.", "Geographers came."],
    ],
)
def test_sentences_of_a_paragraph(expected: list[str]) -> None:
    """A paragraph is cut into these sentences."""
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["「はい。」と彼は言った。", "「いいえ。」", "彼女は笑った。"],
        ["“你好。”他说。", "今天下雨。", "好不好？"],
        ["These stories were shared.", "Political geographers came too."],
    ],
)
def test_sentences_without_space_between(expected: list[str]) -> None:
    """Sentences are cut where no white space parts them."""
    assert sentences("".join(expected)) == expected


def test_marker_stays_with_its_item() -> None:
    """A number or bullet is part of the first sentence of its item, in one line or in many."""
    text = "1. Open it. Look.\n2. Close it.\n(a) Now.\n- Rest."

    assert sentences(text) == ["1. Open it.", "Look.", "2. Close it.", "(a) Now.", "- Rest."]
    assert sentences("1. Open it. 2. Close it.") == ["1. Open it.", "2. Close it."]


def test_punctuation_alone_joins_its_neighbour() -> None:
    """What holds no word is no sentence of its own beside one that does."""
    assert sentences("Great news! 🔥🔥! ... Then rest. !!!") == [
        "Great news!",
        "🔥🔥! ... Then rest. !!!",
    ]


@pytest.mark.parametrize("unit", ["word ", "x", "“", '"', "(a. ", "字", "| 1 | 2 "])
def test_endless_sentence_is_cut_into_pieces(unit: str) -> None:
    """Text without an end of sentence comes in pieces that an encoder can read."""
    text = unit * (20_000 // len(unit))

    assert max(len(piece) for piece in sentences(text)) <= MAX_SENTENCE
    assert len(sentences(text)) >= 10


def test_window_does_not_cut_a_sentence() -> None:
    """A paragraph longer than one window is cut as a short one is."""
    expected = [f"This is sentence {n} of a long paragraph." for n in range(1000)]

    assert sentences(" ".join(expected)) == expected


def test_language_decides_about_abbreviations() -> None:
    """The abbreviations of the language that the caller names are known."""
    text = "Am 3. Oktober kam Dr. Müller."

    assert len(split_sentences(text, "de")) == 1
