"""Bytes into text: Unicode with and without marks, old encodings, and what is no text."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.text.decoding import ADVICE, Decoded, decode

RUSSIAN = (
    "Вчера в столице открылась новая библиотека. Горожане ждали её более двадцати лет, и в первый "
    "же день пришло около трёх тысяч человек. «Мы не ожидали такого интереса», — сказала директор. "
    "Здание построено на месте старого рынка; его стены сложены из местного камня."
)
GERMAN = (
    "Gestern wurde in der Hauptstadt eine neue Bücherei eröffnet. Über zwanzig Jahre hatten die "
    "Bürger darauf gewartet; schon am ersten Tag kamen rund dreitausend Menschen. „Damit hatten "
    "wir nicht gerechnet“, sagte die Leiterin. Größere Säle öffnen im Frühjahr."
)
SPANISH = (
    "Ayer se abrió en la capital una nueva biblioteca. Los vecinos la habían esperado más de "
    "veinte años y el primer día acudieron unas tres mil personas. «No lo esperábamos», dijo la "
    "directora. "
    "¿Quién la pagó? El próximo año abrirá un jardín en la azotea."
)
JAPANESE = (
    "昨日、首都に新しい図書館が開館した。市民は二十年以上も待っていた。初日には約三千人が訪れた。"
    "「これほどの関心は予想していなかった」と館長は語った。建物は古い市場の跡地に建てられた。"
)
CHINESE = (
    "昨天，首都一座新的图书馆开馆了。市民们等了二十多年，第一天就有大约三千人前来参观。"
    "馆长说：“我们没有想到会有这么多人感兴趣。”这座建筑建在旧市场的原址上。"
)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Zürich 😀".encode(), "utf-8"),
        ("Zürich 😀".encode("utf-8-sig"), "utf-8-sig"),
        ("Zürich 😀".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "Zürich 😀".encode("utf-16-be"), "utf-16"),
        ("Zürich 😀".encode("utf-32"), "utf-32"),
        (b"\x00\x00\xfe\xff" + "Zürich 😀".encode("utf-32-be"), "utf-32"),
    ],
)
def test_unicode_is_decoded_without_notice(data: bytes, encoding: str) -> None:
    """UTF-8, and UTF-16 or UTF-32 with a byte order mark, need no guess."""
    assert decode(data, "a.txt") == Decoded("Zürich 😀", encoding, None)


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN.replace("—", "-"), "koi8_r", None),
        (GERMAN, "cp1252", "windows-1252"),
        (SPANISH, "latin-1", "windows-1252"),
        (JAPANESE, "shift_jis", "cp932"),
        (CHINESE, "gb18030", "gb18030"),
        (f"{GERMAN}\n\n" * 400, "cp1252", "windows-1252"),
    ],
)
def test_legacy_encoding_is_detected_with_a_notice(
    text: str, encoding: str, label: str | None
) -> None:
    """A few hundred letters tell the encoding, and the reader is told that it was guessed."""
    decoded = decode(text.replace("«", '"').replace("»", '"').encode(encoding), "old.txt")

    assert decoded.text == text.replace("«", '"').replace("»", '"')
    assert decoded.notice == (
        f"old.txt is not UTF-8; read as {label or 'koi8-r'}: check the letters."
    )


@pytest.mark.parametrize(
    ("data", "text", "lost"),
    [
        ("“Zürich” — schön".encode()[:-2], "“Zürich” — sch\ufffd", "1 place is"),
        ("“Zürich” — ".encode() + b"\xff, \xfe", "“Zürich” — \ufffd, \ufffd", "2 places are"),
    ],
)
def test_damaged_utf_8_stays_utf_8(data: bytes, text: str, lost: str) -> None:
    """A file that breaks off inside a letter is not taken for another encoding as a whole."""
    notice = f"a.txt is damaged UTF-8; {lost} lost and shown as \ufffd."

    assert decode(data, "a.txt") == Decoded(text, "utf-8", notice)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(50), "it looks like a JPEG image"),
        (b"%PDF-1.7\n1 0 obj", "it looks like a PDF"),
        (b"PK\x03\x04" + bytes(20), "it looks like a ZIP archive or an office document"),
        (b"text with a\x00NUL", "it holds NUL bytes"),
        ("Zürich".encode("utf-16-le"), "it holds NUL bytes"),
        (b"\xfc\x00\xff\x00", "it holds NUL bytes"),
        (b"\x01\x02\x03text" * 20, "it is full of control characters"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, why: str) -> None:
    """Images, archives and garbage are named in one sentence."""
    with pytest.raises(ArticleError) as caught:
        decode(data, "a.bin")
    assert str(caught.value) == f"a.bin is not text ({why}); {ADVICE}"


def test_undetectable_bytes_are_refused() -> None:
    """Bytes that no known encoding makes sense of are refused."""
    with pytest.raises(ArticleError) as caught:
        decode(bytes(range(128, 256)) * 4, "a.txt")
    assert str(caught.value) == "a.txt is not text in any encoding known here; save it as UTF-8."


def test_broken_utf_16_is_refused() -> None:
    """A byte order mark is believed, and what does not follow it is an error."""
    with pytest.raises(ArticleError) as caught:
        decode(b"\xff\xfea\x00b", "a.txt")
    assert str(caught.value) == (
        "a.txt begins like UTF-16 but breaks off at byte 4; save it again as UTF-8."
    )
