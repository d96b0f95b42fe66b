"""
The libraries that article-bot is compared with, each as its own users would call it.

    python libraries.py NAME FOLDER    # rank as FOLDER/job.json says, into FOLDER/NAME.json

This runs in the environment of the library, where nothing of the project can be imported. All get
the packaged model as a folder and the sentences that article-bot splits the articles into; what
else can be set is left as it comes, down to the size of batches.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

RANKED = 10  # sentences of a ranking that are judged
CANDIDATES = 50  # that a hybrid takes from each of its two rankings

Ranking = list[tuple[int, float]]  # (sentence, score), best first
Rank = Callable[[str], Ranking]


@dataclass(frozen=True)
class Peer:
    """A library: its name in tables, what is installed, and what ranks and encodes with it."""

    label: str
    packages: tuple[str, ...]  # the first is the one whose version is told
    prepare: Callable[[str, Sequence[str]], Rank]  # of the model's folder and the sentences
    encode: Callable[[str, Sequence[str]], object] | None  # of the same; None: it has no vectors


# Models are loaded once, however many articles there are.


@cache
def sentence_transformer(model: str) -> Any:
    """sentence-transformers itself."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(model, device="cpu")


@cache
def langchain_embeddings(model: str) -> Any:
    """LangChain's wrapper of sentence-transformers."""
    from langchain_huggingface import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=model)


@cache
def llamaindex_embedding(model: str) -> Any:
    """LlamaIndex's wrapper of sentence-transformers."""
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=model)


TXTAI_MODELS: dict[str, Any] = {}  # txtai's own cache of models: handed to each of its indexes


def encode_plain(model: str, texts: Sequence[str]) -> Any:
    """Unit vectors of *texts*, one a row."""
    encoder = sentence_transformer(model)
    return encoder.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def encode_langchain(model: str, texts: Sequence[str]) -> object:
    """Vectors of *texts*, as LangChain's stores ask for them."""
    return langchain_embeddings(model).embed_documents(list(texts))


def encode_llamaindex(model: str, texts: Sequence[str]) -> object:
    """Vectors of *texts*, as LlamaIndex's indexes ask for them."""
    return llamaindex_embedding(model).get_text_embedding_batch(list(texts))


def encode_txtai(model: str, texts: Sequence[str]) -> object:
    """Vectors of *texts*, as txtai's indexes hold them."""
    from txtai import Embeddings

    return Embeddings({"path": model}, models=TXTAI_MODELS).batchtransform(list(texts), "data")


def prepare_plain(model: str, sentences: Sequence[str]) -> Rank:
    """Cosine of pooled vectors, exactly."""
    import faiss

    vectors = encode_plain(model, sentences)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)

    def rank(question: str) -> Ranking:
        scores, found = index.search(encode_plain(model, [question]), min(RANKED, len(sentences)))
        return list(zip(found[0].tolist(), scores[0].tolist(), strict=True))

    return rank


def prepare_bm25s(model: str, sentences: Sequence[str]) -> Rank:
    """BM25 over stems, without English stop words."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens(list(sentences)), show_progress=False)

    def rank(question: str) -> Ranking:
        query = tokens([question])
        if not query.vocab:  # nothing but stop words
            return []
        count = min(RANKED, len(sentences))
        found, scores = index.retrieve(query, k=count, show_progress=False)
        return list(zip(found[0].tolist(), scores[0].tolist(), strict=True))

    return rank


def prepare_langchain(model: str, sentences: Sequence[str]) -> Rank:
    """LangChain's FAISS store, whose scores are squared distances: lower is better there."""
    from langchain_community.vectorstores import FAISS

    ids = [str(i) for i in range(len(sentences))]
    store = FAISS.from_texts(list(sentences), langchain_embeddings(model), ids=ids)

    def rank(question: str) -> Ranking:
        found = store.similarity_search_with_score(question, k=RANKED)
        return [(int(document.id), -float(distance)) for document, distance in found]

    return rank


def prepare_llamaindex(model: str, sentences: Sequence[str]) -> Rank:
    """LlamaIndex's index of vectors in memory, by cosine; its retriever needs no language model."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    nodes = [TextNode(id_=str(i), text=text) for i, text in enumerate(sentences)]
    index = VectorStoreIndex(nodes, embed_model=llamaindex_embedding(model))
    retriever = index.as_retriever(similarity_top_k=RANKED)

    def rank(question: str) -> Ranking:
        found = retriever.retrieve(question)
        return [(int(hit.node.node_id), float(hit.score)) for hit in found]

    return rank


def prepare_txtai(model: str, sentences: Sequence[str]) -> Rank:
    """Hybrid search of txtai, as it comes."""
    from txtai import Embeddings

    embeddings = Embeddings({"path": model, "hybrid": True}, models=TXTAI_MODELS)
    embeddings.index(enumerate(sentences))

    def rank(question: str) -> Ranking:
        return [(int(found), float(score)) for found, score in embeddings.search(question, RANKED)]

    return rank


def prepare_haystack(model: str, sentences: Sequence[str]) -> Rank:
    """Reciprocal rank fusion of Haystack's BM25 and dense retrievers."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    vectors = encode_plain(model, sentences)
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    store.write_documents(
        [
            Document(id=str(i), content=text, embedding=vector.tolist())
            for i, (text, vector) in enumerate(zip(sentences, vectors, strict=True))
        ]
    )
    words = InMemoryBM25Retriever(store, top_k=CANDIDATES)
    dense = InMemoryEmbeddingRetriever(store, top_k=CANDIDATES)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=RANKED)

    def rank(question: str) -> Ranking:
        query = encode_plain(model, [question])[0]
        found = joiner.run(
            [words.run(question)["documents"], dense.run(query.tolist())["documents"]]
        )["documents"]
        return [(int(document.id), float(document.score)) for document in found]

    return rank


PEERS = {
    "plain": Peer(
        "sentence-transformers + FAISS",
        ("sentence-transformers>=5.1", "faiss-cpu>=1.12"),
        prepare_plain,
        encode_plain,
    ),
    "langchain": Peer(
        "LangChain, FAISS",
        # LangChain's only store for FAISS is in its community package, although that is given up
        ("langchain-core", "langchain-community", "langchain-huggingface[full]", "faiss-cpu>=1.12"),
        prepare_langchain,
        encode_langchain,
    ),
    "llamaindex": Peer(
        "LlamaIndex, vectors",
        ("llama-index-core", "llama-index-embeddings-huggingface"),
        prepare_llamaindex,
        encode_llamaindex,
    ),
    "bm25s": Peer("bm25s, stemming", ("bm25s", "PyStemmer"), prepare_bm25s, encode=None),
    "haystack": Peer(
        "Haystack, RRF of BM25 and vectors",
        # with its ranker, which the core has no more
        ("haystack-ai", "sentence-transformers>=5.1", "sentence-transformers-haystack"),
        prepare_haystack,
        encode_plain,
    ),
    "txtai": Peer("txtai, hybrid", ("txtai",), prepare_txtai, encode_txtai),
}


def main() -> None:
    """Rank as the job in the folder says, and write the rankings beside it."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    rankings = []
    for sentences, questions in job["groups"]:
        rank = PEERS[name].prepare(job["model"], sentences)
        rankings += [rank(question) for question in questions]
    (folder / f"{name}.json").write_text(json.dumps(rankings), encoding="utf-8")


if __name__ == "__main__":
    main()
