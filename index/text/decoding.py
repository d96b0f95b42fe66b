"""Bytes into text: Unicode, or the legacy encoding that the bytes look like."""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import ArticleError

DETECTION_SAMPLE = 65_536  # bytes that a legacy encoding is recognised by
ADVICE = "give a text, a page, a PDF, a DOCX, an EPUB or a mail."  # after what is wrong with a file

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SIGNATURES = (
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
)
# What people's old files are in. Offering the detector more only lets it err in more ways.
_LEGACY = (
    *("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("koi8_r", "cp866", "cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
_CONTROLS = frozenset(map(chr, [*range(9), *range(14, 32), 127]))


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of some bytes; *notice* says so when its encoding had to be guessed."""

    text: str
    encoding: str
    notice: str | None = None


def decode(data: bytes, name: str) -> Decoded:
    """
    The text of *data*: Unicode, or a legacy encoding that charset-normalizer recognises.

    Raises ArticleError, naming the file by *name*, when the bytes are no text.
    """
    if kind := next((kind for start, kind in _SIGNATURES if data.startswith(start)), None):
        raise ArticleError(f"{name} is not text (it looks like {kind}); {ADVICE}", "unsupported")
    encoding = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "utf-8")
    try:
        decoded = Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as exc:
        if encoding != "utf-8":
            raise ArticleError(
                f"{name} begins like {encoding.upper()} but breaks off at byte {exc.start:,}; "
                "save it again as UTF-8."
            ) from exc
        decoded = _decode_damaged(data, name) or _decode_legacy(data, name)
    _refuse_binary(decoded.text, name)
    return decoded


def _decode_damaged(data: bytes, name: str) -> Decoded | None:
    """
    The text of UTF-8 that holds a few wrong bytes, or breaks off inside a letter.

    None when hardly a letter beyond ASCII is whole: then it is another encoding, in which some
    pairs of letters (a sixth of those of Chinese ones) look like a letter of UTF-8.
    """
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) < 3 * lost:
        return None
    number = "1 place is" if lost == 1 else f"{lost:,} places are"
    return Decoded(text, "utf-8", f"{name} is damaged UTF-8; {number} lost and shown as \ufffd.")


def _decode_legacy(data: bytes, name: str) -> Decoded:
    if b"\x00" in data:
        raise ArticleError(f"{name} is not text (it holds NUL bytes); {ADVICE}", "unsupported")
    encoding = _detect(data)
    if encoding is None:
        raise ArticleError(
            f"{name} is not text in any encoding known here; save it as UTF-8.", "unsupported"
        )
    label = encoding.replace("cp125", "windows-125").replace("_", "-")
    notice = f"{name} is not UTF-8; read as {label}: check the letters."
    return Decoded(data.decode(encoding, "replace"), encoding, notice)


def _detect(data: bytes) -> str | None:
    """The legacy encoding of *data*, the commonest when several give the same text."""
    from charset_normalizer import from_bytes  # seldom needed, slow to import

    # The sample ends at a line end: half a letter would rule out the right encoding.
    sample = (
        data
        if len(data) <= DETECTION_SAMPLE
        else data[:DETECTION_SAMPLE].rpartition(b"\n")[0] or data[:DETECTION_SAMPLE]
    )
    best = from_bytes(sample, cp_isolation=list(_LEGACY)).best()
    if best is None:
        return None
    text = sample.decode(best.encoding, "replace")
    return next(name for name in _LEGACY if sample.decode(name, "replace") == text)


def _refuse_binary(text: str, name: str) -> None:
    """Raise ArticleError when *text* holds NUL, or more than 1 % of other control characters."""
    if "\x00" in text:
        raise ArticleError(f"{name} is not text (it holds NUL bytes); {ADVICE}", "unsupported")
    sample = text[:DETECTION_SAMPLE]
    if sum(char in _CONTROLS for char in sample) * 100 > len(sample):
        raise ArticleError(
            f"{name} is not text (it is full of control characters); {ADVICE}", "unsupported"
        )
