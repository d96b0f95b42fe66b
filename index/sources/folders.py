"""The files of a folder that may be articles, in order, and what their ids are made of."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

EXPORT = "result.json"  # what Telegram Desktop writes beside pictures and videos
MAX_FILES = 5_000_000  # their names are kept in memory


def files_in(folder: str) -> Iterator[tuple[str, str]]:
    """
    Each file below *folder*, and its path from there as a name.

    Hidden ones and links are left out, so that nothing outside of the folder is read; of an export
    of Telegram Desktop only its history.
    """
    found = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        chosen = [EXPORT] if EXPORT in names else sorted(names)
        if EXPORT in names:
            folders.clear()
        stems = Counter(Path(name).stem for name in chosen)
        for name in chosen:
            path = Path(place, name)
            if name.startswith(".") or path.is_symlink():
                continue
            found += 1
            if found > MAX_FILES:
                return
            named = path if stems[path.stem] == 1 else path.with_name(name.replace(".", "-"))
            yield str(path), "-".join(named.relative_to(folder).parts)
