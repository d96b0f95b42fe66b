"""What the tests of the commands share: how one is run, and what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from index.encoding.protocol import Encoder
from index.errors import ModelError

STORM = (
    "Storm hits the coast\n\nThe storm came at night and broke the old pier.\n\nNobody was hurt."
)


SEED = "taliban-us-recognition"


@dataclass(frozen=True)
class Result:
    """What a command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, which must be one line of JSON."""
        (line,) = self.out.splitlines()
        return json.loads(line)


Run = Callable[..., Result]


def no_model(_: str | None) -> Encoder:
    """Stand for a model that cannot be loaded."""
    raise ModelError("there is no model 'x'.")


def interrupt(_: str | None) -> Encoder:
    """Stand for Ctrl-C while the model loads."""
    raise KeyboardInterrupt
