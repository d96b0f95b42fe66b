"""Two wordings compared, as SQuAD compares an answer with the right one."""

from __future__ import annotations

import re
import string
from collections import Counter


def words_f1(given: str, wanted: str) -> float:
    """SQuAD's F1 of two wordings, 0 to 1: without articles, ASCII marks and capitals."""
    a, b = (_plain(wording) for wording in (given, wanted))
    same = sum((Counter(a) & Counter(b)).values())
    return 2 * same / (len(a) + len(b)) if same else float(a == b)


def _plain(text: str) -> list[str]:
    kept = "".join(char for char in text.lower() if char not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()
