"""
How often sentences of hard-wrapped texts begin or end in the middle.

    python tests/benchmarks/wrapped_texts.py FILE …

Any plain text will do that was wrapped at a margin: /usr/share/common-licenses/GPL-3, a FAQ of
/usr/share/doc, the output of `man -P cat tar | col -bx`. Two neighbours in running text, of words
mostly, are cut in the middle when the second begins with a small letter and the first has no end
(or only that of an abbreviation). Each is printed for somebody to judge.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from index.datatypes import Article, Block, Sentence
from index.text.articles import normalise
from index.text.blocks import find_blocks
from index.text.decoding import decode
from index.text.paragraphs import LIST_MARKER
from index.text.sentences import split_sentences

SHOWN = 60  # characters of a sentence, from either end
BODY = {"paragraph", "description", "answer", "quotation", "question", "item"}
LEAST_WORDS, WORD_SHARE = 4, 0.6  # of running text
_ENDS = re.compile(r"(?<!\b\w\.\w)[.!?:][\"'”’)\]]*$")
_PLAIN_WORD = re.compile(r"\W*[^\W\d_]+(?:['’-][^\W\d_]+)*\W*")


def cut_in_the_middle(
    article: Article, sentences: list[Sentence], blocks: tuple[Block, ...]
) -> Iterator[tuple[str, str]]:
    """The sentences between which there is no end, in pairs."""
    for left, right in pairwise(sentences):
        before, after = article.cut(left.span), article.cut(right.span)
        kinds = {blocks[sentence.paragraph - 1].kind for sentence in (left, right)}
        running = kinds <= BODY and is_running(before) and is_running(after)
        begins = after[:1].islower() and not LIST_MARKER.match(after)
        if running and begins and not _ENDS.search(before):
            yield before, after


def is_running(text: str) -> bool:
    """Whether *text* is made of words, as sentences are and code is not."""
    tokens = text.split()
    plain = sum(_PLAIN_WORD.fullmatch(token) is not None for token in tokens)
    return len(tokens) >= LEAST_WORDS and plain >= WORD_SHARE * len(tokens)


def main() -> None:
    """Print each cut and the share of each file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    for path in parser.parse_args().files:
        text = normalise(decode(path.read_bytes(), path.name).text)
        blocks = find_blocks(text)
        sentences = split_sentences(text, "en", blocks)
        cuts = list(cut_in_the_middle(Article("a", "A", text), sentences, blocks))
        for before, after in cuts:
            print(f"  {before[-SHOWN:]!r} | {after[:SHOWN]!r}")
        touched = 2 * len(cuts)
        print(f"{path.name}: {len(sentences)} sentences, {touched / len(sentences):.3f} cut")


if __name__ == "__main__":
    main()
