"""Which reader there is: the packaged one, none, or a model of the operator's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.encoding.find_model import find_model
from index.encoding.protocol import Encoder, Precision
from index.reading.fused_ranking import Reader
from index.reading.packaged_reader import load_packaged_reader, reader_settings
from index.reading.qa_reader import READER_SETTING, load_qa_reader

PACKAGED, OFF = "packaged", "off"


def load_reader(
    name: str,
    encoder: Encoder,
    *,
    precision: Precision = "fp32",
    cache: Path | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> Reader | None:
    """
    Load the reader *name*: "packaged", "off", or a folder or hub name of a model of transformers.

    The packaged one belongs to the packaged model: beside another *encoder* there is none, and the
    first ranking answers alone. Raises ModelError when there is no such model.
    """
    if name == OFF:
        return None
    if name != PACKAGED:
        return load_qa_reader(name)
    if encoder.identity.partition("-")[0] != reader_settings()["model"]:
        return None
    return load_packaged_reader(precision, cache, notice)


def fetch_reader(name: str) -> str:
    """
    Fetch the reader *name* if it is on the hub, and give its folder; another name as it is.

    Raises ModelError when the hub has none.
    """
    if name in {PACKAGED, OFF} or Path(name).is_dir():
        return name
    return str(find_model(name, READER_SETTING))
