"""What is made of the logits of a window: a score of each sentence, and the answering words."""

from __future__ import annotations

import numpy as np
import pytest
from small_texts import texts

from index.reading.window_reading import WindowLogits, best_words, make_reading
from index.training.reading.text_windows import ReadingWindow, tokenise_window


def test_the_answering_words_do_not_run_backwards() -> None:
    """The best pair of a start and an end that is not before it."""
    start, end = np.zeros(4, np.float32), np.zeros(4, np.float32)
    start[2], end[1], end[3] = 9, 5, 4
    assert best_words(start, end)[:2] == (2, 3)


def test_the_words_of_a_sentence_stand_in_it() -> None:
    """Where start and end point at two tokens, their words are what is shown."""
    [text, _] = texts()
    window = ReadingWindow((3, 4, 5))
    tokens = tokenise_window(text, window)
    ada = text.text.index("Ada")
    first = tokens.places.index((ada, ada + 3))
    flat = np.zeros(len(tokens.ids), np.float32)
    start, end = flat.copy(), flat.copy()
    start[first] = end[first + 2] = 8
    reading = make_reading(window.positions, tokens, WindowLogits(flat, 0.0, start, end))
    begin, stop = reading.words[1]
    assert text.text[begin:stop] == "Ada Fenwick"


def test_a_sentence_gains_by_its_tokens_over_nothing() -> None:
    """The log odds of a sentence are its score less the null's."""
    [text, _] = texts()
    window = ReadingWindow((3, 4, 5))
    tokens = tokenise_window(text, window)
    owner = np.array(tokens.owner)
    logits = np.where(owner == 2, 3, 0).astype(np.float32)
    flat = np.zeros_like(logits)
    reading = make_reading(window.positions, tokens, WindowLogits(logits, 1.0, flat, flat))
    count = int((owner == 2).sum())
    assert reading.scores.argmax() == 2
    assert reading.gains[2] == pytest.approx(3 + 0.5 * np.log(count) - 1, abs=1e-5)
