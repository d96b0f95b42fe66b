"""All checks, in the order in which one thing needs another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from bot.doctor.database_check import examine_database
from bot.doctor.findings import Finding, failed, ok
from bot.doctor.machine_checks import examine_cache, examine_disks, examine_settings
from bot.doctor.poller_check import examine_pollers
from bot.doctor.telegram_checks import examine_telegram
from bot.plain_text import describe_failure, one_line
from bot.resources import Resources
from index.errors import ArticleBotError, SettingsError

Check = Callable[[], Iterable[Finding]]


def examine(resources: Resources) -> Iterator[Finding]:
    """
    Check one thing after another, whatever the others have found.

    When the settings cannot be read nothing else is checked, since all of it depends on them.
    """
    try:
        settings = resources.settings
    except SettingsError as exc:
        yield failed("configuration", one_line(str(exc)))
        return
    database = resources.database or settings.database
    checks: dict[str, Check] = {
        "configuration": partial(examine_settings, settings),
        "token": partial(examine_telegram, settings),
        "database": partial(examine_database, database),
        "polling": partial(examine_pollers, database, settings),
        "model": partial(_examine_model, resources),
        "disk": partial(examine_disks, database, settings),
        "cache": partial(examine_cache, settings),
    }
    for name, check in checks.items():
        yield from _guarded(name, check)


def _guarded(name: str, check: Check) -> Iterator[Finding]:
    """What *check* finds; that it cannot be done is a finding, too."""
    try:
        for finding in check():
            yield Finding(finding.check, finding.state, one_line(finding.said))
    except ArticleBotError as exc:
        yield failed(name, one_line(str(exc)))
    except Exception as exc:
        yield failed(name, describe_failure(exc))


def _examine_model(resources: Resources) -> Iterator[Finding]:
    """Load the models as the bot would, and let them encode something."""
    settings = resources.settings
    started = time.perf_counter()
    models = resources.models()
    models.encoder.encode(["Is it warm?"])
    seconds = time.perf_counter() - started
    name = settings.model or "the packaged model"
    reader = "no reader" if models.reader is None else f"the reader ({settings.reader})"
    reranker = f", the reranker {settings.reranker}" if settings.reranker else ""
    yield ok(
        "model", f"{name} ({settings.precision}), {reader}{reranker}; loaded in {seconds:.1f} s"
    )
