"""
The English by which blocks are told apart: by-lines, captions, lines that are there for the page.

Cues and no proofs, like those of index.languages.english_cues.
"""

from __future__ import annotations

import re

# In a heading: an abstract follows.
ABSTRACT = re.compile(
    r"^[#*\s\d.]*(?:abstract|(?:executive )?summary|at a glance|key points|overview|in brief"
    r"|the short version|tl;?dr)\b",
    re.IGNORECASE,
)
# At the beginning: who wrote it, and when.
BYLINE = re.compile(
    r"(?:[Bb]y|BY)\s+[A-Z][\w.'’-]+(?:\s+(?:and|&|de|van|von|[A-Z][\w.'’-]*))*\s*(?:$|[|·•,–—-]|\n)"
    r"|(?:[A-Z][\w.'’-]+\s+){1,4}<\S+@[\w.-]+>$"
    r"|\W{0,2}(?:Published|Updated|Posted|Last (?:updated|modified|reviewed)|Written by|Author|Date"
    r"|Maintained by)\b(?!\s+(?:in|at|as|since)\b)",
)
# Anywhere in such a line: it names who, or when.
NAMES_AUTHOR = re.compile(
    r"\b[Bb](?:y|Y):?\s+[A-Z]|\b(?i:authors?|maintainers?|(?:written|maintained) by)\b:?\s*\S"
    r"|<\S+@\S+>$"
)
NAMES_DATE = re.compile(r"\b(?:1[5-9]|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
# Anywhere: a line that is there for the site and not for the article.
BOILERPLATE = re.compile(
    r"\b(?:subscribe (?:to|now|today)|sign up (?:for|to)|(?:our|free|daily|weekly) newsletter"
    r"|we (?:and our partners )?use cookies|this (?:site|website|page) uses cookies"
    r"|accept (?:all )?cookies|accept all|manage preferences"
    r"|cookie (?:policy|settings|preferences)|privacy policy|all rights reserved"
    r"|terms (?:of use|and conditions apply)|follow us on|share (?:this|on)\b"
    r"|(?:like|find) us on facebook|click here to|read (?:more|also):"
    r"|related (?:articles?|stories|posts)|you (?:may|might) also like"
    r"|recommended (?:for you|stories)|skip to (?:main )?content|back to top|download our app"
    r"|leave a comment|^advertisement|sponsored content|\d+ min read)"
    r"|^\W*©|^\{\{.*\}\}$",
    re.IGNORECASE,
)
# At the beginning of a sentence: it speaks of the text as a page has it, and not of its subject.
SPEAKS_OF_TEXT = re.compile(
    r"\W*This (?:is|was) an? (?:condensed|shortened|abridged|edited|machine[- ]translated) "
    r"(?:version|summary|excerpt|transcript)\b"
    r"|\W*(?:Read|See) the (?:full|original|whole) (?:story|article|text|post|report)\b",
    re.IGNORECASE,
)
# At the beginning: what stands below a picture or a table.
CAPTION = re.compile(
    r"(?:Fig(?:ure|\.)?|Table|Photo(?:graph)?|Image|Picture|Illustration|Map)\s?\d{0,3}\s?[:.|—–]\s"
    r"|(?:Photo|Image|Picture|Illustration|Credit)(?:s| credit| by)?:?\s.{0,80}"
    r"(?:Getty|Reuters|AP|AFP|Wikimedia)",
)
# At the beginning of a sentence: it corrects what an earlier version of the text said.
CORRECTS = re.compile(
    r"[\W_]*(?:(?:Correction|Clarification|Editor['’]s note|Update)\b[^.!?]{0,30}:"
    r"|(?:An earlier|A previous) version of this\b"
    r"|This (?:article|story|post|text) (?:was|has been) (?:corrected|amended|updated)\b)",
    re.IGNORECASE,
)
# In a heading: what stands below it is to be done in turn.
ANNOUNCES_STEPS = re.compile(
    r"\b(?:steps?|method|methods|instructions?|directions?|preparation|procedure|how to|recipe"
    r"|walkthrough|installation|setup|getting started|checklist|reasons|tips|agenda)\b",
    re.IGNORECASE,
)
# In the main clause of a numbered paragraph: it states something, and is no step to be done.
STATES = re.compile(
    r"^(?:An?|The|No|Any(?:one|body)?|Each|Every(?:one|body)?|All|Nobody|Whoever|Some|Both|Neither"
    r"|He|She|They|It|We|You)\b"
    r"|\b(?:may|must|shall|should|can(?:not)?|will|would|is|are|was|were|has|have|had|does|do|costs?"
    r"|applies|apply|consists?|includes?|means|becomes?|expires?)\b"
)
# Anywhere: another numbered paragraph of the same text is named.
REFERS_TO_NUMBER = re.compile(
    r"\b(?:paragraphs?|rules?|sections?|clauses?|articles?|points?|items?|regulations?|no\.)\s"
    r"(\d{1,3}(?:\.\d{1,2})*)\b|§\s?(\d{1,3}(?:\.\d{1,2})*)\b",
    re.IGNORECASE,
)
# Here the main clause of a sentence ends.
SUBORDINATES = re.compile(
    r"[.;:!?](?:\s|$)|\b(?:until|till|when|while|if|unless|so that|that|which|who|whose|because"
    r"|before|after|as|where)\b",
    re.IGNORECASE,
)
# A line that is only a date, with or without a weekday, a place before it or a time behind it.
DATE_LINE = re.compile(
    r"(?:[^\W\d_][\w .'’-]{1,40}, )?(?:[^\W\d_]{2,12}\.?,? )?"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)? (?:de |of )?[^\W\d_]{3,12}\.?,? (?:de )?(?:1[5-9]|20)\d\d"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?, (?:1[5-9]|20)\d\d"
    r"|(?:1[5-9]|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d\d){1,2})"
    r"(?:,? (?:at )?\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?)?"
)
# A line that is only a place: of a region, or with the agency that sent the news from there.
PLACE_LINE = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){0,2}"
    r"(?:, [A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){0,2}| \((?:Reuters|AP|AFP|dpa|PA)\))"
)
