"""Settings out of the environment and a `.env` file."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import platformdirs
import pytest

from bot.config import Settings, config_file, load_settings
from index.errors import SettingsError


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without settings, in a folder without `.env`."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in map(str.upper, Settings.__dataclass_fields__):
        monkeypatch.delenv(f"ARTICLE_BOT_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    """Without any setting: SQLite in the user's data folder, packaged models, own threshold."""
    folder = platformdirs.user_data_path("article-bot", appauthor=False)

    assert load_settings() == Settings(
        database=f"sqlite:///{folder.as_posix()}/articles.sqlite",
        model=None,
        reader="packaged",
        threshold=None,
    )


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each setting is read from its environment variable."""
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", "sqlite:///a.sqlite")
    monkeypatch.setenv("ARTICLE_BOT_MODEL", "some/model")
    monkeypatch.setenv("ARTICLE_BOT_READER", "some/reader")
    monkeypatch.setenv("ARTICLE_BOT_THRESHOLD", "0.25")

    settings = load_settings()

    assert settings == Settings(
        database="sqlite:///a.sqlite", model="some/model", reader="some/reader", threshold=0.25
    )


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("max_articles", "7", 7),
        ("max_characters", "1000", 1_000),
        ("additions_per_hour", "3", 3),
        ("keep_days", "1.5", 1.5),
    ],
)
def test_what_a_chat_may_have_is_set(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: float
) -> None:
    """Numbers above zero; others are refused by name."""
    monkeypatch.setenv(f"ARTICLE_BOT_{name.upper()}", text)
    settings = load_settings()
    monkeypatch.setenv(f"ARTICLE_BOT_{name.upper()}", "0")

    assert getattr(settings, name) == value
    with pytest.raises(SettingsError, match=name.upper()):
        load_settings()


def test_dotenv_with_other_programs_settings() -> None:
    """A `.env` file in the working directory is read; what others keep there is ignored."""
    Path(".env").write_text("ARTICLE_BOT_MODEL=of-the-file\nOTHER=1\n", encoding="utf-8")

    assert load_settings().model == "of-the-file"


def write_config(text: str) -> None:
    """Write the user's file of settings."""
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(text, encoding="utf-8")


def test_the_file_of_the_user() -> None:
    """Names without the prefix, and TOML's own numbers and lists."""
    write_config('model = "of-the-user"\nthreshold = 0.3\nchats = [1, -2]\nprecision = "int8"\n')

    settings = load_settings()

    assert (settings.model, settings.threshold) == ("of-the-user", 0.3)
    assert (settings.chats, settings.precision) == (frozenset({1, -2}), "int8")


def test_dotenv_goes_before_the_file_of_the_user() -> None:
    """A line of `.env` overrides the same setting of `config.toml`."""
    write_config('model = "of-the-user"\nreader = "off"\n')
    Path(".env").write_text("ARTICLE_BOT_MODEL=of-the-file\n", encoding="utf-8")

    assert (load_settings().model, load_settings().reader) == ("of-the-file", "off")


@pytest.mark.parametrize("text", ["model = ", 'modle = "x"', "threshold = 3"])
def test_a_bad_file_of_the_user_is_named(text: str) -> None:
    """What is no TOML, no setting or no fitting value is told with the path of the file."""
    write_config(text)

    with pytest.raises(SettingsError, match=r"config\.toml"):
        load_settings()


def test_environment_goes_before_dotenv(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment variable overrides the same line of `.env`."""
    Path(".env").write_text("ARTICLE_BOT_MODEL=of-the-file\n", encoding="utf-8")
    monkeypatch.setenv("ARTICLE_BOT_MODEL", "of-the-environment")

    assert load_settings().model == "of-the-environment"


def test_empty_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable leaves the default."""
    monkeypatch.setenv("ARTICLE_BOT_THRESHOLD", "")

    assert load_settings().threshold is None


@pytest.mark.parametrize("value", ["much", "1.5", "-0.1", "nan", "inf"])
def test_bad_value_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad value stops with one line that names the variable, the value and what is expected."""
    monkeypatch.setenv("ARTICLE_BOT_THRESHOLD", value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert str(caught.value) == (
        f"ARTICLE_BOT_THRESHOLD is '{value}' and must be a number from 0 to 1; "
        "change it in the environment or in .env."
    )


def test_dotenv_that_is_no_text() -> None:
    """A `.env` file that is not UTF-8 is named, with what to do."""
    Path(".env").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match=r"^the file \.env in this folder cannot be read .*$"):
        load_settings()


def test_settings_are_frozen() -> None:
    """Nothing changes a setting after it was read."""
    with pytest.raises(FrozenInstanceError):
        load_settings().model = "other"  # type: ignore[misc]


def test_settings_of_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids are read as a list, and the token is in nothing that is printed."""
    monkeypatch.setenv("ARTICLE_BOT_CHATS", "-100123, 45")
    monkeypatch.setenv("ARTICLE_BOT_TOKEN", "123:secret")

    settings = load_settings()

    assert settings.chats == {-100123, 45}
    assert settings.token == "123:secret"  # noqa: S105
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRECISION", "fp16"),
        ("API_URL", "api.telegram.org"),
        ("CHATS", "here"),
        ("OPERATORS", "1;2"),
        ("MAX_AGE", "0"),
        ("MAX_AGE", "soon"),
        ("QUESTIONS_PER_MINUTE", "0"),
        ("QUESTIONS_PER_MINUTE", "many"),
    ],
)
def test_each_bad_value_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever cannot be used is named with its value."""
    monkeypatch.setenv(f"ARTICLE_BOT_{name}", value)

    with pytest.raises(SettingsError, match=rf"^ARTICLE_BOT_{name} is '{value}' and must be "):
        load_settings()
