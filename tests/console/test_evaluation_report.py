"""What evaluate prints, with exact outputs."""

from __future__ import annotations

from dataclasses import replace

from bot.console.evaluation_report import Report, make_report, report_json, report_text
from index.datatypes import Article
from index.evaluation.judging import Outcome
from index.evaluation.question_files import Question

ARTICLE = Article("storm", "The storm", "The storm broke the old pier.")
RIGHT = Outcome(
    question=Question("storm", "q1", "what broke?", (), "the old pier"),
    answerable=True,
    off_topic=False,
    tier="may",
    confidence=0.75,
    article="storm",
    best="The storm broke the old pier.",
    best_is_right=True,
    rank=1,
    recall=1.0,
    all_shown=True,
    characters=29,
    words_f1=0.75,
)
REFUSED = replace(
    RIGHT,
    question=replace(RIGHT.question, id="q2", question="who\nwas hurt?", answer="Nobody"),
    tier="not",
    confidence=0.125,
    best_is_right=False,
    rank=4,
    recall=0.0,
    all_shown=False,
    characters=1_971,
    words_f1=0.0,
)
OFF_TOPIC = replace(RIGHT, answerable=False, off_topic=True, best_is_right=False, rank=None,
                    article="baker", best="The baker sells bread.", words_f1=None)  # fmt: skip
OUTCOMES = [RIGHT, OFF_TOPIC, REFUSED, replace(OFF_TOPIC, tier="not", confidence=0.0)]


def make(outcomes: list[Outcome], *, worst: int = 0) -> Report:
    """Report on a file of two articles."""
    return make_report("q.jsonl", [ARTICLE, ARTICLE], outcomes, threshold=0.25, worst=worst)


def test_report_as_text() -> None:
    """Metrics, what is in each tier, and what other thresholds would do, in aligned columns."""
    assert (
        report_text(make(OUTCOMES))
        == """\
q.jsonl: 2 articles, 2 answerable questions, 0 unanswerable

  hit@1                 0.500
  hit@3                 0.500
  MRR                   0.625
  evidence recall       0.500
  evidence shown        0.500
  characters shown      1,000
  AUROC, unanswerable       –
  AUROC, matched pairs      –
  AUROC, off topic      0.625
  calibration error     0.562
  words F1              0.375

  tier  answerable  of them right  unanswerable  off topic  right  share of answerable
  says           0              0             0          0      –                0.000
  may            1              1             0          1  1.000                0.500
  not            1              0             0          1  0.000                0.500

  threshold      answerable refused  unanswerable answered  off topic answered
  0.1                         0.000                      –               0.500
  0.2                         0.500                      –               0.500
  0.25 (in use)               0.500                      –               0.500
  0.3                         0.500                      –               0.500
  0.4                         0.500                      –               0.500
  0.5                         0.500                      –               0.500
  0.6                         0.500                      –               0.500"""
    )


def test_worst_cases_follow_the_tables() -> None:
    """The worst of each kind, each line readable by itself."""
    shown = report_text(make(OUTCOMES, worst=1))

    assert (
        shown.removeprefix(report_text(make(OUTCOMES)))
        == """

  The worst answerable ones:
    q2 of storm: right sentence at rank 4, tier not, confidence 0.12
      asked: who was hurt?
      shown: The storm broke the old pier.
      right: Nobody

  The worst unanswerable ones, which were answered:
    q1 of storm: off topic, tier may, confidence 0.75
      asked: what broke?
      shown: The baker sells bread."""
    )


def test_nothing_found_and_long_sentences() -> None:
    """A case without any passage has a dash, and a long sentence is cut at a word."""
    empty = replace(REFUSED, rank=None, best="", question=replace(REFUSED.question, id="storm/1"))
    long = replace(empty, confidence=0.2, best="word " * 100)

    *_, first, second = report_text(make([empty, long], worst=2)).split("    storm/1: ")

    assert first.splitlines()[0] == "right sentence not found, tier not, confidence 0.12"
    assert first.splitlines()[2] == "      shown: –"
    assert second.splitlines()[2] == f"      shown: {'word ' * 31}…"


def test_the_threshold_in_use_stands_once() -> None:
    """One of the usual thresholds is not listed twice when it is the one in use."""
    report = make_report("q.jsonl", [ARTICLE], [RIGHT], threshold=0.5, worst=0)

    assert [shares.threshold for shares in report.shares] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert "0.5 (in use)" in report_text(report)


def test_report_as_json() -> None:
    """Scripts get the same numbers by name, null where there are no such questions."""
    made = report_json(make(OUTCOMES, worst=1))

    assert made.pop("thresholds")[2] == {
        "threshold": 0.25,
        "answerable_refused": 0.5,
        "impossible_answered": None,
        "off_topic_answered": 0.5,
    }
    assert made.pop("tiers")[1] == {
        "tier": "may",
        "answerable": 1,
        "answerable_right": 1,
        "impossible": 0,
        "off_topic": 1,
        "right": 1.0,
        "share": 0.5,
    }
    assert made.pop("worst") == [
        {
            "id": "q2",
            "article": "storm",
            "question": "who\nwas hurt?",
            "kind": "answerable",
            "answered": False,
            "tier": "not",
            "confidence": 0.125,
            "rank": 4,
            "best": "The storm broke the old pier.",
            "answer": "Nobody",
        },
        {
            "id": "q1",
            "article": "storm",
            "question": "what broke?",
            "kind": "off_topic",
            "answered": True,
            "tier": "may",
            "confidence": 0.75,
            "rank": None,
            "best": "The baker sells bread.",
            "answer": None,
        },
    ]
    assert made == {
        "file": "q.jsonl",
        "articles": 2,
        "learnt": 0,
        "answerable": 2,
        "impossible": 0,
        "off_topic": 2,
        "hit_at_1": 0.5,
        "hit_at_3": 0.5,
        "mrr": 0.625,
        "evidence_recall": 0.5,
        "evidence_shown": 0.5,
        "characters": 1000.0,
        "answerable_refused": 0.5,
        "impossible_answered": None,
        "off_topic_answered": 0.5,
        "auroc": None,
        "auroc_matched": None,
        "auroc_off_topic": 0.625,
        "calibration_error": 0.5625,
        "words_f1": 0.375,
    }
