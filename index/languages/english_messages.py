"""
The English of whole messages: greetings, thanks, wishes for a summary, who wrote it and when.

Cues and no proofs, like those of index.languages.english_cues.
"""

from __future__ import annotations

import re

# The whole message: a greeting.
GREETING = re.compile(
    r"(?:hi|hiya|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day))"
    r"(?: (?:there|all|everyone|everybody|bot))?(?:[\s,.!]|[^\w\s?])*",
    re.IGNORECASE,
)
# The whole message: thanks, or a farewell.
THANKS = re.compile(
    r"(?:(?:ok|okay|great|perfect|nice|cool|good)[,.! ]+)?"
    r"(?:thanks|thank you|thankyou|thx|many thanks|cheers)"
    r"(?: (?:a lot|so much|very much|again|bot|for .{1,40}))*(?:[\s,.!]|[^\w\s?])*"
    r"|(?:ok|okay|great|perfect|got it|bye|goodbye|see you)(?:[\s,.!]|[^\w\s?])*",
    re.IGNORECASE,
)
# At the beginning: a greeting before a question.
OPENING_GREETING = re.compile(
    r"(?:(?:hi|hiya|hello|hey|howdy|greetings)(?: (?:there|all|everyone|everybody|bot))?[\s,.!]+"
    r"|good (?:morning|afternoon|evening|day)[,.!]+\s*)",
    re.IGNORECASE,
)
# At the beginning: words before a question that say nothing about it.
BEFORE_QUESTION = re.compile(
    r"\s*(?:(?:so|well|now|and)?,?\s*(?:please[, ]+)?"
    r"(?:(?:can|could|would) (?:you|u)(?: please)? (?:tell me|explain(?: to me)?|say|show me)"
    r"|(?:do|does) (?:you|anyone|anybody) know|please tell me|tell me|remind me"
    r"|i(?:'d|’d| would) like to know|i (?:want|need) to know|i wonder|just wondering,?|quick"
    r" question[:,]?)(?:,? if|:)?\s+"
    r"|please[, ]+|(?:according to|in) (?:the|this) (?:article|text|story|post|report),?\s+)",
    re.IGNORECASE,
)
# Anywhere, but it holds for the end only: words behind a question that say nothing about it.
BEHIND_QUESTION = re.compile(
    r"(?:,?\s+(?:according to|in|from) (?:the|this) (?:article|text|story|post)"
    r"|,?\s+(?:please|pls|plz)|[,.!]\s+(?:thanks|thank you|thx))\s*(?=[?.!]*\s*$)",
    re.IGNORECASE,
)
_ARTICLES = (
    r"article|text|story|post|report|news|document|page|file|paper|guide|manual|recipe|notice|book"
    r"|pdf"
)
# What may as well be in an article: nobody asks with these words who wrote the article itself.
_TOLD = (
    r"interview|letter|faq|licen[cs]e|contract|announcement|review|essay|column|speech|chapter"
    r"|transcript|statement|newsletter|e?mail|message"
)
_THE_ARTICLE = rf"(?:this|it|that|(?:the|this) (?:(?:whole|entire) )?(?:{_ARTICLES}))"
_THE_TEXT = rf"(?:this|it|that|(?:the|this) (?:(?:whole|entire) )?(?:{_ARTICLES}|{_TOLD}))"
# At the end, but for its last marks: how long a summary shall be.
SUMMARY_LENGTH = re.compile(
    r",?\s+in (?P<number>\d|a|one|two|three|four|five|six|seven|eight|nine)(?: short)?"
    r" (?:sentences?|lines?|points?)"
    r"|,?\s+(?:(?:very )?briefly|in short|in (?:a )?few (?:words|sentences|lines))",
    re.IGNORECASE,
)
NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
           "eight": 8, "nine": 9}  # fmt: skip
# Anywhere in such a message: it shall be short.
SHORT_SUMMARY = re.compile(r"\b(?:short|brief|briefly|quick|tl;?\s?dr|nutshell)\b", re.IGNORECASE)
# The whole message without its last marks: what the article is about.
ASKS_FOR_SUMMARY = re.compile(
    "|".join([
        r"(?:so,? )?what(?:['’]s| is) (?:new|the news)(?: here)?",
        rf"what(?:['’]?s| is| was)? {_THE_TEXT}(?: \w+)? (?:all )?about",
        r"what(?:['’]s| is) the (?:topic|subject)",
        rf"what does {_THE_TEXT} (?:say|talk about|report|cover|describe)",
        r"what happened(?: here)?",
        r"(?:give me |write |i need )?(?:an? |the )?(?:short |brief |quick )?"
        rf"(?:summary|overview|gist|tl;?\s?dr|recap)(?: of {_THE_TEXT})?",
        r"(?:(?:can|could|would) you (?:please )?)?(?:summari[sz]e|sum up|recap|outline)"
        rf"(?: {_THE_TEXT})?(?: up)?(?: for me)?",
        r"(?:what (?:are|is) )?(?:the )?(?:main|key|most important) "
        rf"(?:points?|ideas?|facts?|messages?|takeaways?|thing)(?: of {_THE_TEXT})?",
        r"(?:in|to) (?:short|brief|a nutshell)",
    ]),
    re.IGNORECASE,
)  # fmt: skip

# The whole message without its last marks: who wrote the article, and when it appeared.
_WRITTEN = r"(?:written|published|posted|released|updated|revised|created|issued|made)"
ASKS_FOR_AUTHOR = re.compile(
    rf"(?:who|which \w+) (?:wrote|writes|made|created|published|reported|maintains) {_THE_ARTICLE}"
    rf"|(?:by whom|by who) (?:was|is) {_THE_ARTICLE} {_WRITTEN}"
    rf"|who (?:was|is) {_THE_ARTICLE} {_WRITTEN}? ?by"
    r"|(?:who (?:is|are|was|were)|what is|name|who['’]s)?\s?the"
    r" (?:name of the )?(?:authors?|writer|journalist|reporter)"
    rf"(?: (?:of|behind) {_THE_ARTICLE})?",
    re.IGNORECASE,
)
# The whole message without its last marks: who made something that may be the article's title.
ASKS_FOR_MAKER = re.compile(
    r"who (?:wrote|writes|made|makes|created|published|maintains|is (?:the )?(?:author|maintainer)"
    r" of|is behind) (?P<work>.+)",
    re.IGNORECASE,
)
ASKS_FOR_PUBLICATION = re.compile(
    rf"(?:when|on (?:what|which) (?:day|date)|in (?:what|which) (?:year|month)) (?:was|is|did)"
    rf" {_THE_ARTICLE} (?:first |last )?(?:{_WRITTEN}|appear|come out)"
    rf"|(?:what is )?the date(?: (?:of|on) {_THE_ARTICLE})?"
    rf"|how old is {_THE_ARTICLE}",
    re.IGNORECASE,
)
# Anywhere in a question: it is English, where "I", "me" and "my" are of who asks.
ASKS_IN_ENGLISH = re.compile(
    r"\b(?:am|are|can|could|did|do|does|had|has|have|how|if|is|may|must|shall|should|was|were|what"
    r"|when|where|which|who|why|will|would)\b",
    re.IGNORECASE,
)
# Behind one of these "I" is who asks, and no number ("World War I", "Elizabeth I").
_BEFORE_I = (
    r"^|[,.;:?!]\s*|\b(?:after|and|as|because|before|but|can|could|did|do|had|have|how|if|may|might"
    r"|must|need|once|or|shall|should|than|that|unless|until|what|when|where|which|while|who|will"
    r"|would|(?:ca|could|did|do|does|should|wo|would)n['’]t)\s+"
)
# "the book I lost": behind a word in small letters, when that is not counted ("phase I trials").
_COUNTED = "annex article chapter class grade group level part phase stage title type volume war"
_NOT_COUNTED = "".join(rf"(?<!\b{word} )" for word in _COUNTED.split())
_BEHIND_NOUN = rf"(?-i:(\b[a-z]+ ){_NOT_COUNTED}I(?= [a-z]))"
# What who asks says of themselves, and how who answers says it.
AS_ADDRESSED = [
    (re.compile(pattern, re.IGNORECASE), addressed)
    for pattern, addressed in (
        (r"\bam I\b", "are you"),
        (r"\bwas I\b", "were you"),
        (rf"({_BEFORE_I})I(?:\s+am\b|['’]m\b)", r"\1you are"),
        (rf"({_BEFORE_I})I\s+was\b", r"\1you were"),
        (rf"({_BEFORE_I})I\b", r"\1you"),
        (_BEHIND_NOUN, r"\1you"),
        (r"^my\b|(?-i:\bmy\b)", "your"),
        (r"\bmyself\b", "yourself"),
        (r"(?<!tell )(?<!give )(?<!show )(?<!let )(?<!remind )(?-i:\bme\b)", "you"),
    )
]
