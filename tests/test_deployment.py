"""The files for deployments keep to what is there, and the programs that read them accept them."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.commands import article_bot
from bot.config import PREFIX, Settings

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "deployment"
UNITS = ("article-bot.service", "article-bot@.service")
LOCKS = ("runtime.lock", "export.lock")
PINNED = re.compile(
    r"^([a-z0-9-]+)==(\S+)((?: *;[^\\\n]*)? \\\n(?:    --hash=sha256:.*\n)+)", re.MULTILINE
)
TORCH = {"torch", "sentence-transformers", "transformers"}
SETTINGS = {PREFIX + setting.name.upper() for setting in fields(Settings)}
BY_HAND = "https://download.pytorch.org/whl/cpu"  # where the CPU build of torch comes from


def text_of(name: str) -> str:
    """A file for deployments, or one of the top level."""
    path = FOLDER / name
    return (path if path.exists() else ROOT / name).read_text(encoding="utf-8")


def understood(arguments: list[str]) -> dict[str, Any]:
    """The options of `article-bot telegram` as click reads *arguments*; fails on unknown ones."""
    command = article_bot.commands["telegram"]
    return command.make_context("telegram", arguments, obj=None).params


# Locks


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_no_host(lock: str) -> None:
    """Each package has a version and the hashes of its files; where they lie is not said."""
    text = text_of(lock)
    rest = PINNED.sub("", text).strip()

    assert len(PINNED.findall(text)) > 20
    assert all(line.startswith("#") for line in rest.splitlines())
    assert "://" not in text
    assert "--index" not in text


def test_the_lock_that_runs_has_no_torch() -> None:
    """What exports the model is in the other lock, and nothing is in both."""
    running, exporting = ({found[0] for found in PINNED.findall(text_of(lock))} for lock in LOCKS)

    assert not running & TORCH
    assert exporting >= TORCH
    assert not running & exporting


def test_the_locks_hold_every_dependency() -> None:
    """In a version that pyproject.toml admits, and the driver of PostgreSQL with them."""
    pinned = {name: version for lock in LOCKS for name, version, _ in PINNED.findall(text_of(lock))}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"]]

    assert {"psycopg", "psycopg-binary"} <= set(pinned)
    assert not [
        str(requirement)
        for requirement in wanted
        if not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0"))
    ]


FAULT = {"id": "PYSEC-1", "fix_versions": ["2.0"]}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 of 1 packages are audited"),
        ([{"name": "a", "version": "1", "vulns": [FAULT]}], 1, "a 1: PYSEC-1, mended in 2.0"),
        ([{"name": "a", "skip_reason": "not found"}], 0, "cannot be reached; they are not audited"),
        (None, 0, "cannot be reached; they are not audited"),
    ],
)
def test_known_faults_are_asked_for(
    packages: list[dict[str, Any]] | None, code: int, said: str, tmp_path: Path
) -> None:
    """A package with a known fault fails `.ci/run`; a service that is not there is a line."""
    report = tmp_path / "report.json"
    if packages is not None:
        report.write_text(json.dumps({"dependencies": packages}), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit", report],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout
    assert ".ci/audit" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


# The image


def test_the_image_copies_what_is_there() -> None:
    """Each source of a COPY is in the repository, and .dockerignore lets it through."""
    let_through = [line[1:] for line in text_of(".dockerignore").splitlines() if line[:1] == "!"]
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", text_of("Dockerfile"), re.MULTILINE)
    sources = [source for copy in copies for source in copy.split() if source[:2] != "--"]

    assert len(sources) >= 7
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source, pattern) for pattern in let_through), source


def test_the_image_asks_itself_at_the_port_of_its_command() -> None:
    """Its health check and its command name one port, and no setting is misspelt."""
    text = text_of("Dockerfile")
    (command,) = re.findall(r"^CMD (\[.+\])$", text, re.MULTILINE)
    given = understood([word.strip('"') for word in command[1:-1].split(", ")][1:])

    assert f"127.0.0.1:{given['metrics_port']}/ready" in text
    assert set(re.findall(r"ARTICLE_BOT_\w+", text)) <= SETTINGS


def test_the_image_leaves_torch_behind() -> None:
    """The last stage takes the environment of the stage before torch was installed."""
    last = text_of("Dockerfile").rpartition("\nFROM ")[2]

    assert "--from=runtime /opt/article-bot" in last
    assert "pip install" not in last
    assert BY_HAND not in last


# Compose


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Read compose.yaml, where something is there that reads YAML."""
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load(text_of("compose.yaml"))  # type: ignore[no-any-return]


def test_two_workers_share_everything(compose: dict[str, Any]) -> None:
    """They have the same address for Telegram, and with it the same secret, and one database."""
    first, second = compose["services"]["worker-1"], compose["services"]["worker-2"]
    given = understood(first["command"][1:])

    assert first == second
    assert given["webhook_url"].startswith("https://")
    assert set(filter(lambda name: name.startswith(PREFIX), first["environment"])) <= SETTINGS


def test_the_database_is_not_reached_from_outside(compose: dict[str, Any]) -> None:
    """Only nginx has a port, and PostgreSQL is on the inner network alone."""
    services = compose["services"]

    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["postgres"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_secrets_stand_in_no_file(compose: dict[str, Any]) -> None:
    """Token and password come from the environment of who starts it."""
    text = text_of("compose.yaml")

    assert compose["secrets"]["bot_token"] == {"environment": "ARTICLE_BOT_TOKEN"}
    assert re.findall(r"PASSWORD: (\S+)", text) == ["${DATABASE_PASSWORD:?set"] * 2


def test_nginx_sends_to_the_workers(compose: dict[str, Any]) -> None:
    """Each worker is in the upstream, at the port that it listens at."""
    port = understood(compose["services"]["worker-1"]["command"][1:])["port"]
    upstream = re.findall(r"^ +server (\S+):(\d+)", text_of("nginx.conf"), re.MULTILINE)

    assert upstream == [("worker-1", str(port)), ("worker-2", str(port))]


def test_what_compose_mounts_is_there(compose: dict[str, Any]) -> None:
    """Files of the repository that a service reads exist."""
    volumes = [volume for service in compose["services"].values() for volume in
               service.get("volumes", [])]  # fmt: skip
    files = [volume.partition(":")[0] for volume in volumes if volume.startswith("./")]

    assert files
    assert all((ROOT / file).is_file() for file in files)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="there is no nginx")
def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    """With certificates, and with workers whose names it can look up."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    subprocess.run(
        shlex.split(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost "
            f"-keyout {tmp_path}/privkey.pem -out {tmp_path}/fullchain.pem"
        ),
        capture_output=True, check=True,
    )  # fmt: skip
    text = text_of("nginx.conf").replace("/tmp/nginx.pid", f"{tmp_path}/nginx.pid")  # noqa: S108
    text = re.sub(r"worker-[12]:", "127.0.0.1:", text)
    text = text.replace("/etc/nginx/certificates", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")

    done = subprocess.run(
        ["nginx", "-t", "-q", "-e", f"{tmp_path}/log", "-c", f"{tmp_path}/nginx.conf"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


# systemd


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_starts_what_is_there(unit: str) -> None:
    """Its command has the options, and its settings are such."""
    text = text_of(unit)
    (command,) = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    words = shlex.split(command.replace("%i", "8443"))

    assert words[0] == "/opt/article-bot/bin/article-bot"
    assert understood(words[2:])["metrics_port"]
    assert set(re.findall(r"ARTICLE_BOT_\w+", text)) <= SETTINGS
    assert "ARTICLE_BOT_TOKEN=" not in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_a_unit(unit: str, tmp_path: Path) -> None:
    """It knows every line of it."""
    path = tmp_path / unit.replace("@", "@8443")
    path.write_text(text_of(unit).replace("/opt/article-bot/bin/article-bot", sys.executable))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    said = [line for line in done.stderr.splitlines() if path.name in line]
    assert (done.returncode, said) == (0, [])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_a_unit_is_closed() -> None:
    """By systemd's own measure, 0 for closed and 10 for open, it has less than 1.5."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15",
         str(FOLDER / UNITS[0])],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-300:]


def test_options_that_are_unknown_are_found() -> None:
    """The tests above see what is wrong."""
    with pytest.raises(click.NoSuchOption):
        understood(["--metric-port", "1"])
