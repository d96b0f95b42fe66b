"""
Eight bits of a checkpoint, as the package holds them.

    python -m index.training.reading.pack_reader RUN/reader.pt index/reading

writes reader.npz into the folder, and its SHA-256 and the model it belongs to into reader.json
beside it, where what is already there stays (fit_reader writes the rest).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from index.encoding.find_model import find_model, identify_model
from index.reading.packaged_reader import SETTINGS_FILE, WEIGHTS_FILE
from index.reading.reader_weights import load_reader, save_int8


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("weights", type=Path, help="reader.pt or checkpoint.pt")
    parser.add_argument("out", type=Path, help="the folder for reader.npz and reader.json")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    packed, described = given.out / WEIGHTS_FILE.name, given.out / SETTINGS_FILE.name
    save_int8(load_reader(given.weights), packed)
    settings = json.loads(described.read_text(encoding="utf-8")) if described.exists() else {}
    settings["sha256"] = hashlib.sha256(packed.read_bytes()).hexdigest()
    settings["model"] = identify_model(find_model(None))
    described.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    print(f"{packed}: {packed.stat().st_size:,} bytes, {settings['sha256']}")


if __name__ == "__main__":
    main()
