"""The networks that are fitted score as the product does with what they export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import HashingEncoder
from numpy.typing import NDArray

from index.datatypes import Article, Span
from index.evaluation.question_files import Question
from index.ranking.answer_types import describe_question, expected_answer
from index.ranking.candidate_sentences import Query
from index.ranking.ranker import make_head
from index.ranking.token_matches import match_tokens

if TYPE_CHECKING:
    from index.training.cases import Case
    from index.training.fit_answer_types import Lesson

pytestmark = pytest.mark.slow  # importing torch takes seconds

TEXT = "The storm broke the old pier. Nobody was hurt.\n\nThe harbour was closed for a week."


@pytest.fixture
def case() -> Case:
    """Ask an article what broke the pier, with everything that a case holds."""
    from index.training.cases import make_case, prepare

    encoder = HashingEncoder()
    [tokens] = encoder.encode_tokens(["what broke the pier?"])
    article = prepare(Article("a", "Storm", TEXT), encoder)
    question = Question("a", "1", "what broke the pier?", (Span(0, 9),), "The storm")
    return make_case(Query(question.question, tokens), article, question)


def test_a_case_knows_the_sentence_that_answers(case: Case) -> None:
    """The gold sentence is the one that shares a character with the evidence."""
    assert case.gold.tolist() == [True, False, False]
    assert case.kind == "answerable"


def test_the_head_scores_as_the_network_that_it_was_exported_from(case: Case) -> None:
    """What gradients are taken of is what the product ranks by, up to the digits that are kept."""
    import torch

    from index.training.folds import rank_case
    from index.training.head_network import HeadNetwork, _make_batch

    torch.manual_seed(3)
    network = HeadNetwork(case.features)
    for values in network.parameters():
        torch.nn.init.uniform_(values, -0.5, 0.5)
    with torch.no_grad():
        expected = network(_make_batch([case]))[0].numpy()
    # Without answer types the last feature of a sentence is 0 in both.
    found = rank_case(case, make_head(network.export())).scores

    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-3)


def test_answer_types_offer_what_their_network_offered(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a token of the article gains in the product is what it gained while it was fitted."""
    import torch

    from index.training import fit_answer_types

    monkeypatch.setattr(fit_answer_types, "DROPOUT", 0.0)
    torch.manual_seed(3)
    network = fit_answer_types.TypesNetwork(case.article.pooled.shape[1])
    for values in network.parameters():
        torch.nn.init.uniform_(values, -0.5, 0.5)
    types, tokens = network.export(), case.query.tokens
    matches = match_tokens(
        tokens, case.article.encoded, expected_answer(tokens, case.asking, types)
    )
    found = matches.offered.sum(axis=0) + types.echo @ matches.nearest

    with torch.no_grad():
        expected = network(lesson_of(case, matches.nearest))[0].numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


def lesson_of(case: Case, nearest: NDArray[np.float32]) -> Lesson:
    """What the network of the answer types reads of *case*."""
    import torch

    from index.training.fit_answer_types import Lesson

    layers = [sentence.layers for sentence in case.article.encoded]
    last, inner = np.concatenate(
        [layer.values * layer.scales[..., None] for layer in layers], axis=1
    )
    described = describe_question(case.query.tokens, case.asking)[None]
    nothing = torch.zeros(0)
    return Lesson(
        [case], case.title, torch.from_numpy(last), torch.from_numpy(inner), nothing,
        torch.from_numpy(described), torch.from_numpy(nearest.T[None].copy()), nothing,
    )  # fmt: skip
