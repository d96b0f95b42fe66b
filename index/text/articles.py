"""
Text into articles: the only place that normalises.

Offsets everywhere else count code points of what ``normalise`` returns.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace

from index.datatypes import Article
from index.errors import ArticleError
from index.languages.registry import DEFAULT_LANGUAGE, checked_language, detect_language
from index.text.front_matter import read_front_matter, split_front_matter
from index.text.paragraphs import LIST_MARKER, split_paragraphs
from index.text.plain_blocks import line_kind
from index.text.sentences import split_sentences

MAX_CHARACTERS = 10_000_000
MAX_ID = 200
MAX_TITLE = 150  # characters; a longer first line is a paragraph

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# U+3000 is here too: it indents paragraphs and separates names, and a plain space does both.
_SPACES = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Kept: the joiners U+200C and U+200D, which spell Persian and Indic words and build emoji, and
# the marks U+200E and U+200F, which place the punctuation of mixed-direction lines. Embeddings,
# overrides and isolates go: a passage that holds only one of a pair would turn its reader's line.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HEADING = re.compile(r"#{1,6}\s+(.*?)(?:\s+#+)?\s*")
_EMPHASIS = re.compile(r"(\*{1,3})([^*]+)\1")
_SUFFIX = re.compile(r"\.[a-z]\w{0,4}$", re.IGNORECASE)


def normalise(text: str) -> str:
    """
    *text* in the one form that is stored: NFC, line ends as a line feed, spaces plain.

    Soft hyphens, zero-width and control characters go; quotation marks, case and tabs stay.
    At most one blank line stands between paragraphs, none around the text; lone surrogates,
    which cannot be stored, become U+FFFD. Doing it twice changes nothing more.
    """
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _INVISIBLE.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)))
    text = unicodedata.normalize("NFC", text)  # last: what was removed may have parted an accent
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def digest(text: str) -> str:
    """SHA-256 of the normalised *text* in hexadecimal: what makes two texts the same."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def find_title(text: str, fallback: str, language: str = DEFAULT_LANGUAGE) -> str:
    """The first line of the normalised *text* when it reads like a title, else *fallback*."""
    head = text[:10_000]
    if split_front_matter(head):
        return _titled_by_front_matter(text) or fallback
    if heading := _HEADING.fullmatch(head.partition("\n")[0][: 2 * MAX_TITLE]):
        title = _EMPHASIS.sub(r"\2", heading[1]).strip()
        return title if 0 < len(title) <= MAX_TITLE else fallback
    paragraphs = [head[span.start : span.end] for span in split_paragraphs(head)]
    said = [words for words in paragraphs if line_kind(words) != "boilerplate"]
    first, *following = said or [""]
    title = _without_underline(first)
    body = max(map(len, following[:3]), default=0)  # after it a date and a name may stand
    return title if _reads_like_title(title, body, language) else fallback


def make_article(  # noqa: PLR0913 (what is known of a text)
    text: str,
    *,
    id: str | None = None,  # noqa: A002 (the field's name)
    title: str | None = None,
    source: str | None = None,
    language: str | None = None,
    name: str = "text",
) -> Article:
    """
    An article of *text*, normalised.

    *name* says in messages what the text is, a file name for instance; without its suffix it
    gives the id and, when the text begins with no title, the title. *language* is an ISO 639-1
    code; it is detected when nobody said.

    Raises ArticleError when the text has no letter, digit or symbol, is longer than
    MAX_CHARACTERS, or the id or the language cannot be used.
    """
    begun = begin_article(text, id=id, title=title, source=source, language=language, name=name)
    return complete_article(begun, name)


def begin_article(  # noqa: PLR0913 (what is known of a text)
    text: str,
    *,
    id: str | None = None,  # noqa: A002 (the field's name)
    title: str | None = None,
    source: str | None = None,
    language: str | None = None,
    name: str = "text",
) -> Article:
    """
    All of ``make_article`` that may fail, and little of its cost.

    Title and language are empty where nobody said; ``complete_article`` finds them.
    """
    text = normalise(text)
    if not any(unicodedata.category(char)[0] in "LNS" for char in text):
        raise ArticleError(f"{name} holds no text; give an article with words in it.", "empty")
    if len(text) > MAX_CHARACTERS:
        raise ArticleError(
            f"{name} has {len(text):,} characters and an article at most {MAX_CHARACTERS:,}; "
            "split it into several.",
            "long",
        )
    return Article(
        id=_slug(_stem(name)) if id is None else _checked_id(id),
        title=" ".join(normalise(title).split()) if title else "",
        text=text,
        source=source,
        language="" if language is None else checked_language(language),
    )


def complete_article(article: Article, name: str) -> Article:
    """*article* of ``begin_article``, of a text called *name*, with its title and language."""
    language = article.language or detect_language(article.text)
    title = article.title or find_title(article.text, _stem(name), language)
    return with_front_matter(replace(article, title=title, language=language))


def _stem(name: str) -> str:
    return _SUFFIX.sub("", normalise(name)) or "text"


def with_front_matter(article: Article) -> Article:
    """*article* with the author, the date and the tags that its front matter gives."""
    told = read_front_matter(article.text)
    return replace(
        article,
        author=article.author or told.author,
        published=article.published or told.published,
        tags=article.tags or told.tags,
    )


def _titled_by_front_matter(text: str) -> str | None:
    """The title that the front matter of *text* gives, else that of the first heading below it."""
    title = read_front_matter(text).title
    if title is None:
        found = split_front_matter(text)
        below = text[found[1] :].strip().partition("\n")[0] if found else ""
        heading = _HEADING.fullmatch(below[: 2 * MAX_TITLE])
        title = _EMPHASIS.sub(r"\2", heading[1]).strip() if heading else None
    return title if title and len(title) <= MAX_TITLE else None


def _without_underline(paragraph: str) -> str:
    """*paragraph* without the line of = or - that makes it a heading in Markdown."""
    title, _, underline = paragraph.partition("\n")
    return title.rstrip() if re.fullmatch(r"=+|-+", underline) else paragraph


def _reads_like_title(line: str, body: int, language: str) -> bool:
    """
    Whether the first paragraph *line* names what follows: a paragraph of *body* characters.

    One that ends like a sentence must be short beside it (the first article's title is a third
    of its first paragraph); prose that opens with a short paragraph seldom is.
    """
    if "\n" in line or len(line) > MAX_TITLE or LIST_MARKER.match(line):
        return False
    if len(split_sentences(line, language)) != 1 or line[0] in ">|" or line[-1] in ",;:":
        return False
    return body > (3 * len(line) if line[-1] in ".。।" else len(line))


def _checked_id(id: str) -> str:  # noqa: A002
    if not id:
        raise ArticleError("An article's id cannot be empty; give one or leave it out.")
    if len(id) > MAX_ID:
        raise ArticleError(
            f"The id {id[:20]!a}… has {len(id):,} characters and may have {MAX_ID}; "
            "give a shorter one."
        )
    if not id.isprintable() or any(char.isspace() for char in id):
        raise ArticleError(
            f"The id {id!a} holds white space or invisible characters; give one without."
        )
    return id


def _slug(name: str) -> str:
    """An id that can be read and typed: letters and digits of any script, joined by hyphens."""
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" or char in "_." else "-"
        for char in name.lower()
    )
    return re.sub(r"-{2,}", "-", kept).strip("-.")[:MAX_ID] or "text"
