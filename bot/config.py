"""
Settings: read once, from the environment and from a `.env` file in the working directory.

This module imports pydantic-settings, which takes .2 s; import it where settings are needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from index.errors import ArticleBotError

PREFIX = "ARTICLE_BOT_"
DOTENV = ".env"


class ConfigError(ArticleBotError):
    """Raised when a setting has a value that cannot be used."""


def default_database() -> str:
    """The URL of the SQLite file in the user's data folder."""
    folder = platformdirs.user_data_path("article-bot", appauthor=False)
    return f"sqlite:///{(folder / 'articles.sqlite').as_posix()}"


def _split_ids(value: object) -> object:
    """Read "1, -2" as a list; pydantic makes numbers of it, or says what is none."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Ids = Annotated[frozenset[int], NoDecode, BeforeValidator(_split_ids)]


class Settings(BaseSettings):
    """
    What the operator decides; each is an environment variable ARTICLE_BOT_<NAME>.

    *database* is an SQLAlchemy URL; *model* a folder or a hub's model, None for the packaged one;
    *reranker* the same of a cross-encoder, None for none; *threshold* the confidence, 0 to 1, from
    which an article counts as answering, None for the calibrated one; *precision* that of the
    model's weights; *cache* the folder of exported models and huge libraries, None for the user's.

    *token* is the Telegram bot's, *token_file* a file that holds it; *api_url* the Bot API server;
    *chats* the ids of the groups and channels that the bot may be in, none for all; *operators*
    those of the users who run it; *questions_per_minute* how many one person may ask.

    An empty variable counts as absent.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=DOTENV,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    database: str = Field(default_factory=default_database)
    model: str | None = None
    reranker: str | None = None
    threshold: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    precision: Literal["fp32", "int8"] = "fp32"
    cache: Path | None = None
    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: Annotated[str, Field(pattern=r"^https?://\S+$")] = "https://api.telegram.org"
    chats: Ids = frozenset()
    operators: Ids = frozenset()
    questions_per_minute: Annotated[int, Field(ge=1)] = 20


_EXPECTED = {
    "threshold": "a number from 0 to 1",
    "precision": "fp32 or int8",
    "api_url": "an address that begins with http:// or https://",
    "chats": "ids of chats, whole numbers with commas between them",
    "operators": "ids of users, whole numbers with commas between them",
    "questions_per_minute": "a whole number of at least 1",
}


def load_settings() -> Settings:
    """Read the settings; raise ConfigError in one line that names the variable and its value."""
    try:
        return Settings()
    except ValidationError as exc:
        error = exc.errors()[0]
        name = str(error["loc"][0])
        expected = _EXPECTED.get(name, "a text")
        raise ConfigError(
            f"{PREFIX}{name.upper()} is {error['input']!r} and must be {expected}; "
            f"change it in the environment or in {DOTENV}."
        ) from exc
    except (SettingsError, OSError, UnicodeDecodeError) as exc:
        raise ConfigError(
            f"the file {DOTENV} in this folder cannot be read ({exc}); "
            "mend it, or start in another folder."
        ) from exc
