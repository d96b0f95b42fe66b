"""
Eight bits of a checkpoint, as the package holds them.

    python -m index.training.reading.pack_reader RUN/reader.pt DATA index/reading

writes reader.npz into the folder, and its SHA-256 and the model it belongs to into reader.json
beside it, where what is already there stays (fit_reader writes the rest). learnt_texts.npy there
tells the texts of DATA (what prepare_texts wrote) again, so that `evaluate` knows what was learnt.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from index.encoding.find_model import find_model, identify_model
from index.evaluation.learnt_texts import LEARNT_FILE, sketch_texts
from index.reading.packaged_reader import SETTINGS_FILE, WEIGHTS_FILE
from index.reading.reader_weights import load_reader, save_int8
from index.training.reading.prepare_texts import SHARES, load_texts


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("weights", type=Path, help="reader.pt or checkpoint.pt")
    parser.add_argument("data", type=Path, help="what prepare_texts wrote")
    parser.add_argument("out", type=Path, help="the folder for reader.npz and reader.json")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    packed, described = given.out / WEIGHTS_FILE.name, given.out / SETTINGS_FILE.name
    save_int8(load_reader(given.weights), packed)
    settings = json.loads(described.read_text(encoding="utf-8")) if described.exists() else {}
    settings["sha256"] = hashlib.sha256(packed.read_bytes()).hexdigest()
    settings["model"] = identify_model(find_model(None))
    described.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    learnt = (text.text for name in ("written", *SHARES) for text in load_texts(given.data, name))
    np.save(given.out / LEARNT_FILE.name, sketch_texts(learnt))
    print(f"{packed}: {packed.stat().st_size:,} bytes, {settings['sha256']}")


if __name__ == "__main__":
    main()
