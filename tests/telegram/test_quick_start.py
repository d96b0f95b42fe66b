"""What a start leaves out, and that it is there afterwards."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator

import pytest

from bot.telegram.quick_start import started, starting


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Leave no object out of what the tests after this one look through."""
    yield
    gc.unfreeze()


def test_garbage_is_looked_for_once_the_bot_has_started() -> None:
    """And not among all that was imported."""
    with starting():
        before = gc.isenabled(), gc.get_freeze_count()
        started()
        after = gc.isenabled(), gc.get_freeze_count() > before[1]

    assert before[0] is False
    assert after == (True, True)


def test_a_start_that_fails_leaves_nothing_behind() -> None:
    """Tests and programs go on in the same process."""
    with pytest.raises(ValueError, match="no token"), starting():
        raise ValueError("no token")

    assert gc.isenabled()
    assert "httpx._main" not in sys.modules or sys.modules["httpx._main"]


def test_httpx_starts_without_its_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has another one for where the packages for it are not installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "httpx"]:
        monkeypatch.delitem(sys.modules, name)
    with starting():
        httpx = importlib.import_module("httpx")

    assert callable(httpx.AsyncClient)
    assert httpx.main.__module__ == "httpx"
