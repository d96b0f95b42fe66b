"""What is installed, and with what: pyproject.toml and the lock keep to the repository."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# What makes the weights needs question files and hours.
NOT_INSTALLED = {"index.training", "index.training.reading"}


def test_every_package_is_installed() -> None:
    """All rooms of bot and index are named, but those that only developers need."""
    folders = [path.parent for top in ("bot", "index") for path in ROOT.glob(f"{top}/**/*.py")]
    rooms = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    tables = {"bot.phrase_tables", "bot.wish_tables", "index.seeds"}  # folders without code
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == (rooms | tables) - NOT_INSTALLED


def test_every_file_beside_the_modules_is_installed() -> None:
    """Weights, phrases and py.typed, each matched by a pattern of its package."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    files = {
        path
        for top in ("bot", "index")
        for path in ROOT.glob(f"{top}/**/*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
        if ".".join(path.parent.relative_to(ROOT).parts) not in NOT_INSTALLED
    }
    matched = {
        path
        for package, globs in patterns.items()
        for glob in globs
        for path in ROOT.joinpath(*package.split(".")).glob(glob)
    }
    assert files <= matched


def test_the_lock_holds_every_dependency() -> None:
    """Each is pinned in a version that pyproject.toml admits; `just lock` makes it so."""
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    project = PROJECT["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    requirements = [Requirement(line) for line in [*project["dependencies"], *extras]]
    bad = [
        str(requirement)
        for requirement in requirements
        if requirement.name != project["name"]
        and not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0"))
    ]
    assert not bad


def test_the_lock_names_no_host() -> None:
    """It holds names and versions only, so that it works beside any registry."""
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()[1:]
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines)
