"""The optional cross-encoder: how its scores are added, and a tiny real one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.errors import ModelError
from index.ranking.crossencoder import RERANK_DEPTH, fuse, load_reranker


def test_scores_are_brought_to_one_scale() -> None:
    """Both opinions weigh the same, whatever the scale; what was not read stays."""
    scores = np.array([3, 1, 0], np.float32)
    fused = fuse(scores, np.array([0, 1]), np.array([100, 300], np.float32))
    assert fused.tolist() == pytest.approx([2, 2, 0])


def test_equal_opinions_change_nothing() -> None:
    """A cross-encoder that cannot tell the sentences apart leaves the order alone."""
    scores = np.array([3, 1], np.float32)
    assert fuse(scores, np.array([0, 1]), np.ones(2, np.float32)).tolist() == [3, 1]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a cross-encoder of one layer with random weights, and save it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("cross")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(f"w{i}" for i in range(40))]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=64,
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_real_cross_encoder_reads_the_first_candidates(model: Path) -> None:
    """The best candidates get new scores, the same every time; the others keep theirs."""
    rerank = load_reranker(str(model))
    texts = [f"w{i} w{i + 1}" for i in range(RERANK_DEPTH + 5)]
    scores = -np.arange(RERANK_DEPTH + 5, dtype=np.float32)
    reranked = rerank("w1 w2", texts, scores)

    assert (reranked[:RERANK_DEPTH] != scores[:RERANK_DEPTH]).all()
    assert reranked[RERANK_DEPTH:].tolist() == scores[RERANK_DEPTH:].tolist()
    assert rerank("w1 w2", texts, scores).tolist() == reranked.tolist()


@pytest.mark.parametrize("file", [None, pytest.param("config.json", marks=pytest.mark.slow)])
def test_a_folder_without_a_model_is_named(file: str | None, tmp_path: Path) -> None:
    """One sentence says what is wrong and which setting to change, also of half a model."""
    if file:
        (tmp_path / file).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"ARTICLE_BOT_RERANKER"):
        load_reranker(str(tmp_path))
