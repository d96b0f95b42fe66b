"""Texts that are hard to cut: whatever comes, nothing of them may be lost."""

from __future__ import annotations

from hypothesis import strategies as st

NASTY = st.lists(
    st.sampled_from(
        [
            *("“", "”", "‘", "’", '"', "'", "«", "»", "„", "「", "」", "(", ")", "[1]"),
            *(".", "!", "?", "...", "…", "。", "؟", ",", ":", ";", "—", "- ", "• ", "1. ", "(a) "),
            *("\n", "\n\n", "\r\n", "\t", " ", " " * 150, "\u3000", "\x00", "\x1c", "\u2028"),
            *("Dr. ", "U.S. ", "No. 5", "J. K. ", "p.m.", " Smith said", " he said", "3.5"),
            *("Word", "word ", "https://a.b/c.D", "e\u0301", "😀", "👩\u200d👩", "שלום", "مرحبا. "),
            *("#", "# ", "===", "---", "|", "\ufeff", "\u200b", "Привет. ", "今天。", "x" * 400),
        ]
    ),
    max_size=60,
).map("".join)
TEXT = st.text() | NASTY


def visible(text: str) -> str:
    """Leave white space out."""
    return "".join(text.split())
