"""The lines of a JSONL file, as objects."""

from __future__ import annotations

import json

from index.errors import ArticleError


def parse_record(line: bytes) -> dict[str, object]:
    """The object in *line*; an ArticleError says what follows "Line 7 of news.jsonl"."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise ArticleError(f"is not UTF-8 (at byte {exc.start + 1:,})") from exc
    except json.JSONDecodeError as exc:
        reason = exc.msg.removesuffix(" at")
        raise ArticleError(f"is not JSON ({reason} at column {exc.colno:,})") from exc
    except (ValueError, RecursionError) as exc:  # a number or a nesting without end
        raise ArticleError("is not JSON that can be read here") from exc
    if not isinstance(record, dict):
        raise ArticleError('is not a JSON object with "text"')
    return record


def string_of(record: dict[str, object], key: str) -> str | None:
    """The string that *record* has as its *key*, None where it has none; raises ArticleError."""
    value = record.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ArticleError(f'has no string as its "{key}"')


def kept_before(read: int) -> str:
    """What becomes of the *read* articles before a bad line, and what to do."""
    match read:
        case 0:
            before = "nothing before it was added"
        case 1:
            before = "the article before it is kept"
        case _:
            before = f"the {read:,} articles before it are kept"
    return f"{before}, mend the line and add the file again."
