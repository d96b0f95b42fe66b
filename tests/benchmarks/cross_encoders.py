"""
A cross-encoder over the first ten of a ranking, as users of each library would add one.

Its weights are random, so what it says is worthless, and as slow as that of a trained one.
Only ``make_cross_encoder`` runs in the environment of article-bot, all else in that of a library.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from libraries import RANKED, Rank, Ranking

# Of a question and texts; what it says of these counts them from 0.
Rerank = Callable[[str, Sequence[str]], Ranking]

TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


def make_cross_encoder(model: Path, folder: Path) -> None:
    """Make a cross-encoder of the shape of *model*, with one output and random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    folder.mkdir()
    for name in TOKENIZER:
        shutil.copy(model / name, folder)
    shape = json.loads((model / "config.json").read_text(encoding="utf-8"))
    torch.manual_seed(0)
    made = BertForSequenceClassification(BertConfig(**{**shape, "num_labels": 1}))
    made.save_pretrained(folder)


@cache
def rerank_plain(folder: str) -> Rerank:
    """sentence-transformers itself."""
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(folder, device="cpu")

    def rerank(question: str, texts: Sequence[str]) -> Ranking:
        found = model.rank(question, list(texts), show_progress_bar=False)
        return [(int(hit["corpus_id"]), float(hit["score"])) for hit in found]

    return rerank


@cache
def rerank_langchain(folder: str) -> Rerank:
    """What LangChain's CrossEncoderReranker asks."""
    from langchain_community.cross_encoders import HuggingFaceCrossEncoder

    model = HuggingFaceCrossEncoder(model_name=folder)

    def rerank(question: str, texts: Sequence[str]) -> Ranking:
        scores = [float(score) for score in model.score([(question, text) for text in texts])]
        return sorted(enumerate(scores), key=lambda scored: -scored[1])

    return rerank


@cache
def rerank_haystack(folder: str) -> Rerank:
    """Haystack's ranker, which is a package of its own."""
    from haystack import Document
    from haystack_integrations.components.rankers.sentence_transformers import (
        SentenceTransformersSimilarityRanker,
    )

    ranker: Any = SentenceTransformersSimilarityRanker(model=folder, top_k=RANKED)
    ranker.warm_up()

    def rerank(question: str, texts: Sequence[str]) -> Ranking:
        documents = [Document(id=str(i), content=text) for i, text in enumerate(texts)]
        found = ranker.run(query=question, documents=documents)["documents"]
        return [(int(document.id), float(document.score)) for document in found]

    return rerank


@cache
def rerank_txtai(folder: str) -> Rerank:
    """What txtai's Reranker asks."""
    from txtai.pipeline import Similarity

    similarity = Similarity(folder, crossencode=True)

    def rerank(question: str, texts: Sequence[str]) -> Ranking:
        return [(int(i), float(score)) for i, score in similarity(question, list(texts))]

    return rerank


CROSS_ENCODERS: dict[str, Callable[[str], Rerank]] = {  # of the folder, by the name of a peer
    "plain": rerank_plain,
    "langchain": rerank_langchain,
    "haystack": rerank_haystack,
    "txtai": rerank_txtai,
}


def ranked_twice(rank: Rank, sentences: Sequence[str], rerank: Rerank) -> Rank:
    """*rank* the *sentences*, then the first of them again."""

    def both(question: str) -> Ranking:
        first = [i for i, _ in rank(question)]
        again = rerank(question, [sentences[i] for i in first])
        return [(first[place], score) for place, score in again]

    return both
