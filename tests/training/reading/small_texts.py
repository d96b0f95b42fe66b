"""Texts of the tests to learn reading from, with what is asked of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from tokenizers import Tokenizer

from index.reading.window_tokens import load_tokenizer
from index.training.reading.tokenised_texts import ReadText, tokenise_row

HARBOUR = (
    "The harbour of Brackwater was dug by hand between 1843 and 1851. Four hundred people worked "
    "on it, most of them in winter, when the fields gave no work. Their wages were paid in "
    "flour until the company sold its first berths.\n\n"
    "A storm broke the northern pier in March 1902. The engineer Ada Fenwick had warned the "
    "council two years earlier that its oak piles were rotten. She was asked to rebuild it, and "
    "chose granite from the quarry at Ellerby. The new pier was opened in October 1904 by the "
    "mayor, who had voted against it.\n\n"
    "Today the harbour belongs to a trust. It earns more from visitors than from fish, and the "
    "last trawler left in 1998. The trust keeps one berth free for ships in distress. Nobody may "
    "moor there for longer than three nights. In summer a ferry leaves every hour for the island "
    "of Sorrel, where the old lighthouse is a museum now. Its keeper, Tom Hale, sells the tickets "
    "himself and closes at five."
)
ORCHARD = (
    "Lise Moreau planted the first forty trees behind the school when she was nine. Her uncle had "
    "brought the grafts from Ghent in a wet sack. Half of them died in the first dry summer.\n\n"
    "She learnt to graft from a book that had lost its cover. By 1976 the orchard had three "
    "hundred trees of sixty kinds, and people came from the city to taste them. The oldest kind "
    "is a small grey pear that keeps until May. It is sour in autumn and sweet after Christmas.\n\n"
    "In wet years the apples are pressed for cider, since they would not keep. The press was "
    "bought from a monastery that had closed. It needs two people and a quiet horse. The "
    "horse is called Minister, after a visitor who would not help. When Lise Moreau retired she "
    "gave the land to the village, on the condition that no child is ever chased away from it. The "
    "village has kept its word, and lost a few pears by it."
)


def _row(id_: str, title: str, text: str, asked: list[tuple[str, str | None]]) -> dict[str, Any]:
    """A line of a question file: each question with its answering words, None for none."""
    questions = [
        {"id": f"{id_}-{number}", "question": question, "impossible": True}
        if answer is None
        else {
            "id": f"{id_}-{number}", "question": question, "answer": answer,
            "start": text.index(answer),
        }
        for number, (question, answer) in enumerate(asked)
    ]  # fmt: skip
    return {"id": id_, "title": title, "text": text, "questions": questions}


ROWS = (
    _row("own-harbour", "Brackwater", HARBOUR, [
        ("who said that the wood was bad?", "Ada Fenwick"),
        ("what were the workers of Brackwater given instead of money?", "flour"),
        ("how long can a boat in trouble stay?", "three nights"),
        ("when was the pier that is there today opened?", "October 1904"),
        ("who paid for the granite?", None),
    ]),
    _row("own-orchard", "An orchard", ORCHARD, [
        ("where did the grafts come from?", "Ghent"),
        ("how many kinds were there in 1976?", "sixty"),
        ("what does the horse go by?", "Minister"),
        ("from whom was the press bought?", "a monastery"),
        ("how much cider is made in a year?", None),
    ]),
)  # fmt: skip


@cache
def tokenizer() -> Tokenizer:
    """The packaged one."""
    return load_tokenizer()


@cache
def texts() -> tuple[ReadText, ...]:
    """Both texts, ready to be read."""
    return tuple(tokenise_row(row, "written", tokenizer(), title=True) for row in ROWS)
