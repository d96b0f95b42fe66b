"""
Measurements as they are shown: JSON for scripts, text for the operator.

Pure functions of what index.evaluation has found out about one question file.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.console.text_layout import INDENT
from bot.plain_text import count, one_line
from index.datatypes import Article
from index.evaluation.judging import Outcome
from index.evaluation.learnt_texts import was_learnt_from
from index.evaluation.metrics import (
    Shares,
    Summary,
    TierRow,
    shares_at,
    summarise,
    tabulate_tiers,
    worst_answered,
    worst_missed,
)

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)  # an operator may choose between
QUOTED = 160  # characters of a sentence that a case is recognised by
NONE = "–"  # where a file has no questions of the kind


@dataclass(frozen=True, slots=True)
class Report:
    """All that is shown of one question file: its *name*, metrics, and worst cases."""

    name: str
    articles: int
    threshold: float  # that decided what was answered
    learnt: int  # of the articles: the packaged reader has learnt from them
    summary: Summary
    shares: tuple[Shares, ...]  # at THRESHOLDS and at the threshold, in order
    tiers: tuple[TierRow, ...]  # the surest first
    missed: tuple[Outcome, ...]
    wrongly_answered: tuple[Outcome, ...]


def make_report(
    name: str,
    articles: Sequence[Article],
    outcomes: Sequence[Outcome],
    *,
    threshold: float,
    worst: int,
) -> Report:
    """Bring the *outcomes* of a question file together, with the *worst* cases of each kind."""
    return Report(
        name=name,
        articles=len(articles),
        learnt=sum(was_learnt_from(article.text) for article in articles),
        threshold=threshold,
        summary=summarise(outcomes),
        shares=tuple(shares_at(choice, outcomes) for choice in sorted({*THRESHOLDS, threshold})),
        tiers=tabulate_tiers(outcomes),
        missed=tuple(worst_missed(outcomes, worst)),
        wrongly_answered=tuple(worst_answered(outcomes, worst)),
    )


def report_json(report: Report) -> dict[str, Any]:
    """Make the object that scripts read of one question file."""
    return {
        "file": report.name,
        "articles": report.articles,
        "learnt": report.learnt,
        **asdict(report.summary),
        "tiers": [asdict(row) for row in report.tiers],
        "thresholds": [asdict(shares) for shares in report.shares],
        "worst": [_case_json(case) for case in (*report.missed, *report.wrongly_answered)],
    }


def _case_json(case: Outcome) -> dict[str, Any]:
    return {
        "id": case.question.id,
        "article": case.question.article,
        "question": case.question.question,
        "kind": "answerable" if case.answerable else _unanswerable(case).replace(" ", "_"),
        "answered": case.answered,
        "tier": case.tier,
        "confidence": round(case.confidence, 6),
        "rank": case.rank,
        "best": case.best,
        "answer": case.question.answer if case.answerable else None,
    }


def _unanswerable(case: Outcome) -> str:
    return "off topic" if case.off_topic else "impossible"


def report_text(report: Report) -> str:
    """Show one question file: the metrics, the tiers, what other thresholds would do."""
    blocks = [_heading(report), _metrics(report.summary), _tiers(report), _thresholds(report)]
    if report.missed:
        blocks.append(_cases("The worst answerable ones:", map(_missed, report.missed)))
    if report.wrongly_answered:
        shown = map(_wrongly_answered, report.wrongly_answered)
        blocks.append(_cases("The worst unanswerable ones, which were answered:", shown))
    return "\n\n".join(blocks)


def _heading(report: Report) -> str:
    summary = report.summary
    questions = count(summary.answerable, "answerable question")
    heading = (
        f"{one_line(report.name)}: {count(report.articles, 'article')}, {questions}, "
        f"{summary.impossible:,} unanswerable"
    )
    if not report.learnt:
        return heading
    known = f"{INDENT}The reader has learnt from {report.learnt:,} of them; these do not judge it."
    return f"{heading}\n{known}"


def _metrics(summary: Summary) -> str:
    length = NONE if summary.characters is None else f"{summary.characters:,.0f}"
    return _table(
        ("hit@1", _share(summary.hit_at_1)),
        ("hit@3", _share(summary.hit_at_3)),
        ("MRR", _share(summary.mrr)),
        ("evidence recall", _share(summary.evidence_recall)),
        ("evidence shown", _share(summary.evidence_shown)),
        ("characters shown", length),
        ("AUROC, unanswerable", _share(summary.auroc)),
        ("AUROC, matched pairs", _share(summary.auroc_matched)),
        ("AUROC, off topic", _share(summary.auroc_off_topic)),
        ("calibration error", _share(summary.calibration_error)),
        ("words F1", _share(summary.words_f1)),
    )


def _tiers(report: Report) -> str:
    rows = [
        (
            row.tier,
            f"{row.answerable:,}",
            f"{row.answerable_right:,}",
            f"{row.impossible:,}",
            f"{row.off_topic:,}",
            _share(row.right),
            _share(row.share),
        )
        for row in report.tiers
    ]
    kinds = ("answerable", "of them right", "unanswerable", "off topic")
    return _table(("tier", *kinds, "right", "share of answerable"), *rows)


def _thresholds(report: Report) -> str:
    rows = [
        (
            f"{shares.threshold:g}{' (in use)' if shares.threshold == report.threshold else ''}",
            _share(shares.answerable_refused),
            _share(shares.impossible_answered),
            _share(shares.off_topic_answered),
        )
        for shares in report.shares
    ]
    names = ("answerable refused", "unanswerable answered", "off topic answered")
    return _table(("threshold", *names), *rows)


def _table(*rows: Sequence[str]) -> str:
    """Columns as wide as they need to be, the first to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        INDENT + "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in rows
    )


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _cases(heading: str, cases: Iterable[Iterator[str]]) -> str:
    return "\n".join([INDENT + heading, *(2 * INDENT + line for case in cases for line in case)])


def _missed(case: Outcome) -> Iterator[str]:
    yield f"{_name(case)}: {_place(case.rank)}, {_verdict(case)}"
    yield from _quotations(case)
    yield f"{INDENT}right: {_quote(case.question.answer)}"


def _wrongly_answered(case: Outcome) -> Iterator[str]:
    yield f"{_name(case)}: {_unanswerable(case)}, {_verdict(case)}"
    yield from _quotations(case)


def _name(case: Outcome) -> str:
    own, article = case.question.id, case.question.article
    return one_line(own if article in own else f"{own} of {article}")


def _place(rank: int | None) -> str:
    return f"right sentence at rank {rank}" if rank else "right sentence not found"


def _verdict(case: Outcome) -> str:
    return f"tier {case.tier}, confidence {case.confidence:.2f}"


def _quotations(case: Outcome) -> Iterator[str]:
    yield f"{INDENT}asked: {_quote(case.question.question)}"
    yield f"{INDENT}shown: {_quote(case.best)}"


def _quote(text: str) -> str:
    return textwrap.shorten(one_line(text), QUOTED, placeholder=" …") or NONE
