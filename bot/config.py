"""
Settings: read once, from the environment and from a `.env` file in the working directory.

A dataclass and a function for each kind of value: importing pydantic-settings took .15 s of
processor, a seventh of the time to a first answer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import platformdirs

from index.errors import SettingsError

if TYPE_CHECKING:
    from index.encoding.protocol import Precision
    from index.sources.addresses import IPNetwork

PREFIX = "ARTICLE_BOT_"
DOTENV = ".env"


def default_database() -> str:
    """The URL of the SQLite file in the user's data folder."""
    folder = platformdirs.user_data_path("article-bot", appauthor=False)
    return f"sqlite:///{(folder / 'articles.sqlite').as_posix()}"


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What the operator decides; each is an environment variable ARTICLE_BOT_<NAME>.

    *database* is an SQLAlchemy URL; *model* a folder or a hub's model, None for the packaged one;
    *reranker* the same of a cross-encoder, None for none; *reader* "packaged", "off", or a folder
    or hub's model that answers questions; *threshold* the confidence, 0 to 1, from
    which an article counts as answering, None for the calibrated one; *precision* that of the
    model's weights; *cache* the folder of exported models and huge libraries, None for the user's.

    *token* is the Telegram bot's, *token_file* a file that holds it; *api_url* the Bot API server;
    *chats* the ids of the groups and channels that the bot may be in, none for all; *operators*
    those of the users who run it; *questions_per_minute* how many one person may ask; *networks*
    the private ones whose pages may be added.
    """

    database: str = field(default_factory=default_database)
    model: str | None = None
    reranker: str | None = None
    reader: str = "packaged"
    threshold: float | None = None
    precision: Precision = "fp32"
    cache: Path | None = None
    token: str | None = field(default=None, repr=False)  # nothing that is printed may show it
    token_file: Path | None = None
    api_url: str = "https://api.telegram.org"
    chats: frozenset[int] = frozenset()
    operators: frozenset[int] = frozenset()
    questions_per_minute: int = 20
    networks: tuple[IPNetwork, ...] = ()


def load_settings() -> Settings:
    """Read the settings; raise SettingsError in one line that names the variable and its value."""
    given = {**_read_dotenv(), **{name: text for name, text in os.environ.items() if text}}
    values = {}
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        if text := given.get(name):  # an empty variable counts as absent
            read, expected = _READ.get(setting.name, (str, "a text"))
            try:
                values[setting.name] = read(text)
            except ValueError as exc:
                raise SettingsError(
                    f"{name} is {text!r} and must be {expected}; "
                    f"change it in the environment or in {DOTENV}."
                ) from exc
    return Settings(**values)


def _read_dotenv() -> dict[str, str | None]:
    """Read the lines of the file `.env`, if there is one."""
    if not Path(DOTENV).is_file():
        return {}
    from dotenv import dotenv_values

    try:
        return dotenv_values(DOTENV, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(
            f"the file {DOTENV} in this folder cannot be read ({exc}); "
            "mend it, or start in another folder."
        ) from exc


def _read_share(text: str) -> float:
    value = float(text)
    return value if 0 <= value <= 1 else _refuse()


def _read_precision(text: str) -> str:
    return text if text in {"fp32", "int8"} else _refuse()


def _read_address(text: str) -> str:
    return text if re.fullmatch(r"https?://\S+", text) else _refuse()


def _read_ids(text: str) -> frozenset[int]:
    return frozenset(map(int, text.replace(",", " ").split()))


def _read_networks(text: str) -> tuple[IPNetwork, ...]:
    import ipaddress

    return tuple(map(ipaddress.ip_network, text.replace(",", " ").split()))


def _read_count(text: str) -> int:
    return int(text) if int(text) >= 1 else _refuse()


def _refuse() -> NoReturn:
    raise ValueError


# How a setting that is no text is read (ValueError when it cannot be), and what it must be.
_READ: dict[str, tuple[Callable[[str], Any], str]] = {
    "threshold": (_read_share, "a number from 0 to 1"),
    "precision": (_read_precision, "fp32 or int8"),
    "cache": (Path, "a folder"),
    "token_file": (Path, "a file"),
    "api_url": (_read_address, "an address that begins with http:// or https://"),
    "chats": (_read_ids, "ids of chats, whole numbers with commas between them"),
    "operators": (_read_ids, "ids of users, whole numbers with commas between them"),
    "networks": (_read_networks, "networks such as 10.0.0.0/8, with commas between them"),
    "questions_per_minute": (_read_count, "a whole number of at least 1"),
}
