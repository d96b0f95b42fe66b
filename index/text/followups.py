"""Follow-up questions: "why?" and "and what about women?" mean what was asked before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.datatypes import Turn
from index.languages.english_cues import (
    ASKS_DETAIL,
    CALENDAR,
    CONTINUES_QUESTION,
    POINTS_BACK,
)
from index.languages.function_words import QUESTION_WORDS
from index.text.followup_cues import (
    KEPT,
    listen,
    names_title,
    question_cues,
    topics,
    word_cues,
)
from index.text.followup_models import FollowUpModels, LogisticModel, TreeModel, packaged_models
from index.text.followup_things import names, things
from index.text.words import find_words, form_of, is_question_word

# A question that goes on with "and", "what about" and has more topics than this stands by itself.
MAX_TOPICS = 3
MAX_TURNS = 12  # of a conversation that are read
MAX_CARRIED = 30  # words; the reader takes 38 tokens of a question, and keeps its end
NAMED = 4  # words that are told to a person
LEAST_NAMED = 0.15  # probability of those
_DATES = frozenset(map(form_of, CALENDAR.split()))  # written like names, and no things


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """
    How a question is read: its *variants*, the longest first, and what it is *about*.

    *about* are words that name things, None where there are none; a question that stands by itself
    has none, and one variant, itself. *new* are the forms of what a fragment ("what about the
    clerk?") brings to the question that it completes.
    """

    variants: tuple[str, ...]
    about: str | None = None
    new: frozenset[str] = frozenset()


def read_question(
    question: str, turns: Sequence[Turn], models: FollowUpModels | None = None
) -> QuestionReading:
    """
    Read *question* after the *turns* of a conversation (the oldest first).

    *models* decide what it leans on, None for the packaged ones.

    A follow-up is made complete with the last complete question and the one that followed last, and
    with the words beside them that the conversation is about; if it has words of its own ("and what
    about women?"), it is also read as it stands, so that these count more than the repeated ones.
    """
    turns = turns[-MAX_TURNS:]
    gate, carries = models or packaged_models()
    complete = _last_complete(turns, gate)
    if complete is None or not leans(question, turns, gate):
        return QuestionReading((question,))
    spoken = listen(turns)
    meant = _choose_words(word_cues(question, spoken), carries)
    repeated = topics(complete.question) | topics(turns[-1].question)
    beside = _as_spoken([form for form in meant if form not in repeated][:MAX_CARRIED], turns)
    asked = (
        [complete.question] if complete is turns[-1] else [complete.question, turns[-1].question]
    )
    whole = " ".join(text.strip() for text in [*asked, question])
    variants = [" ".join([*beside, whole])] if beside else []
    variants += [whole, question] if _own_topics(question) else [whole]
    goes_on = CONTINUES_QUESTION.match(question) is not None
    new = topics(question) - repeated if goes_on else frozenset()
    return QuestionReading(tuple(variants), _about(question, complete, turns, meant), new)


def _about(
    question: str, complete: Turn, turns: Sequence[Turn], meant: Mapping[str, float]
) -> str | None:
    """What *question* is about, for a person to read: the things among the *meant* words."""
    spoken = listen(turns)
    known = spoken.names - _DATES
    # "And the year pass?" is about another pass than the one before.
    other = topics(question) if CONTINUES_QUESTION.match(question) else frozenset()
    of_complete, of_last = (
        [forms for forms in _things_and_names(turn.question, known, turns) if not forms & other]
        for turn in (complete, turns[-1])
    )
    whole = [*of_complete, *of_last]
    # A pronoun may stand for the title, or, where no thing was asked for, for a name in an answer.
    points = POINTS_BACK.search(question) is not None
    nameable = frozenset().union(*whole, spoken.titles if points else ())
    named = frozenset(_named(meant, nameable)) or frozenset().union(*of_complete)
    if points and not named:
        named = frozenset(_named(meant, known))
    told = (forms & known for turn in turns for forms in names(turn.told))
    shown = named.union(*(forms for forms in [*whole, spoken.titles, *told] if forms & named))
    return " ".join(_as_spoken(shown, turns)) or None


def _things_and_names(
    question: str, known: frozenset[str], turns: Sequence[Turn]
) -> list[frozenset[str]]:
    """The things that *question* names, and the *known* names in it, written as in *turns*."""
    texts = (text for turn in turns for text in (turn.question, turn.title, turn.told))
    written = {
        word.casefold()
        for text in texts
        for form, word in _spoken_words(text)
        if form in known and word[0].isupper()
    }
    words = ((form, word.casefold()) for form, word in _spoken_words(question))
    return [
        *things(question),
        frozenset(form for form, word in words if form in known and word in written),
    ]


def _last_complete(turns: Sequence[Turn], gate: TreeModel) -> Turn | None:
    """The last of *turns* that asks something complete."""
    places = (
        i for i in reversed(range(len(turns))) if not leans(turns[i].question, turns[:i], gate)
    )
    return next((turns[i] for i in places), None)


def leans(question: str, turns: Sequence[Turn], model: TreeModel | None = None) -> bool:
    """Whether *question* only makes sense after *turns*; *model* decides, else the packaged one."""
    own = _own_topics(question)
    if not own or (CONTINUES_QUESTION.match(question) and len(own) <= MAX_TOPICS):
        return True
    if turns and ASKS_DETAIL.fullmatch(question):
        return True
    gate = model or packaged_models().leans
    if not turns or names_title(question, (turn.title for turn in turns)):
        return False
    if not POINTS_BACK.search(question) and _asked_again(own, turns, gate):
        return False
    return gate.probability(question_cues(question, listen(turns))) >= gate.threshold


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


def _asked_again(own: frozenset[str], turns: Sequence[Turn], gate: TreeModel) -> bool:
    """Whether a complete question of *turns* has the same topics, *own*."""
    return any(
        own == topics(turn.question) and not leans(turn.question, turns[:i], gate)
        for i, turn in enumerate(turns)
    )


def _choose_words(cues: Mapping[str, Sequence[float]], model: LogisticModel) -> dict[str, float]:
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
            for form, word in _spoken_words(text):
                if form in wanted:
                    found.setdefault(form, word)
    return list(found.values())


@lru_cache(maxsize=KEPT)
def _spoken_words(text: str) -> list[tuple[str, str]]:
    """The words of *text* with their forms."""
    return [(word.form, text[word.start : word.end]) for word in find_words(text)]
