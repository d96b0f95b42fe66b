"""
What is shown: the pieces of an article that a careful editor would quote.

The sentence that matched is seldom enough. A quotation is shown whole, with the words that say
who spoke; an item of a list with its list and the sentence that introduces it; a sentence that
leans on the one before it ("They …", "But …") with that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.datatypes import Hit, Passage, PassageKind, Span
from index.languages.english_cues import ASKS_FOR_LIST
from index.text.passage_completion import completed, referred_hit, stands_below
from index.text.passage_shapes import MAX_PASSAGE, shape_of
from index.text.sameness import opposed, say_the_same
from index.text.surroundings import whole_list
from index.text.whole_tables import whole_table

# Characters of all passages together, lists not counted. index.training.fit_ranking prints
# how much of the evidence is shown with it.
MAX_SHOWN = 840
# How far the score of a sentence may lie below the best one for it to be shown too: in the same
# paragraph as a passage, and elsewhere. Scores are logits: at 2.1 a sentence is an eighth as likely
# to answer as the best one.
PARAGRAPH_SCORE_GAP, ELSEWHERE_SCORE_GAP = 6.25, 2.1
UNSURE_SCORE_GAP = 4.0  # when the best one is probably not the answer, more are offered
FURTHER_PASSAGES = 10  # passages that wait behind those that are shown
# How many hits are looked at for a list that the question asks for: a list whose best sentence
# stands further down has nothing to do with the question.
LIST_DEPTH = 10


def build_passages(
    question: str, ranking: Sequence[Hit], max_passages: int, *, unsure: bool = False
) -> tuple[Passage, ...]:
    """
    Build at most *max_passages* passages out of *ranking* (best first).

    The first one is built around the first hit. More sentences are shown as long as they may
    belong to the answer (PARAGRAPH_SCORE_GAP, ELSEWHERE_SCORE_GAP) and MAX_SHOWN allows, which is
    more often when *unsure* whether the first one does. Nothing is shown twice: a hit inside an
    earlier passage adds nothing, one beside it extends it, and nearly the same words from
    elsewhere are left out. Where an article asks the very question, no other answers it.
    """
    ranking = _where_it_is_asked(question, ranking)
    elsewhere = UNSURE_SCORE_GAP if unsure else ELSEWHERE_SCORE_GAP
    listed = _list_asked_for(question, ranking)
    passages: list[Passage] = []
    referred = referred_hit(ranking) if ranking else None
    for hit in filter(None, [*ranking[:1], listed, referred]):
        passages = _add_hit(passages, hit, max_passages)
    if ranking and (rows := whole_table(question, ranking[0])) is not None:
        return (replace(passages[0], span=rows, kind="list"),)
    if ranking:
        first = completed(question, ranking[0], passages[0])
        passages = [first, *(more for more in passages[1:] if not overlap(first, more))]
    for hit in ranking[1:]:
        gap = ranking[0].score - hit.score
        if gap > PARAGRAPH_SCORE_GAP:  # the wider bound, and the rest is further away
            break
        if _is_heading(hit):  # it is told as a place, and says nothing alone
            continue
        if gap <= elsewhere or _beside(hit, passages) or _opposes(hit, ranking[0]):
            passages = _add_hit(passages, hit, max_passages)
    return tuple(passages)


def further_passages(ranking: Sequence[Hit], shown: Sequence[Passage]) -> tuple[Passage, ...]:
    """Build the next FURTHER_PASSAGES of *ranking*, for who wants to read on."""
    further = [whole for passage in shown if (whole := whole_list(passage)) is not None]
    for hit in ranking:
        if len(further) == FURTHER_PASSAGES:
            break
        if _is_heading(hit):
            continue
        taken = [*shown, *further]
        pieces = (build_passage(hit), _sentence_alone(hit))
        fresh = [piece for piece in pieces if not any(overlap(piece, passage) for passage in taken)]
        if fresh and not _is_repeated(hit, taken):
            further.append(fresh[0])
    return tuple(further)


def gather_passages(hits: Sequence[Hit], limit: int) -> tuple[Passage, ...]:
    """Build passages of all *hits* in their order, at most *limit*; neighbours become one."""
    passages: list[Passage] = []
    for hit in hits:
        passages = _add_hit(passages, hit, limit)
    return tuple(passages)


def overlap(first: Passage, second: Passage) -> bool:
    """Whether two passages share some text of an article."""
    return first.article.id == second.article.id and first.span.overlaps(second.span)


def build_passage(hit: Hit) -> Passage:
    """Build what is shown for one hit."""
    if hit.position not in hit.source.shapes:
        hit.source.shapes[hit.position] = shape_of(hit)
    return _make_passage(hit, *hit.source.shapes[hit.position])


def _make_passage(hit: Hit, span: Span, kind: PassageKind) -> Passage:
    parts = (hit.article, span, hit.span, kind, hit.score, hit.source.sentences)
    return Passage(*parts, blocks=hit.source.blocks)


def _beside(hit: Hit, passages: Sequence[Passage]) -> bool:
    """Whether *hit* stands in the paragraph of the best sentence of a passage, which is no list."""
    paragraph = (hit.article.id, hit.source.sentences[hit.position].paragraph)
    return any(
        (passage.article.id, passage.paragraph) == paragraph
        for passage in passages
        if passage.kind != "list"
    )


def _add_hit(passages: list[Passage], hit: Hit, limit: int) -> list[Passage]:
    """Add what is shown for *hit*, or the sentence alone, where there is room for it."""
    if _is_repeated(hit, passages):
        return passages
    for piece in (build_passage(hit), _sentence_alone(hit)):
        extended = _add_passage(passages, piece, limit)
        characters = sum(len(passage.span) for passage in extended if passage.kind != "list")
        if not passages or characters <= MAX_SHOWN:
            return extended
    return passages


def _sentence_alone(hit: Hit) -> Passage:
    return _make_passage(hit, hit.span, "sentence")


def _add_passage(passages: list[Passage], new: Passage, limit: int) -> list[Passage]:
    """Add *new*: by itself while there is room, or as one with those that it touches."""
    touching = [passage for passage in passages if _touch(passage, new)]
    if not touching:
        return [*passages, new] if len(passages) < limit else passages
    span = new.span
    for passage in touching:
        span = Span(min(span.start, passage.span.start), max(span.end, passage.span.end))
    kinds = {passage.kind for passage in (*touching, new)}
    if len(span) <= MAX_PASSAGE:
        kind: PassageKind = "list" if "list" in kinds else touching[0].kind
        merged = replace(touching[0], span=span, kind=kind)
        return [
            merged if passage is touching[0] else passage
            for passage in passages
            if passage not in touching[1:]
        ]
    return passages


def _touch(passage: Passage, new: Passage) -> bool:
    """Whether two passages are better shown as one: they overlap, or stand side by side."""
    if passage.article.id != new.article.id:
        return False
    if overlap(passage, new):
        return True
    if "list" in (passage.kind, new.kind):  # it ends where its last item does
        return False
    first, second = sorted((passage.span, new.span))
    between = passage.article.text[first.end : second.start]
    beside = not between.strip() and "\n" not in between
    return beside and second.end - first.start <= MAX_PASSAGE


def _is_repeated(hit: Hit, passages: Sequence[Passage]) -> bool:
    """Whether the best sentence of a passage says the same as *hit*."""
    new = hit.article.cut(hit.span)
    return any(say_the_same(new, passage.article.cut(passage.best)) for passage in passages)


def _where_it_is_asked(question: str, ranking: Sequence[Hit]) -> Sequence[Hit]:
    """*ranking* without articles that do not ask the very *question* that the best hit answers."""
    if not ranking or not stands_below(question, ranking[0]):
        return ranking
    key = ranking[0].source.key
    return [hit for hit in ranking if hit.source.key == key or stands_below(question, hit)]


def _is_heading(hit: Hit) -> bool:
    block = hit.source.block_of(hit.position)
    return block is not None and block.kind == "heading"


def _opposes(hit: Hit, best: Hit) -> bool:
    """Whether *hit* says of the same thing something else than the *best* one."""
    return opposed(hit.article.cut(hit.span), best.article.cut(best.span))


def _list_asked_for(question: str, ranking: Sequence[Hit]) -> Hit | None:
    """
    Find the first hit inside of a list, when the question asks for several things.

    It is shown second at most: the sentence that matched best may say more about the question.
    """
    if not ASKS_FOR_LIST.search(question):
        return None
    inside = (
        hit
        for hit in ranking[:LIST_DEPTH]
        if any(hit.position in enumeration.members for enumeration in hit.source.lists)
    )
    return next(inside, None)
