"""
Settings: read once, from the environment, from `.env` and from the user's `config.toml`.

The first that sets something counts; `.env` is the one in the working directory.

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
TELEGRAM_API = "https://api.telegram.org"


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
    those of the users who run it; *questions_per_minute* how many one person may ask; *max_age* the
    hours after which a message that has waited is not answered any more; *networks* the private
    ones whose pages may be added. A chat may have *max_articles*, *max_characters* in all of them,
    and *additions_per_hour*; *keep_days* is how long questions are kept.
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
    api_url: str = TELEGRAM_API
    chats: frozenset[int] = frozenset()
    operators: frozenset[int] = frozenset()
    questions_per_minute: int = 20
    max_age: float = 24.0
    networks: tuple[IPNetwork, ...] = ()
    max_articles: int = 5_000
    max_characters: int = 10_000_000
    additions_per_hour: int = 60
    keep_days: float = 30.0


def load_settings() -> Settings:
    """Read the settings; raise SettingsError in one line that names the variable and its value."""
    environment = {name: text for name, text in os.environ.items() if text}
    config, dotenv = _read_config(), _read_dotenv()
    given = {**config, **dotenv, **environment}
    values = {}
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        if text := given.get(name):  # an empty variable counts as absent
            read, expected = _READ.get(setting.name, (str, "a text"))
            try:
                values[setting.name] = read(text)
            except ValueError as exc:
                elsewhere = name in dotenv or name in environment
                place = f"the environment or in {DOTENV}" if elsewhere else str(config_file())
                raise SettingsError(
                    f"{name} is {text!r} and must be {expected}; change it in {place}."
                ) from exc
    return Settings(**values)


def config_file() -> Path:
    """The user's file of settings, which need not be there."""
    return platformdirs.user_config_path("article-bot", appauthor=False) / "config.toml"


def _read_config() -> dict[str, str | None]:
    """Read the user's file of settings, if there is one: names without the prefix, small or not."""
    path = config_file()
    if not path.is_file():
        return {}
    import tomllib

    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except (OSError, ValueError) as exc:  # a file that is not UTF-8, or not TOML
        raise SettingsError(f"the file {path} cannot be read ({exc}); mend or remove it.") from exc
    known = {setting.name for setting in fields(Settings)}
    if unknown := [name for name in table if name.lower() not in known]:
        names = ", ".join(sorted(known))
        raise SettingsError(f"{path} sets {unknown[0]!r}, which is none of: {names}.")
    return {PREFIX + name.upper(): _as_text(value) for name, value in table.items()}


def _as_text(value: object) -> str:
    """A *value* of the file as it would stand in the environment."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


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


def _read_duration(text: str) -> float:
    return float(text) if 0 < float(text) < float("inf") else _refuse()


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
    "max_age": (_read_duration, "a number of hours above 0"),
    "max_articles": (_read_count, "a whole number of at least 1"),
    "max_characters": (_read_count, "a whole number of at least 1"),
    "additions_per_hour": (_read_count, "a whole number of at least 1"),
    "keep_days": (_read_duration, "a number of days above 0"),
    "networks": (_read_networks, "networks such as 10.0.0.0/8, with commas between them"),
    "questions_per_minute": (_read_count, "a whole number of at least 1"),
}
