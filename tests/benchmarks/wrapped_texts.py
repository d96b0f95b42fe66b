"""
How often sentences of hard-wrapped texts begin or end in the middle.

    python tests/benchmarks/wrapped_texts.py FILE …

Any plain text will do that was wrapped at a margin: /usr/share/common-licenses/GPL-3, a FAQ of
/usr/share/doc, the output of `man -P cat tar | col -bx`. Two neighbours in running text, of words
mostly, are cut in the middle when the second begins with a small letter and the first has no end
(or only that of an abbreviation). Each is printed for somebody to judge.

What begins small and is no sentence cuts none, and is told apart by its form: commands (an option,
a path, a placeholder in brackets or capitals is no word, so a line of them is no running text), and
entries of a table of two columns (a word or two, a gap of three spaces or more, and what they mean;
what stands behind one belongs to it unless a blank line parts them). The share that is counted
without telling them apart is printed in brackets, and such pairs are marked.
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
_ANY_WORD = re.compile(r"\W*[^\W\d_]+(?:['’-][^\W\d_]+)*\W*")
_PLAIN_WORD = re.compile(r"[\"'“‘(]*(?![A-Z]{3})[^\W\d_]+(?:['’-][^\W\d_]+)*['’.,;:!?)\"”]*")
_ENTRY = re.compile(r"\S+(?: \S+)? {3,}\S")  # of a table of two columns


def cut_in_the_middle(
    article: Article, sentences: list[Sentence], blocks: tuple[Block, ...], *, all_words: bool
) -> Iterator[tuple[str, str]]:
    """
    The sentences between which there is no end, in pairs.

    With *all_words* those of commands and of tables of two columns too.
    """
    word = _ANY_WORD if all_words else _PLAIN_WORD
    for left, right in pairwise(sentences):
        before, after = article.cut(left.span), article.cut(right.span)
        kinds = {blocks[sentence.paragraph - 1].kind for sentence in (left, right)}
        running = kinds <= BODY and is_running(before, word) and is_running(after, word)
        apart = "\n\n" in article.text[left.span.end : right.span.start]
        entries = not all_words and (_ENTRY.match(after) or (apart and _ENTRY.match(before)))
        begins = after[:1].islower() and not LIST_MARKER.match(after)
        if running and begins and not entries and not _ENDS.search(before):
            yield before, after


def is_running(text: str, word: re.Pattern[str]) -> bool:
    """Whether *text* is made of what *word* matches, as sentences are and code is not."""
    tokens = text.split()
    plain = sum(word.fullmatch(token) is not None for token in tokens)
    return len(tokens) >= LEAST_WORDS and plain >= WORD_SHARE * len(tokens)


def main() -> None:
    """Print each cut and the share of each file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    for path in parser.parse_args().files:
        text = normalise(decode(path.read_bytes(), path.name).text)
        blocks = find_blocks(text)
        sentences = split_sentences(text, "en", blocks)
        article = Article("a", "A", text)
        cuts, suspects = (
            list(cut_in_the_middle(article, sentences, blocks, all_words=all_words))
            for all_words in (False, True)
        )
        for before, after in suspects:
            sign = "|" if (before, after) in cuts else "(no sentences)"
            print(f"  {before[-SHOWN:]!r} {sign} {after[:SHOWN]!r}")
        shares = [2 * len(pairs) / len(sentences) for pairs in (cuts, suspects)]
        print(f"{path.name}: {len(sentences)} sentences, {shares[0]:.3f} cut ({shares[1]:.3f})")


if __name__ == "__main__":
    main()
