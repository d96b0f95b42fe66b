"""The head that scores candidates, by exact numbers."""

from __future__ import annotations

import numpy as np
import pytest
from small_vectors import candidates_of, plain_head, query_of

from index.ranking.features import (
    PAIR_FEATURES,
    SENTENCE_FEATURES,
    TOKEN_FEATURES,
    extract_features,
)
from index.ranking.ranker import packaged_head, rank, score, token_weights


def test_the_head_averages_over_tokens() -> None:
    """Without other weights the score is the mean of the matches."""
    head = plain_head(match=1)
    ranking = rank(query_of("cat dog"), candidates_of("cat", "cat dog", "rome"), head)
    assert ranking.scores.tolist() == pytest.approx([0.5, 1, 0])
    assert ranking.order == [1, 0, 2]


def test_heavier_tokens_count_more() -> None:
    """Weights are softplus of the token features; the score is a weighted mean."""
    head = plain_head(match=1)
    head.token[TOKEN_FEATURES.index("capital")] = 2
    features = extract_features(query_of("cat Rome"), candidates_of("cat", "rome"))
    weights = token_weights(features, head)
    assert weights.tolist() == pytest.approx([np.log(2), np.log1p(np.exp(2))])
    assert score(features, weights, head).tolist() == pytest.approx(
        [weights[0] / weights.sum(), weights[1] / weights.sum()]
    )


def test_hidden_units_add_to_each_token() -> None:
    """The hidden layer is a tanh over the pair features."""
    head = plain_head()
    head.hidden[0, PAIR_FEATURES.index("match")] = 3
    head.hidden_bias[0] = -1
    head.hidden_out[0] = 2
    scores = rank(query_of("cat"), candidates_of("cat", "dog"), head).scores
    assert scores.tolist() == pytest.approx([2 * np.tanh(2), 2 * np.tanh(-1)])


def test_without_tokens_the_cosines_decide() -> None:
    """A question of emoji only is ranked by its pooled vector."""
    ranking = rank(query_of(""), candidates_of("cat", "dog"), plain_head(match=1, cosine=1))
    assert ranking.scores.tolist() == pytest.approx([1.0, 0.9])


def test_equal_scores_keep_the_order_of_the_candidates() -> None:
    """The first of two equals stands first."""
    assert rank(query_of("cat"), candidates_of("x", "y", "z"), plain_head(match=1)).order == [
        0,
        1,
        2,
    ]


def test_no_candidates() -> None:
    """Nothing to rank gives no scores."""
    assert rank(query_of("cat"), candidates_of()).scores.shape == (0,)


def test_one_sentence() -> None:
    """A single candidate is ranked with the packaged weights."""
    assert rank(query_of("Who is the cat?"), candidates_of("A cat.")).order == [0]


def test_packaged_weights_fit_the_features() -> None:
    """The file was made for the features of this version."""
    head = packaged_head()
    assert (head.token.shape, head.pair.shape, head.hidden.shape[1], head.sentence.shape) == (
        (len(TOKEN_FEATURES),),
        (len(PAIR_FEATURES),),
        len(PAIR_FEATURES),
        (len(SENTENCE_FEATURES),),
    )


def test_other_scripts_are_ranked_by_their_words() -> None:
    """Words are matched in any script."""
    query, candidates = query_of("首都 是"), candidates_of("北京是首都。", "天气好。")
    assert rank(query, candidates, plain_head(word=1)).order[0] == 0
