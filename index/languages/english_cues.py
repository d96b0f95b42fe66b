"""
The English that the product knows by heart: patterns and words that give a hint, in one place.

Each is a cue and no proof: what none of them knows is an ordinary question, or an ordinary
sentence. Articles in other languages are answered without them. A pattern is matched at the
beginning of a text (*match*), against the whole of it (*fullmatch*) or anywhere (*search*), as its
comment says.
"""

from __future__ import annotations

import re

# Questions

# At the beginning: the question goes on with the one before.
CONTINUES_QUESTION = re.compile(
    r"\s*(?:and|but|or|so|also|then|else|what about|how about|why not|since when|for example)\b",
    re.IGNORECASE,
)
# The whole question: it asks for a detail of what was asked before ("at what age?").
ASKS_DETAIL = re.compile(
    r"\s*(?:about|against|at|by|for|from|in|of|on|since|till|to|until|with)\s+"
    r"(?:how\s+\w+|(?:what|which)(?:\s+\w+)?|what|when|where|whom?)\s*\W*",
    re.IGNORECASE,
)
# Anywhere: words that may stand for something in the question before.
POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|these|those|there|then"
    r"|the same|the other|the others|that(?=\s*(?:\?|$|happen|mean|is|was|one)))\b",
    re.IGNORECASE,
)

# Anywhere, letters as they are: a name, and behind it the pronoun that stands for it.
REFERS_INSIDE = re.compile(r"\S\s+(?!I\b)[A-Z]\w.*\b(?:he|she|they|him|her|his|their|it|its)\b")

# Words on -s that name one thing, or nothing.
_SINGULAR = "news|politics|economics|series|means|this|is|was|does|has|says|perhaps|always"
_PLURAL = rf"(?!(?:{_SINGULAR})\b|\S*(?:ss|us|is)\b)[a-z]+s\b"
# Anywhere: the question asks for several things.
ASKS_FOR_LIST = re.compile(
    rf"\b(?:what|which)\s+(?:(?!is\b|was\b|does\b|did\b|has\b)\w+\s+){{0,2}}{_PLURAL}"
    rf"|\bwhat\s+(?:are|were)\b|\b(?:list|name|enumerate)\b|\b(?:reasons|ways|steps|points)\b",
    re.IGNORECASE,
)
# Anywhere: it asks for all that is laid down of something ("what are the rules on guests?").
ASKS_FOR_RULES = re.compile(
    r"\b(?:what|which|list|name)\b[^?]*\b(?:rules|conditions|requirements|criteria|duties"
    r"|obligations|provisions|regulations|restrictions)\b",
    re.IGNORECASE,
)

# Anywhere: the question asks for a number, an age, a date.
ASKS_FOR_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|old|long|far|often|tall|large|big|fast|high|deep|wide|heavy)\b"
    r"|\b(?:what|which)\s+(?:percent|percentage|number|amount|proportion|fraction|age)\b",
    re.IGNORECASE,
)
ASKS_FOR_AGE = re.compile(r"\bhow\s+old\b|\b(?:what|which)\b[^?]*\bage\b", re.IGNORECASE)
ASKS_FOR_DATE = re.compile(
    r"\bwhen\b|\b(?:what|which)\s+(?:year|month|day|date|century|decade|time|season)\b",
    re.IGNORECASE,
)
# At the beginning: the question is answered with yes or no.
ASKS_YES_OR_NO = re.compile(
    r"\s*(?:(?:and|but|so|or|then),?\s+)*"
    r"(?:is|are|am|was|were|do|does|did|can|could|will|would|shall|should|has|have|had|may|might"
    r"|must|need|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|don['’]t|doesn['’]t|didn['’]t|can['’]t"
    r"|couldn['’]t|won['’]t|wouldn['’]t|shouldn['’]t|hasn['’]t|haven['’]t|hadn['’]t)\s+\S",
    re.IGNORECASE,
)
# Anywhere: the question is negated.
NEGATED_QUESTION = re.compile(
    r"\b(?:not|never|cannot|without|neither|nor)\b|n['’]t\b", re.IGNORECASE
)

# Sentences

# Anywhere: the sentence gives an age.
AGE = re.compile(r"\b(?:aged?|born|years?|\w+ties|teens)\b|\b\d{1,3}\b", re.IGNORECASE)
# Anywhere: the sentence is negated.
NEGATED_SENTENCE = re.compile(
    r"\b(?:not|never|no|none|without|cannot|neither|nor|un\w+)\b|n['’]t\b", re.IGNORECASE
)
# Words that give a number.
NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve dozen hundred thousand "
    "million billion half third quarter twice once first second no none few several many most"
)
# Names of months and days.
CALENDAR = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
# Words that give a date or a time.
DATE_WORDS = (
    f"{CALENDAR} century centuries decade "
    "yesterday today tomorrow tonight morning evening night week month year ago after before "
    "since until during when while spring summer autumn winter now soon early late"
)
# Anywhere: somebody speaks.
SPEECH = re.compile(
    r"\b(?:said|says|say|told|tells|added|adds|asked|asks|according to|wrote|writes|replied|argued"
    r"|argues|explained|explains|claimed|claims|stated|states|warned|warns|insisted|noted|notes"
    r"|announced|admitted|commented|continued|concluded|recalled|suggested|tweeted|called)\b"
)
# At the beginning: the sentence leans on the one before it.
LEANS_ON_PREVIOUS = re.compile(
    r"[“\"«„]?(?:He|She|They|It|His|Her|Their|Its|This|These|That|Those|Such|But|However|Yet|Still"
    r"|Instead|Also|And|So|Then|Therefore|Thus|Both|Neither|Another|Otherwise|Nevertheless"
    r"|The (?:same|latter|former|two))\b"
)
# Anywhere: the sentence says what became of what the one before it says ("They rejected that: …").
REFERS_BACK = re.compile(
    r"\b(?:accepted|agreed to|approved|confirmed|declined|denied|dismissed|disputed|opposed|refused"
    r"|rejected|ruled out|turned down)\s+(?:that|this|it|them|both)(?=\s*(?:[.,:;!?–—]|$))"
)
# At the beginning: the sentence takes back or limits what the one before it says.
TAKES_BACK = re.compile(
    r"(?:But|However|Yet|Nevertheless|Nonetheless|Instead|Otherwise|Except|Unless)\b"
    r"|(?:That|This)\b[^.,;:]{0,40}(?:n['’]t|\b(?:not|never|no longer|no|wrong|over|only|changed"
    r"|cancelled|denied|refused|rejected|withdrawn))\b"
)
# Anywhere: how many things of a kind there are ("has four roles", "the following steps").
COUNTED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
           "ten": 10}  # fmt: skip
ANNOUNCED_NUMBER = re.compile(
    rf"\b({'|'.join(COUNTED)}|several|various|the following)\s+(?:\w+\s+){{0,2}}{_PLURAL}",
    re.IGNORECASE,
)
# Anywhere in a word, at the end of a line: the line below goes on with the sentence.
GOES_ON = re.compile(
    r"(?:,|[-–—]|(?<![\w'’])(?:a|an|the|and|or|but|nor|of|in|on|at|to|for|from|by|with|without|as"
    r"|than|that|which|who|whose|where|when|while|if|is|are|was|were|be|been|has|have|had|not|this"
    r"|these|its|their|his|her|our|your|under|over|into|through|between|because|such|any|all|no"
    r"|each|every|section|version|clause|article|figure|table|chapter|page))$",
    re.IGNORECASE,
)
# Behind a quotation that ends with ? or !: who says it, so that the sentence goes on.
SPEAKER_TAG = re.compile(
    r"(?<=[?!…][\"”’»“])\s+(?!(?:He|I|It|She|The|They|We|You)\b)(?:[A-Z][\w.-]*\s+){1,3}"
    r"(?:added|answered|asked|asks|replied|said|says|told|wrote)\b"
)

# Lists

# At the beginning: the last item, before what it is.
CONJUNCTION = re.compile(r"(?:and|or)[, ]\s*", re.IGNORECASE)
# At the beginning: an item that names what is done; and the words on -ing that begin none.
GERUND = re.compile(r"[A-Za-z]{2,}ing\b")
NOT_GERUNDS = {"during", "according", "following", "king", "nothing", "something", "everything",
               "anything", "morning", "evening", "spring", "meeting", "wing", "thing"}  # fmt: skip
# At the beginning: an item that names what is to be done.
INFINITIVE = re.compile(r"[Tt]o [a-z]+")
# At the beginning: an item that says its number, or that it is the last.
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
ORDINAL = re.compile(rf"(?:and\s+)?({'|'.join(ORDINALS)})(?:ly)?\b[,:]?\s", re.IGNORECASE)
LAST_ORDINAL = re.compile(r"(?:and\s+)?(?:final|last)ly\b", re.IGNORECASE)
# Anywhere: the sentence introduces a list.
ANNOUNCES_LIST = re.compile(
    r"\b(?:these|this list|the following|as follows|below|several|two|three|four|five|six|seven"
    r"|eight|nine|ten|\d{1,2})\b|:[”\"»)\]]*$",
    re.IGNORECASE,
)
