"""
Paragraphs of a normalised text, as spans.

A blank line ends one. A single line break does too, unless the evidence says that it only stands
where the text was wrapped: the next word did not fit, a word is parted, or the sentence goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.datatypes import Span
from index.languages.english_cues import GOES_ON

MIN_WRAP, MAX_WRAP = 40, 120  # columns between which people and programs wrap plain text
FULL_SHARE = 0.75  # of the width that a line has at least where it is wrapped by hand
PROSE_SHARE = 0.55  # of what stands between spaces that are words: of code a fifth are
MEAN_PROSE = 25  # characters of a line; those of ingredients, names and addresses are shorter
COLUMNS = re.compile(r"\S {4,}\S")

_BULLET = r"[-*+•–—▪▫‣⁃◦●○■□►▶➤✓✔✅🔹🔸👉](?=\s)"
_NUMBER = r"(?:\d{1,3}|[a-z]|[ivx]{1,5}|[IVX]{1,5})"
# The number of a rule ("2.1", "2.1.3."); one in prose has small letters behind it.
RULE_NUMBER = r"[1-9]\d?(?:\.[1-9]\d?){1,4}\.?"
_RULE = rf"{RULE_NUMBER}(?=\s+[\"'“‘„«(]?[^\W\d_])(?!\s+[\"'“‘„«(]?[a-zß-öø-ÿа-яёα-ω])"
LIST_MARKER = re.compile(
    rf"\s*(?:{_BULLET}|{_RULE}|{_NUMBER}[.)](?=\s)|\((?:{_NUMBER}|[A-Z])\)(?=\s))"
)
NUMBERED_RULE = re.compile(rf"\s*{_RULE}")
ATX = re.compile(r"#{1,6}(?=\s)")  # a heading with its sign
UNDERLINED = re.compile(r"[^\n]+\n\s*(={3,}|-{3,}|~{3,}|\*{3,})")  # a heading with its line
OPTION = re.compile(r"\s*-{1,2}[\w?#@]")  # of a command, as manual pages list them
SPEAKER = re.compile(r"\s*(?:Q|A|Question|Answer)\s?\d{0,3}[.:)]\s")  # in questions and answers
_HEADING = re.compile(r"\s*#{1,6}\s")
_WORD = re.compile(r"[^\W_]")
_PLAIN_WORD = re.compile(r"[\"'“‘(]*[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?[.,;:!?)\"”’]*")
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_TERMINAL = re.compile(r"[.!?…:;。！？।؟][\"'”’»)\]」』]*$")
# An end of a line that may stand inside of a sentence: that goes on if the line below begins small.
_SOFT = re.compile(r"(?:;|\b(?:e\.g|i\.e|cf|vs|approx|incl)\.)$")
_NAMES = 3  # commas of a line that is a row of names
_RUNS_ON = re.compile(r"\s*-{1,2}[\w-]+,? [a-z]{2,} ")  # an option inside of a sentence
_OPENING = "\"'“‘«([<`"
_PARTED = re.compile(r"[^\W\d_][-‐]$")


def split_paragraphs(text: str) -> list[Span]:
    """
    Spans of the paragraphs of *text*, without surrounding white space.

    A blank line always ends one; a single line break does unless the text is hard-wrapped there.
    """
    return [
        span
        for lines in _runs(text)
        for start, end in _paragraphs_of(text, lines)
        if (span := trimmed_span(text, start, end))
    ]


def trimmed_span(text: str, start: int, end: int) -> Span | None:
    """The span from *start* to *end* without white space around it; None when nothing is left."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return Span(start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class _Lines:
    """
    How the lines of a run without blank ones are set.

    *width* is that of the longest; *wrapped*: most line breaks stand inside of sentences or where
    a margin forced them; *prose*: they are made of words.
    """

    width: int
    wrapped: bool
    prose: bool


def _runs(text: str) -> Iterator[list[Span]]:
    """Runs of lines that are not blank."""
    run: list[Span] = []
    for match in re.finditer(r"[^\n]*\n?", text):
        line = Span(match.start(), match.start() + len(match.group().rstrip()))
        if line:
            run.append(line)
        elif run:
            yield run
            run = []


def _paragraphs_of(text: str, run: list[Span]) -> Iterator[tuple[int, int]]:
    lines = [text[line.start : line.end] for line in run]
    setting = _setting(lines)
    first = 0
    for i in range(1, len(lines)):
        if _breaks(lines, i, first, setting):
            yield run[first].start, run[i - 1].end
            first = i
    yield run[first].start, run[-1].end


def _setting(lines: Sequence[str]) -> _Lines:
    width = max(map(len, lines))
    tokens = [token for line in lines for token in line.split()]
    mostly = sum(_PLAIN_WORD.fullmatch(token) is not None for token in tokens)
    columns = sum(COLUMNS.search(line) is not None for line in lines)
    prose = mostly >= PROSE_SHARE * len(tokens) and 2 * columns <= len(lines)
    return _Lines(width, prose and _is_wrapped(lines, width), prose)


def _is_wrapped(lines: Sequence[str], width: int) -> bool:
    """Whether most line breaks stand where a margin forced them or inside of a sentence."""
    pairs = [(a, b) for a, b in pairwise(lines) if not LIST_MARKER.match(b)]
    if not MIN_WRAP <= width <= MAX_WRAP or all(_TERMINAL.search(above) for above, _ in pairs):
        return False
    inside = sum(not _fits(above, line, width) or _goes_on(above, line) for above, line in pairs)
    return 2 * inside > len(pairs)


def _breaks(lines: Sequence[str], i: int, first: int, setting: _Lines) -> bool:
    """Whether the line number *i* begins a new paragraph, which the one at *first* began."""
    above, line = lines[i - 1], lines[i]
    if not _WORD.search(line):  # a rule, an underline: it goes with what stands above it
        return False
    if _HEADING.match(line) or _HEADING.match(above) or not _WORD.search(above):
        return True
    if SPEAKER.match(line) or _begins_item(above, line, setting):
        return True
    deeper = _indent(line) - _indent(above)
    if deeper > 0:
        return _begins_deeper(lines, i, first, setting)
    if deeper < 0 and i - 1 > first and _indent(line) < _indent(lines[first]):
        return not _goes_on(above, line)
    return not _continues(above, line, setting)


def _begins_item(above: str, line: str, setting: _Lines) -> bool:
    """Whether *line* begins with a marker, and not by chance with a number that ends a sentence."""
    if OPTION.match(line):
        inside = _RUNS_ON.match(line) is not None and _is_full(above, setting)
        if inside and not (_TERMINAL.search(above) or OPTION.match(above)):
            return False
        return _indent(line) < _indent(above) or not _continues(above, line, setting)
    if not LIST_MARKER.match(line):
        return False
    chance = setting.wrapped and not _TERMINAL.search(above) and not LIST_MARKER.match(above)
    return not (chance and GOES_ON.search(above) and not _fits(above, line, setting.width))


def _begins_deeper(lines: Sequence[str], i: int, first: int, setting: _Lines) -> bool:
    """Whether the line number *i*, indented more than the one above, begins a paragraph."""
    above, line = lines[i - 1], lines[i]
    if i - 1 == first and (LIST_MARKER.match(above) or SPEAKER.match(above)):
        return False
    if OPTION.match(above) and i - 1 == first:  # with its description on the same line, or not
        return not (_is_full(above, setting) and _goes_on(above, line))
    if _hangs(above, line) and setting.prose and _goes_on(above, line):
        return False
    # A line that is full, or a name in quotation marks that is defined below.
    open_ended = _is_full(above.strip(), setting) or above[-1] in '"”»'
    return not (open_ended and setting.prose and _goes_on(above, line))


def _hangs(above: str, line: str) -> bool:
    """Whether *line* begins below the words that describe a term at the beginning of *above*."""
    column = _indent(line)
    return above[column - 1 : column] == " " and len(above[column:].lstrip()) >= MEAN_PROSE


def _continues(above: str, line: str, setting: _Lines) -> bool:
    """Whether the paragraph of the line *above* goes on in *line*."""
    full = _is_full(above, setting)
    names = full and above.endswith(",") and above.count(",") > _NAMES
    wrapped = setting.wrapped and not _fits(above, line, setting.width)
    if names or wrapped or (_PARTED.search(above) and line.lstrip()[:1].islower()):
        return True
    if not setting.prose:
        return False
    if _TERMINAL.search(above):
        return full and _goes_on(above, line)
    if _goes_on(above, line):
        return (
            len(above.strip()) >= MEAN_PROSE
            or GOES_ON.search(above) is not None
            or GOES_ON.search(line.split(maxsplit=1)[0]) is not None
        )
    return setting.wrapped and (full or GOES_ON.search(above) is not None)


def _is_full(line: str, setting: _Lines) -> bool:
    """Whether *line* reaches the margin, or nearly, where there can be one."""
    return setting.width >= MIN_WRAP and len(line) >= FULL_SHARE * setting.width


def _goes_on(above: str, line: str) -> bool:
    """Whether a sentence that has not ended in the line *above* goes on in *line*."""
    ended = _TERMINAL.search(above) is not None and _SOFT.search(above) is None
    return not ended and line.lstrip().lstrip(_OPENING)[:1].islower()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fits(above: str, line: str, width: int) -> bool:
    """Whether the first word of *line* had room at the end of the line *above*."""
    word = line.split(maxsplit=1)[0]
    length = 0 if _NO_SPACES.match(word) else len(word)
    return len(above) + 1 + length <= width
