"""What is read, as tokens: a question, and a window with its title."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.reading.window_tokens import (
    CLS,
    MAX_QUESTION,
    MAX_TITLE,
    MAX_WINDOW,
    SEP,
    SPECIAL,
    WindowTokens,
    join_window,
    load_tokenizer,
    tokenise_question,
    tokenise_sentences,
    tokenise_title,
)

TEXT = "Zoë’s café opened in 1902. 北京 was far. It closed 🤔 at five."
PIECES = st.builds(
    str.__mul__,
    st.sampled_from(["storm ", "é", "北京", "🤔", "a\u0301\u0302 ", "[SEP]", "\u200d", "1,0 "]),
    st.integers(1, 90),
)
SPANS = [(0, 26), (27, 39), (40, len(TEXT))]


@cache
def tokenizer() -> Tokenizer:
    """The packaged one."""
    return load_tokenizer()


def window_of(text: str, spans: list[tuple[int, int]], title: str = "") -> WindowTokens:
    """A window of the sentences at *spans*."""
    sentences = tokenise_sentences(tokenizer(), text, spans)
    return join_window(tokenise_title(tokenizer(), title), sentences)


def test_a_question_stands_between_special_tokens() -> None:
    """[CLS] words [SEP], whatever the case of its letters."""
    ids = tokenise_question(tokenizer(), "Who came?")
    assert (ids[0], ids[-1]) == (CLS, SEP)
    assert ids == tokenise_question(tokenizer(), "who CAME?")


def test_a_long_question_keeps_its_end() -> None:
    """What is asked mostly stands there."""
    ids = tokenise_question(tokenizer(), "well " * 60 + "who came?")
    assert len(ids) == MAX_QUESTION
    assert ids[-4:] == tokenise_question(tokenizer(), "who came?")[1:]


def test_a_long_title_keeps_its_beginning() -> None:
    """As many tokens as a window has room for."""
    ids = tokenise_title(tokenizer(), "storm " * 40)
    assert len(ids) == MAX_TITLE
    assert set(ids) == set(tokenise_title(tokenizer(), "storm"))


def test_a_window_begins_with_its_title() -> None:
    """[CLS] title [SEP] sentences [SEP]: so many tokens more than title and sentences have."""
    window = window_of(TEXT, SPANS, "A café")
    title = tokenise_title(tokenizer(), "A café")
    assert window.ids[: len(title) + 2] == (CLS, *title, SEP)
    assert window.ids[-1] == SEP
    assert window.owner.count(-1) == len(title) + SPECIAL


def test_the_tokens_of_a_sentence_stand_in_it() -> None:
    """Each token's place lies inside of the sentence that owns it, in any script."""
    window = window_of(TEXT, SPANS)
    assert sorted(set(window.owner)) == [-1, 0, 1, 2]
    for owner, (start, end) in zip(window.owner, window.places, strict=True):
        if owner >= 0:
            assert SPANS[owner][0] <= start < end <= SPANS[owner][1]
        else:
            assert (start, end) == (-1, -1)


def test_a_token_is_found_in_the_text() -> None:
    """Its place counts code points of the text, behind letters that others would count as two."""
    window = window_of(TEXT, SPANS)
    told = [TEXT[start:end] for start, end in window.places if start >= 0]
    assert [word for word in told if word in ("café", "1902", "five")] == ["café", "1902", "five"]


def test_a_ligature_is_read_as_its_letters() -> None:
    """And its token stands where the word does, which PDFs and books set so."""
    text = "It is di\ufb03cult."
    [sentence] = tokenise_sentences(load_tokenizer(), text, [(0, len(text))])
    [plain] = tokenise_sentences(load_tokenizer(), "It is difficult.", [(0, 16)])
    assert sentence.ids == plain.ids
    assert sentence.places[2] == (6, 13)


def test_a_sentence_is_tokenised_on_its_own() -> None:
    """So its tokens are the same in every window."""
    [alone] = tokenise_sentences(tokenizer(), TEXT, SPANS[1:2])
    [_, beside, _] = tokenise_sentences(tokenizer(), TEXT, SPANS)
    assert alone == beside


@given(st.lists(PIECES, min_size=1, max_size=4), PIECES)
def test_no_window_is_longer_than_it_may_be(sentences: list[str], title: str) -> None:
    """Whatever the text: all columns are of one length, under the limit, in order."""
    text, spans = " ".join(sentences), []
    for sentence in sentences:
        start = spans[-1][1] + 1 if spans else 0
        spans.append((start, start + len(sentence)))
    window = window_of(text, spans, title)
    assert len(window.ids) == len(window.owner) == len(window.places) <= MAX_WINDOW
    assert (window.ids[0], window.ids[-1]) == (CLS, SEP)
    owned = [owner for owner in window.owner if owner >= 0]
    assert owned == sorted(owned)


def test_a_sentence_behind_a_full_window_has_no_tokens() -> None:
    """The first long sentence takes the room; the last special token stays."""
    text = "storm " * 200 + "It ended."
    window = window_of(text, [(0, 1199), (1200, len(text))])
    assert len(window.ids) == MAX_WINDOW
    assert set(window.owner) == {-1, 0}
    assert window.ids[-1] == SEP
