"""Settings, disks and caches: what can be seen on this machine alone."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryFile

from bot.config import DOTENV, PREFIX, Settings, config_file
from bot.doctor.findings import Finding, advice, failed, ok
from bot.nearest_command import nearest_command
from bot.plain_text import count
from index.encoding.export_cache import user_cache
from index.storage.engine import database_file

MEBIBYTE = 2**20
# Free bytes below which nothing may be left for the next articles, and for the next months.
TOO_LITTLE, LITTLE = 200 * MEBIBYTE, 1024 * MEBIBYTE
OTHER_VARIABLES = {"DEBUG"}  # that are read and are no settings


def examine_settings(settings: Settings) -> Iterator[Finding]:
    """Where settings come from; names that are none, and files with the token that others read."""
    known = {PREFIX + setting.name.upper() for setting in fields(Settings)}
    given = {name for name, value in os.environ.items() if value and name.startswith(PREFIX)}
    files = [str(path) for path in (Path(DOTENV), config_file()) if path.is_file()]
    places = [count(len(given & known), "variable"), *files]
    yield ok("configuration", f"settings are read ({', '.join(places)})")
    for name in sorted(given - known - {PREFIX + other for other in OTHER_VARIABLES}):
        near = nearest_command(name, (setting.lower() for setting in known))
        hint = f"; did you mean {near.upper()}?" if near else "."
        yield advice("configuration", f"{name} is no setting and is ignored{hint}")
    for path in (Path(DOTENV), config_file(), settings.token_file):
        if path is not None and path.is_file() and path.stat().st_mode & stat.S_IROTH:
            said = f"{path} may hold the token and can be read by everybody; run chmod 600 {path}."
            yield advice("configuration", said)


def examine_disks(database: str, settings: Settings) -> Iterator[Finding]:
    """How much room there is for what grows: the database, if it is a file here, and the cache."""
    places = {"the cache": settings.cache or user_cache()}
    file = database_file(database)
    if file is not None:
        places = {"the database": file.parent, **places}
    for name, folder in places.items():
        usage = shutil.disk_usage(existing(folder))
        if not usage.total:  # no disk, so that something else will be said of it
            continue
        free = usage.free
        said = f"{free / MEBIBYTE:,.0f} MiB are free for {name} ({folder})"
        if free < TOO_LITTLE:
            yield failed("disk", f"only {said}; make room.")
        elif free < LITTLE:
            yield advice("disk", f"only {said}; make room soon.")
        else:
            yield ok("disk", said)


def examine_cache(settings: Settings) -> Iterator[Finding]:
    """Whether the cache can be written, and how large it is."""
    folder = settings.cache or user_cache()
    if not can_be_written(folder):
        said = f"nothing can be kept in {folder}, so each start takes long; allow writing there"
        yield failed("cache", f"{said}, or name another folder in {PREFIX}CACHE.")
        return
    size = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    yield ok("cache", f"{folder} holds {size / MEBIBYTE:,.0f} MiB; it may be deleted at any time")


def existing(folder: Path) -> Path:
    """Give *folder*, or the nearest one above it that is there."""
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if path.is_dir())


def can_be_written(folder: Path) -> bool:
    """Whether files can be made in *folder*, or the folder itself, which asks nobody's leave."""
    try:
        with TemporaryFile(dir=existing(folder)):
            return True
    except OSError:
        return False
