"""Passages are what a careful editor would quote."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.datatypes import Article, Hit, LoadedArticle, Passage, Span
from index.text.blocks import find_blocks
from index.text.lists import find_lists
from index.text.passage_shapes import deciding_span
from index.text.passages import (
    ELSEWHERE_SCORE_GAP,
    MAX_PASSAGE,
    MAX_SHOWN,
    PARAGRAPH_SCORE_GAP,
    UNSURE_SCORE_GAP,
    build_passages,
    further_passages,
)
from index.text.sentences import split_sentences

QUOTED = (
    "The council met on Monday. “We had no choice,” the mayor said. “The bridge was old. "
    "It had to go.” Work begins in May. But nobody has paid for it."
)
LISTED = (
    "The port has not said what conditions it sets.\n\nAid depends on these things.\n\n"
    "Opening the gates.\n\nPaying the guards.\n\nAnd freeing the crew.\n\nThe sea was calm."
)


def ranked(text: str, *starts: str, article_id: str = "a", gap: float = 0.5) -> list[Hit]:
    """Rank the sentences of *text* that begin with *starts*, best first, *gap* apart."""
    article = Article(article_id, "A", text)
    sentences = split_sentences(text)
    lists = find_lists(article, sentences)
    positions = [
        next(
            i
            for i, sentence in enumerate(sentences)
            if article.cut(sentence.span).startswith(start)
        )
        for start in starts
    ]
    source = LoadedArticle(1, article, sentences, lists, blocks=find_blocks(text))
    return [Hit(source, position, -gap * i) for i, position in enumerate(positions)]


def shown(question: str, ranking: list[Hit], limit: int = 3) -> list[tuple[str, str]]:
    """Kind and text of each passage."""
    return [(passage.kind, passage.text) for passage in build_passages(question, ranking, limit)]


def test_a_plain_sentence_is_shown_as_it_is() -> None:
    """A sentence that stands for itself is the whole passage."""
    assert shown("when?", ranked(QUOTED, "Work begins")) == [("sentence", "Work begins in May.")]


def test_a_sentence_that_leans_brings_the_one_before() -> None:
    """A sentence that begins with "But" is shown with the one before it."""
    assert shown("who pays?", ranked(QUOTED, "But nobody")) == [
        ("sentence", "Work begins in May. But nobody has paid for it.")
    ]


REJECTED = (
    "The commission praised the plan. Its chairman also demanded a second boat. The owner rejected "
    "that: it would cost too much. The ship sails in May. But it may be late. All is well."
)


def test_a_sentence_brings_what_became_of_it() -> None:
    """A demand is shown with its refusal, and a refusal with the demand."""
    both = (
        "Its chairman also demanded a second boat. The owner rejected that: it would cost too much."
    )

    assert shown("what did they do?", ranked(REJECTED, "The owner")) == [("sentence", both)]
    assert shown("what did he want?", ranked(REJECTED, "Its chairman"))[0][1].endswith(both)


def test_yes_or_no_brings_what_takes_it_back() -> None:
    """What begins with "But" behind the sentence that decides is shown then, else it is not."""
    ranking = ranked(REJECTED, "The ship")

    assert shown("does it sail in May?", ranking) == [
        ("sentence", "The ship sails in May. But it may be late.")
    ]
    assert shown("when does it sail?", ranking) == [("sentence", "The ship sails in May.")]


@pytest.mark.parametrize(
    ("behind", "shown_too"), [("That is on Saturday.", False), ("That was never done.", True)]
)
def test_that_takes_back_what_it_denies(behind: str, shown_too: bool) -> None:
    """A sentence that goes on about the same thing is not needed to decide."""
    ranking = ranked(f"They build a new bridge. {behind}", "They")

    assert ("T" in shown("do they build it?", ranking)[0][1][1:]) == shown_too


@pytest.mark.parametrize(
    ("start", "decides"),
    [
        ("All is", "All is well."),
        ("But it", "The ship sails in May. But it may be late."),
        ("The ship", "The ship sails in May. But it may be late."),
    ],
)
def test_what_decides_is_understood_alone(start: str, decides: str) -> None:
    """The sentence, with the one that it leans on and the one that takes it back; no other."""
    [passage] = build_passages("is it?", ranked(REJECTED, start), 1)
    grown = replace(passage, span=Span(0, len(REJECTED)))

    assert passage.article.cut(deciding_span(grown)) == decides


def test_a_heading_is_no_lead_of_a_list() -> None:
    """It is told as the place where the list stands."""
    ranking = ranked("# A\n\nText.\n\n## The team\n\n- Ann Lee\n- Bob Roe\n- Oscar", "- Bob")

    assert shown("who is Bob?", ranking) == [("list", "- Ann Lee\n- Bob Roe\n- Oscar")]


def test_a_quotation_is_shown_whole_with_its_speaker() -> None:
    """A piece of a quotation brings the rest of it and the words that say who spoke."""
    assert shown("why?", ranked(QUOTED, "It had to go")) == [
        (
            "quote",
            "“We had no choice,” the mayor said. “The bridge was old. It had to go.”",
        )
    ]


def test_an_item_brings_its_list_and_lead() -> None:
    """An item is shown with all the others and the sentence that introduces them."""
    [(kind, text)] = shown("what about the guards?", ranked(LISTED, "Paying"))
    assert kind == "list"
    assert text == (
        "Aid depends on these things.\n\nOpening the gates.\n\nPaying the guards.\n\n"
        "And freeing the crew."
    )


def test_a_question_for_several_things_gets_the_list_second() -> None:
    """A list that was ranked low comes right after the best sentence when a list is asked for."""
    ranking = ranked(LISTED, "The port", "The sea", "Opening")
    kinds = [kind for kind, _ in shown("what conditions did the port set?", ranking)]
    assert kinds == ["sentence", "list", "sentence"]


@pytest.mark.parametrize("question", ["how was the sea?", "which news agency was there?"])
def test_a_question_for_one_thing_keeps_the_order(question: str) -> None:
    """Without such a question the ranking stands."""
    ranking = ranked(LISTED, "The port", "The sea", "Opening")
    kinds = [kind for kind, _ in shown(question, ranking)]
    assert kinds == ["sentence", "sentence", "list"]


def test_nothing_is_shown_twice() -> None:
    """Hits inside an earlier passage add nothing."""
    assert len(shown("what?", ranked(LISTED, "Opening", "Paying", "And freeing"))) == 1


def test_neighbours_become_one_passage() -> None:
    """Sentences side by side are quoted together, the best one still marked."""
    ranking = ranked(QUOTED, "But nobody", "Work begins")
    [passage] = build_passages("money?", ranking, 3)
    assert passage.text == "Work begins in May. But nobody has paid for it."
    assert passage.article.cut(passage.best) == "But nobody has paid for it."


def test_the_same_words_in_another_article_are_left_out() -> None:
    """A copy of a sentence in a second article is not quoted again."""
    ranking = [
        *ranked(QUOTED, "Work begins"),
        *ranked("WORK begins in May. Yes.", "WORK", article_id="b"),
    ]
    assert shown("when?", ranking) == [("sentence", "Work begins in May.")]


@pytest.mark.parametrize(
    ("copy", "passages"),
    [
        ("The storm broke the old pier in Aldhaven on Monday night, police said.", 1),
        ("The storm broke the old pier in Aldhaven at night and a ship was lost.", 2),
    ],
)
def test_near_duplicates_are_left_out(copy: str, passages: int) -> None:
    """A report that differs in a name is not quoted again, one that says more is."""
    first = "The storm broke the old pier in Aldhaven on Sunday night, police said."
    ranking = [*ranked(first, "The storm"), *ranked(copy, "The storm", article_id="b")]
    assert len(build_passages("what broke?", ranking, 3)) == passages


def test_no_more_passages_than_asked_for() -> None:
    """The limit holds."""
    ranking = ranked(LISTED, "The port", "The sea", "Opening")
    assert len(shown("how?", ranking, limit=1)) == 1


@pytest.mark.parametrize(
    ("start", "gap", "passages"),
    [
        ("The council", PARAGRAPH_SCORE_GAP, 2),
        ("The council", PARAGRAPH_SCORE_GAP + 0.1, 1),
        ("The sea", ELSEWHERE_SCORE_GAP, 2),
        ("The sea", ELSEWHERE_SCORE_GAP + 0.1, 1),
    ],
)
def test_a_sentence_is_shown_when_it_comes_near_the_best(
    start: str, gap: float, passages: int
) -> None:
    """In the paragraph of a passage a lower score is enough than elsewhere."""
    ranking = ranked(QUOTED + "\n\nThe sea was calm.", "Work begins", start, gap=gap)
    assert len(shown("when?", ranking)) == passages


@pytest.mark.parametrize(("unsure", "passages"), [(False, 1), (True, 2)])
def test_more_is_offered_when_it_is_unsure(unsure: bool, passages: int) -> None:
    """A sentence from elsewhere that comes less near is offered when the best one may be wrong."""
    ranking = ranked(LISTED, "The port", "The sea", gap=UNSURE_SCORE_GAP)
    assert len(build_passages("how?", ranking, 3, unsure=unsure)) == passages


def test_what_is_shown_has_an_end() -> None:
    """Sentences of the paragraph are left out when there is no more room, shorter ones are not."""
    long = ["A" + "a" * 400 + ".", "B" + "b" * 400 + ".", "C" + "c" * 400 + ".", "D is short."]
    [passage, last] = build_passages("what?", ranked(" ".join(long), "A", "B", "C", "D"), 3)
    assert (passage.text, last.text) == (" ".join(long[:2]), "D is short.")
    assert len(passage.span) + len(last.span) <= MAX_SHOWN


def test_a_list_does_not_count_as_long() -> None:
    """A list is shown whole however much stands there already, and its lead-in with it."""
    items = "\n\n".join(f"- {letter * 200}." for letter in "abcd")
    text = f"X{'x' * 700}.\n\nThey demand:\n\n{items}"
    kinds = [kind for kind, _ in shown("what demands are there?", ranked(text, "X", "- b"))]
    assert kinds == ["sentence", "list"]


def test_a_list_does_not_grow_beyond_its_items() -> None:
    """What stands beside a list is a passage of its own."""
    text = LISTED.replace("crew.\n\n", "crew. ")
    passages = shown("what about the guards?", ranked(text, "Paying", "The sea"))
    assert [kind for kind, _ in passages] == ["list", "sentence"]


def test_further_passages_begin_where_the_shown_ones_end() -> None:
    """Who reads on sees every other hit once, and nothing again."""
    ranking = ranked(LISTED, "The port", "The sea", "Opening", "Paying", gap=9)
    passages = build_passages("how?", ranking, 3)
    further = further_passages(ranking, passages)
    assert [passage.text[:8] for passage in passages] == ["The port"]
    assert [passage.text[:8] for passage in further] == ["The sea ", "Aid depe"]


@given(st.data())
def test_passages_never_overlap_and_hold_their_best(data: st.DataObject) -> None:
    """Whatever is ranked: the first passage holds the first hit, none overlap, none is too long."""
    long = "So " + "very " * 90 + "much."
    pieces = [
        long,
        "But " + long,
        "“We go,” he said.",
        "“Stay.",
        "They left.",
        "- one",
        "First, no.",
        "Aid:",
        "So “x”.",
    ]
    text = "".join(
        piece + data.draw(st.sampled_from([" ", "\n\n"]))
        for piece in data.draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=12))
    ).strip()
    article, sentences = Article("a", "A", text), split_sentences(text)
    order = data.draw(st.permutations(range(len(sentences))))
    lists = find_lists(article, sentences)
    ranking = [Hit(LoadedArticle(1, article, sentences, lists), i, 0.0) for i in order]
    question = data.draw(st.sampled_from(["why?", "what reasons are there?"]))
    passages = build_passages(question, ranking, 3)

    assert passages[0].best == sentences[order[0]].span
    assert all(map(holds_its_best, passages))
    assert not any(first.span.overlaps(second.span) for first, second in combinations(passages, 2))


def holds_its_best(passage: Passage) -> bool:
    """Whether the best sentence lies inside, and the length is in bounds or that of a sentence."""
    in_bounds = passage.kind == "list" or len(passage.text) <= max(MAX_PASSAGE, len(passage.best))
    inside = passage.span.start <= passage.best.start and passage.best.end <= passage.span.end
    return inside and in_bounds


def test_of_a_long_list_the_item_is_shown() -> None:
    """More than twelve items are shown one by one, and the whole list waits behind them."""
    text = "Bring these:\n\n" + "\n".join(f"- Thing number {n}." for n in range(13))
    ranking = ranked(text, "- Thing number 7")
    passages = build_passages("what do I need?", ranking, 3)

    assert [passage.text for passage in passages] == ["- Thing number 7."]
    whole = further_passages(ranking, passages)[0]
    assert (whole.kind, whole.text) == ("list", text)


def test_a_long_list_of_few_items_is_cut_too() -> None:
    """No passage has more than MAX_PASSAGE characters."""
    text = "Bring these:\n\n" + "\n".join(f"- {letter * 300}." for letter in "abcd")

    [(kind, words)] = shown("what do I need?", ranked(text, "- b"))

    assert (kind, words) == ("sentence", f"- {'b' * 300}.")


def test_what_is_announced_is_shown() -> None:
    """Behind "has three roles" the three sentences that follow belong to the answer."""
    text = "The house has three rules. Be kind. Be quiet. Be gone by noon. It rained."

    assert shown("what are the rules?", ranked(text, "The house")) == [
        ("sentence", "The house has three rules. Be kind. Be quiet. Be gone by noon.")
    ]
    assert shown("where is it?", ranked(text, "The house")) == [
        ("sentence", "The house has three rules.")
    ]


def test_opposed_statements_are_both_shown() -> None:
    """A rule and its amendment are nearly the same words, and far apart in the ranking."""
    text = (
        "Objections must be filed within 180 days of the decision.\n\nThe fee is 40 euros.\n\n"
        "Objections must be filed within 270 days of the decision."
    )
    ranking = ranked(text, "Objections must be filed within 270", "Objections", gap=6)

    assert [words[32:40] for _, words in shown("how many days?", ranking)] == [
        "270 days",
        "180 days",
    ]


def test_an_answer_is_shown_whole() -> None:
    """What hangs together below a question is one passage."""
    text = "Q. Why?\n\nA. It is so. Nobody knows more.\n\nQ. Who?\n\nA. Ann."

    assert shown("why?", ranked(text, "Nobody")) == [
        ("sentence", "A. It is so. Nobody knows more.")
    ]


LOST = (
    "# FAQ\n\n## What if I lose a bike?\n\nCall us at once. You may pay 300. Be quick.\n\nSo it is."
)


def test_what_stands_below_the_very_question_is_whole() -> None:
    """Who asks as an FAQ does gets all of the paragraph below, not the best sentence alone."""
    assert shown("what if I lose a bike?", ranked(LOST, "Call us", "You may", gap=9)) == [
        ("sentence", "Call us at once. You may pay 300. Be quick.")
    ]


def test_no_other_article_answers_a_question_that_one_asks() -> None:
    """What another says of the same words is left for "more"; the question must be the same."""
    strange = ranked("A lost book must be replaced.", "A lost", article_id="b", gap=0.5)
    stranger = [replace(hit, source=replace(hit.source, key=2), score=-0.5) for hit in strange]
    ranking = [*ranked(LOST, "Call us"), *stranger]

    assert len(shown("what if I lose a bike?", ranking)) == 1
    assert len(shown("what if a bike is gone?", ranking)) == 2
