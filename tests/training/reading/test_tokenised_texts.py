"""Texts as they are learnt from: which sentences answer, and in which words."""

from __future__ import annotations

import pytest
from small_texts import HARBOUR, ROWS, texts, tokenizer

from index.reading.window_tokens import CLS, MAX_QUESTION, SEP, tokenise_question
from index.training.reading.tokenised_texts import tokenise_row


def test_the_gold_sentence_holds_the_answer() -> None:
    """Each answerable question has the sentence in which its answering words stand."""
    for text in texts():
        for question in text.questions:
            for position in question.gold:
                sentence = text.sentences[position]
                assert question.answer in text.text[sentence.start : sentence.end]


def test_a_question_that_is_not_answered_has_no_gold() -> None:
    """Neither sentences nor words."""
    [text, _] = texts()
    assert [(q.gold, q.words) for q in text.questions if not q.answer] == [(frozenset(), None)]


def test_answering_words_that_fill_a_sentence_are_not_learnt() -> None:
    """They would teach that everything is an answer."""
    answer = "Nobody may moor there for longer than three nights."
    asked = {"id": "1", "question": "?", "answer": answer, "start": HARBOUR.index(answer)}
    text = tokenise_row({**ROWS[0], "questions": [asked]}, "written", tokenizer(), title=True)
    assert text.questions[0].words is None
    assert len(text.questions[0].gold) == 1


def test_all_of_the_evidence_is_gold() -> None:
    """Where several places answer, each of their sentences does."""
    spans = [[HARBOUR.index(words), HARBOUR.index(words) + 4] for words in ("flour", "granite")]
    asked = {"id": "1", "question": "?", "answer": "flou", "start": spans[0][0], "evidence": spans}
    text = tokenise_row({**ROWS[0], "questions": [asked]}, "written", tokenizer(), title=True)
    assert len(text.questions[0].gold) == 2


@pytest.mark.parametrize("count", [3, 300])
def test_a_long_question_keeps_its_end(count: int) -> None:
    """What is asked mostly stands there."""
    ids = tokenise_question(tokenizer(), "word " * count + "why?")
    [why, mark] = tokenizer().encode("why?", add_special_tokens=False).ids
    assert ids[0] == CLS
    assert ids[-3:] == (why, mark, SEP)
    assert len(ids) <= MAX_QUESTION
