"""Texts as candidates, with the blocks that they are built of."""

from __future__ import annotations

import numpy as np
from small_vectors import sentence_of

from index.datatypes import Article, LoadedArticle
from index.encoding.joined_rows import headers_of, with_header
from index.ranking.candidate_sentences import Candidates
from index.text.blocks import find_blocks
from index.text.sentences import split_sentences


def built(text: str, title: str = "A") -> Candidates:
    """All sentences of a text, rows with their headers."""
    blocks = find_blocks(text)
    sentences = split_sentences(text, "en", blocks)
    article = Article("a", title, text)
    headers = headers_of(sentences, blocks)
    source = LoadedArticle(1, article, sentences, blocks=blocks, headers=headers)
    encoded = [sentence_of(article.cut(sentence.span)) for sentence in sentences]
    joined = [
        with_header(sentence, encoded[headers[i]]) if i in headers else sentence
        for i, sentence in enumerate(encoded)
    ]
    count = len(sentences)
    return Candidates([source] * count, range(count), np.zeros(count, np.float32), joined)
