"""What a program of one's own imports from index."""

from __future__ import annotations

import subprocess
import sys

import pytest

import index


@pytest.mark.parametrize("name", index.__all__)
def test_each_public_name_is_there(name: str) -> None:
    """It is what its module calls by that name, and dir() shows it."""
    found = getattr(index, name)
    assert (found.__name__, name in dir(index)) == (name, True)
    assert found is getattr(sys.modules[found.__module__], name)


def test_public_names_are_sorted() -> None:
    """Who adds one finds its place."""
    assert index.__all__ == sorted(index.__all__)


def test_another_name_is_no_attribute() -> None:
    """A mistyped name fails as it does for any module."""
    with pytest.raises(AttributeError, match="module 'index' has no attribute 'Answer'"):
        _ = index.Answer


def test_importing_the_package_imports_nothing_else() -> None:
    """Neither numpy nor a room of the package, until a name is asked for."""
    code = (
        "import sys, index\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in"
        " ('index', 'numpy', 'sqlalchemy')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['index']\n"
