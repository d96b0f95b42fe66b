"""
Sentences of a normalised text, as spans.

sentencex proposes where a sentence ends; what it cannot know (quotation marks that do not
balance, speaker tags, list markers) is settled here. Every visible character of the text lies in
exactly one sentence, and no sentence leaves its block.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import sentencex

from index.datatypes import Block, Sentence, Span
from index.languages.abbreviations import ABBREVIATION, continues_sentence, find_sentence_starts
from index.languages.english_cues import SPEAKER_TAG
from index.languages.registry import DEFAULT_LANGUAGE
from index.text.blocks import find_blocks
from index.text.paragraphs import LIST_MARKER, RULE_NUMBER, SPEAKER, trimmed_span

MAX_SENTENCE = 900  # characters; longer than this is a table or an encoding, not a sentence
PIECE_LENGTH = 800  # characters of the pieces that such a "sentence" is cut into
SENTENCEX_WINDOW = 8000  # characters that sentencex sees at once: its time grows with their square
WHOLE = frozenset({"heading", "header", "row", "term", "code", "metadata"})  # not made of sentences

_WORD = re.compile(r"[^\W_]")
_RULE_NUMBER = re.compile(rf"{RULE_NUMBER} ")
_OPENING = "„‚「『《〈“‘«‹("  # German closes with “ and ‘, and some write »so«
_CLOSING = "”’»›」』》〉)"
_MARKS = "\"'`" + _OPENING + _CLOSING
_EMPHASIS = "*_"  # of Markdown
# What sentencex must not see: it would take all between an unbalanced pair for one quotation,
# and panics at white space of more than one byte.
_HIDDEN = re.compile(r"[\"`„‚“”‘«»‹›「」『』《》()\s\ud800-\udfff]|(?<!\w)['’]|['’](?!\w)")
_BEFORE_STOP = re.compile(
    r"(?<![.\s])[\"”’»)](?=[\"”’»)]{0,3}\.)"
)  # else "(80 m)." ends in an abbreviation
_BEFORE_WORD = re.compile(r"[\s\-–—*_\"'`„‚“”‘«‹「『《(\[]*")

# Ends that sentencex misses: an ellipsis in one character; words it takes for abbreviations.
_MISSED = re.compile(
    r"(?:…|(?:\b(?:me|May)|\d\s?(?:[kcm]?m|[hsgdlLVWAJNK]|km/h|min|k?g|ml)|/s)\.)[\"”’»)]*\s+(?=[\"“«(]*[A-Z](?!\b))"
    r"|[。！？][”’」』]*(?=\d)"
)
# Scripts that tell more about abbreviations than the default language does.
_SCRIPTS = {
    "en": re.compile(r"[A-Za-z]"),
    "ru": re.compile(r"[А-яЁё]"),
    "el": re.compile(r"[Α-ω]"),
    "ar": re.compile(r"[\u0620-\u064a]"),
    "hi": re.compile(r"[\u0904-\u0939]"),
}
# A quotation or a parenthesis inside a sentence: a title, a cry, a reference; not cut.
_INSET = re.compile(
    r"\([^()]{1,100}\)|(?<!\S)[\"“‘«„](?![\s\"])[^\"“”«»]{1,60}(?<![\s,])[\"”’»“](?=[,;:]|\s\(|\s[a-zß-ÿа-яёα-ω])"
)
_SPEAKER_TAG = re.compile(r"(?<=[」』”])(?:[とっ、，]|\w{1,6}[说說道问問答])")  # ”说, 」と


def split_sentences(
    text: str, language: str = DEFAULT_LANGUAGE, blocks: Sequence[Block] | None = None
) -> list[Sentence]:
    """
    Sentences of *text* in order; *language* is the ISO 639-1 code of its abbreviations.

    *blocks* are those of the text, None to find them. The number of a sentence's paragraph is that
    of its block, from 1.
    """
    return [
        Sentence(span, number)
        for number, block in enumerate(find_blocks(text) if blocks is None else blocks, start=1)
        for span in _sentences_of(text, block, language)
    ]


def _sentences_of(text: str, block: Block, language: str) -> Iterator[Span]:
    body = text[block.span.start : block.span.end]
    cuts = [] if block.kind in WHOLE else _cuts(body, language)
    for start, end in _short_enough(body, _join_wordless(body, cuts)):
        if span := trimmed_span(text, block.span.start + start, block.span.start + end):
            yield span


def _cuts(body: str, language: str) -> list[int]:
    """Offsets at which a new sentence begins, in order."""
    proposed = {*_proposed(body, language), *(match.end() for match in _MISSED.finditer(body))}
    exact = (_exact_cut(body, proposal, language) for proposal in proposed)
    settled = {cut for cut in exact if cut is not None}
    if language != DEFAULT_LANGUAGE:
        settled.update(find_sentence_starts(body, language))
    cuts = sorted(settled)
    for inset in _INSET.finditer(body):
        inside = slice(bisect_right(cuts, inset.start()), bisect_left(cuts, inset.end()))
        settled.difference_update(cuts[inside])
    return sorted(settled)


def _proposed(body: str, language: str) -> Iterator[int]:
    """Offsets at which sentencex begins a new sentence, window by window."""
    hidden = _HIDDEN.sub(" ", _BEFORE_STOP.sub("x", body))
    language = _language_of(body) if language == DEFAULT_LANGUAGE else language
    start = 0
    while start < len(hidden):
        window = hidden[start : start + SENTENCEX_WINDOW]
        found = sentencex.get_sentence_boundaries(language, window)
        begins = [start + boundary["start_index"] for boundary in found[1:]]
        yield from begins
        at_end = start + len(window) == len(hidden)
        start = begins[-1] if begins and not at_end else start + len(window)


def _language_of(body: str) -> str:
    """The language whose abbreviations fit the script that most of *body* is written in."""
    return max(_SCRIPTS, key=lambda code: len(_SCRIPTS[code].findall(body, 0, 1000)))


def _exact_cut(body: str, proposal: int, language: str) -> int | None:
    """The exact offset of a proposed cut: behind closing marks; None where no sentence ends."""
    stop = proposal
    while stop and (body[stop - 1].isspace() or body[stop - 1] in _MARKS):
        stop -= 1
    end = _behind_closing(body, stop)
    word = _BEFORE_WORD.match(body, end)
    after = body[word.end()] if word and word.end() < len(body) else ""
    if not after or after.islower() or after in ",;:.!?…":
        return None
    if not stop or unicodedata.category(body[stop - 1])[0] != "P":
        return None
    return None if _sentence_goes_on(body, stop, end, language) else end


def _sentence_goes_on(body: str, stop: int, end: int, language: str) -> bool:
    """Whether the full stop before *stop* belongs to a word, or a speaker tag follows."""
    if end > stop and (SPEAKER_TAG.match(body, end) or _SPEAKER_TAG.match(body, end)):
        return True
    if body[stop - 1] != ".":
        return False
    before = body[max(0, stop - 200) : stop]
    if ABBREVIATION.search(before[-20:] + body[end : end + 2]):
        return True
    if continues_sentence(before[-20:], body[end : end + 20], language):
        return True
    token = before.rsplit(maxsplit=1)[-1]
    return not body[end].isspace() and any(sign in token for sign in ("://", "www.", "@"))


def _behind_closing(body: str, stop: int) -> int:
    """Where the marks end that close what stands before *stop*."""
    end = position = stop
    while position < len(body):
        if not body[position].isspace():
            if not _closes(body, position, attached=position == end, quoted=end > stop):
                break
            end = position + 1
        position += 1
    return end


def _closes(body: str, position: int, *, attached: bool, quoted: bool) -> bool:
    """
    Whether a mark closes what stands before it.

    *attached*: no white space stands between; *quoted*: another closing mark does.
    """
    mark, after = body[position], body[position + 1 : position + 2]
    if mark in ".!?…":  # "(and so it was.)."
        return attached and quoted
    if attached and mark in _CLOSING:
        return True
    if mark in _EMPHASIS:  # "**Is it so?** Yes."
        return attached and (not after or after.isspace() or after == mark)
    loose = not after or after.isspace() or after in _MARKS
    return mark in _MARKS and loose and mark not in ("(" if attached else _OPENING)


def _join_wordless(body: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """Pieces between the *cuts*; one without a word, or a bare marker, is joined to the next."""
    start = seen = 0
    for cut in cuts:
        if _WORD.search(body, seen, cut) and not _is_marker(body, start, cut):
            if not _WORD.search(body, cut) or _is_marker(body, cut, len(body)):
                break
            yield start, cut
            start = cut
        seen = cut
    yield start, len(body)


def _is_marker(body: str, start: int, end: int) -> bool:
    """Whether nothing but the marker of a list item stands between *start* and *end*."""
    piece = body[start : min(end, start + 20)].strip() + " "
    marker = LIST_MARKER.match(piece) or SPEAKER.match(piece) or _RULE_NUMBER.match(piece)
    return end - start < 20 and marker is not None and marker.end() >= len(piece) - 1


def _short_enough(body: str, pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces; those above MAX_SENTENCE cut at white space, or anywhere if there is none."""
    for start, end in pieces:
        cut = start
        while end - start > MAX_SENTENCE and end - cut > PIECE_LENGTH:
            begin, limit = cut, cut + PIECE_LENGTH
            space = max(body.rfind(" ", begin, limit), body.rfind("\n", begin, limit))
            cut = space if space > begin + PIECE_LENGTH // 2 else limit
            yield begin, cut
        yield cut, end
