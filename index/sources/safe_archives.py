"""Archives that somebody made: read member by member, within limits, never unpacked to disk."""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib

from index.errors import ArticleError

MAX_MEMBERS = 20_000
MAX_UNPACKED = 300_000_000  # bytes of all members together
MAX_MEMBER = 60_000_000  # bytes of one member
MAX_RATIO = 200  # times that a member may grow; XML of real documents grows less than 60-fold
SMALL = 1_000_000  # bytes up to which the ratio is no matter
# What the library raises for an archive that is not whole.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
_DECLARATIONS = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


class SafeArchive:
    """The members of a zip archive *data*; raises ArticleError for one that is made to harm."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as exc:
            raise ArticleError(f"{name} is a damaged archive; save the document anew.") from exc
        self._check()

    def _check(self) -> None:
        members = self._archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise self._harmful(f"holds {len(members):,} files")
        if len({member.filename for member in members}) < len(members):
            raise self._harmful("holds two files of one name")
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            raise self._harmful(f"unpacks to more than {MAX_UNPACKED:,} bytes")
        for member in members:
            grown = member.file_size > max(SMALL, MAX_RATIO * member.compress_size)
            if grown or member.file_size > MAX_MEMBER:
                raise self._harmful("holds a file that unpacks to far more than it is")
            path = posixpath.normpath(member.filename)
            if path.startswith(("/", "..")) or "\\" in path or ":" in path.split("/")[0]:
                raise self._harmful("names a file outside of itself")

    def _harmful(self, what: str) -> ArticleError:
        return ArticleError(f"{self._name} {what}, which no document does; it is not read.")

    def names(self) -> list[str]:
        """The paths of all members."""
        return self._archive.namelist()

    def read(self, path: str) -> bytes:
        """The bytes of a member, never more than it says; raises ArticleError when it has none."""
        try:
            member = self._archive.getinfo(path)
            if member.flag_bits & 1:
                raise ArticleError(
                    f"{self._name} is locked by a password; save it without one.", "locked"
                )
            with self._archive.open(member) as stream:
                data = stream.read(MAX_MEMBER + 1)
        except KeyError as exc:
            raise ArticleError(f"{self._name} lacks a part of itself; save it anew.") from exc
        except _DAMAGE as exc:
            raise ArticleError(f"{self._name} is a damaged archive; save it anew.") from exc
        if len(data) > MAX_MEMBER:
            raise self._harmful("holds a file that unpacks to far more than it says")
        return data

    def refuse_declarations(self) -> None:
        """Raise ArticleError when a member that is XML declares a type or entities."""
        for path in self.names():
            if path.lower().endswith((".xml", ".rels")) and declares(self.read(path)):
                raise self._harmful("declares entities")


def declares(xml: bytes) -> bool:
    """Whether *xml* has a declaration of a type or of entities, in any encoding of Unicode."""
    upper = xml.upper()
    return any(mark.upper() in upper for mark in _DECLARATIONS)
