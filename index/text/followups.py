"""Follow-up questions: "why?" and "and what about women?" mean what was asked before."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from index.datatypes import Turn
from index.languages.english_cues import (
    ASKS_DETAIL,
    CONTINUES_QUESTION,
    POINTS_BACK,
    REFERS_INSIDE,
)
from index.languages.function_words import QUESTION_WORDS
from index.text.followup_cues import KEPT, Spoken, listen, question_cues, topics, word_cues
from index.text.words import find_words, is_question_word

WEIGHTS_FILE = Path(__file__).with_name("followup_weights.json")
# A question that goes on with "and", "what about" and has more topics than this stands by itself.
MAX_TOPICS = 3
MAX_TURNS = 12  # of a conversation that are read
MAX_CARRIED = 30  # words; the reader takes 38 tokens of a question, and keeps its end
NAMED = 4  # words that are told to a person
LEAST_NAMED = 0.15  # probability of those


class LogisticModel(NamedTuple):
    """A weight for each cue, a constant, and the probability from which it is a yes."""

    weights: Sequence[float]
    bias: float
    threshold: float

    def probability(self, cues: Sequence[float]) -> float:
        """The probability of a yes, 0 to 1."""
        logit = self.bias + sum(w * x for w, x in zip(self.weights, cues, strict=True))
        return 1 / (1 + math.exp(-min(max(logit, -60), 60)))


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """
    How a question is read: its *variants*, the longest first, and what it is *about*.

    *about* is None for one that stands by itself, which has one variant, itself. *new* are the
    forms of what a fragment ("what about the clerk?") brings to the question that it completes.
    """

    variants: tuple[str, ...]
    about: str | None = None
    new: frozenset[str] = frozenset()


def read_question(question: str, turns: Sequence[Turn]) -> QuestionReading:
    """
    Read *question* after the *turns* of a conversation (the oldest first).

    A follow-up is made complete with the last complete question and the one that followed last, and
    with the words beside them that the conversation is about; if it has words of its own ("and what
    about women?"), it is also read as it stands, so that these count more than the repeated ones.
    """
    turns = turns[-MAX_TURNS:]
    complete = next(
        (turns[i] for i in reversed(range(len(turns))) if not leans(turns[i].question, turns[:i])),
        None,
    )
    if complete is None or not leans(question, turns):
        return QuestionReading((question,))
    spoken = listen(turns)
    meant = _meant_words(question, spoken)
    repeated = topics(complete.question) | topics(turns[-1].question)
    beside = _as_spoken([form for form in meant if form not in repeated][:MAX_CARRIED], turns)
    asked = (
        [complete.question] if complete is turns[-1] else [complete.question, turns[-1].question]
    )
    whole = " ".join(text.strip() for text in [*asked, question])
    variants = [" ".join([*beside, whole])] if beside else []
    variants += [whole, question] if _own_topics(question) else [whole]
    nameable = repeated | spoken.titles
    if POINTS_BACK.search(question):  # a pronoun may stand for a name that only an answer had
        nameable |= spoken.names
    named = _named(meant, nameable) or topics(complete.question)
    about = " ".join(_as_spoken(named, turns)) or None
    goes_on = CONTINUES_QUESTION.match(question) is not None
    new = topics(question) - repeated if goes_on else frozenset()
    return QuestionReading(tuple(variants), about, new)


def leans(question: str, turns: Sequence[Turn], model: LogisticModel | None = None) -> bool:
    """Whether *question* only makes sense after *turns*; *model* decides, else the packaged one."""
    ruled = leans_by_rule(question, turns)
    if ruled is not None:
        return ruled
    gate = model or packaged_models()["leans"]
    return gate.probability(question_cues(question, listen(turns))) >= gate.threshold


def leans_by_rule(question: str, turns: Sequence[Turn]) -> bool | None:
    """What needs no model: whether *question* leans on *turns*, None when that is not clear."""
    own = _own_topics(question)
    if not own or (CONTINUES_QUESTION.match(question) and len(own) <= MAX_TOPICS):
        return True
    if turns and ASKS_DETAIL.fullmatch(question):
        return True
    if not turns or REFERS_INSIDE.search(question) or _asked_again(own, turns):
        return False
    return None


@lru_cache(maxsize=KEPT)
def _own_topics(question: str) -> frozenset[str]:
    """The topics of *question*; none if it only asks in some language ("und warum?")."""
    own = topics(question)
    if 0 < len(own) <= MAX_TOPICS and any(_only_asks(question, code) for code in QUESTION_WORDS):
        return frozenset()
    return own


def _only_asks(question: str, language: str) -> bool:
    """Whether *question* has a question word of *language*, and beside it no word with a topic."""
    asks = any(is_question_word(word.form, language) for word in find_words(question, language))
    return asks and not topics(question, language)


def _asked_again(own: frozenset[str], turns: Sequence[Turn]) -> bool:
    """Whether a complete question of *turns* has the same topics, *own*."""
    return any(
        own == topics(turn.question) and not leans(turn.question, turns[:i])
        for i, turn in enumerate(turns)
    )


def carried_words(question: str, turns: Sequence[Turn]) -> list[str]:
    """The forms that a follow-up takes over from *turns*, the most probable first."""
    return list(_meant_words(question, listen(turns)))


def _meant_words(question: str, spoken: Spoken) -> dict[str, float]:
    """The forms of the conversation that *question* means, with how probable that is."""
    return choose_words(word_cues(question, spoken), packaged_models()["carries"])


def choose_words(cues: Mapping[str, Sequence[float]], model: LogisticModel) -> dict[str, float]:
    """The forms of *cues* that *model* says yes to, the most probable first."""
    told = {form: model.probability(values) for form, values in cues.items()}
    yes = [form for form in told if told[form] >= model.threshold]
    return {form: told[form] for form in sorted(yes, key=lambda form: -told[form])}


def _named(meant: Mapping[str, float], nameable: frozenset[str]) -> list[str]:
    """The most probable of the *meant* words that are *nameable*, for a person to read."""
    probable = [form for form in meant if form in nameable and meant[form] >= LEAST_NAMED]
    return probable[:NAMED]


def _as_spoken(forms: Iterable[str], turns: Sequence[Turn]) -> list[str]:
    """The words with these *forms* as they were spoken, in the order in which they first were."""
    wanted = set(forms)
    found: dict[str, str] = {}
    for turn in turns:
        for text in (turn.question, turn.title, turn.told):
            for word in find_words(text):
                if word.form in wanted:
                    found.setdefault(word.form, text[word.start : word.end])
    return list(found.values())


@lru_cache(maxsize=1)
def packaged_models() -> dict[str, LogisticModel]:
    """The models that come with the package: "leans" of a question, and "carries" of a word."""
    models = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {name: LogisticModel(**fields) for name, fields in models.items()}


def write_models(models: Mapping[str, LogisticModel]) -> None:
    """Write the models that come with the package."""
    rounded = {
        name: {
            "weights": [round(weight, 4) for weight in model.weights],
            "bias": round(model.bias, 4),
            "threshold": round(model.threshold, 4),
        }
        for name, model in models.items()
    }
    WEIGHTS_FILE.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
