"""
Train a reader: one command, which goes on where it stopped.

    python -m index.training.reading.train_reader DATA OUT --steps 3000

DATA is what prepare_texts wrote. OUT gets log.jsonl, checkpoint.pt (every few minutes) and at the
end reader.pt. Two processes of one thread each read half of a step: they wait for each other once a
step, not at every operation, which on a busy machine halves the speed. The number of steps may be
changed while it runs: it is read from OUT/steps. On a graphics card it is one process, and
--pairs 128 --rate 3.5e-4 suit it.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

from index.encoding.find_model import find_model
from index.reading.reader_network import Reader, describe, from_minilm
from index.reading.reader_weights import load_reader
from index.reading.window_tokens import load_tokenizer
from index.training.reading.prepare_texts import SHARES, load_texts
from index.training.reading.reader_losses import TAUGHT
from index.training.reading.reader_run import Run, Settings
from index.training.reading.style_weights import weigh_by_style
from index.training.reading.training_rounds import ASKED, ASKED_SHARE, Sources


def load_sources(settings: Settings) -> Sources:
    """Everything that is learnt from."""
    texts = {name: load_texts(settings.data, name) for name in ("written", ASKED, *SHARES)}
    if settings.portion < 1:
        texts = {name: own[: round(len(own) * settings.portion)] for name, own in texts.items()}
    weights = weigh_by_style(texts["written"])
    factor = 1 / (1 - TAUGHT) if settings.teachers else 1.0  # so that what is true weighs the same
    shares = {ASKED: ASKED_SHARE, **SHARES}
    return Sources(texts, shares, weights, load_tokenizer(), bool(settings.made), factor)


def begin(settings: Settings, rank: int) -> Run:
    """A run on what this machine has: a graphics card, or processors."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(settings.seed)
    reader = _first_reader(settings).to(device)
    return Run(settings, rank, reader, [_teacher(path, device) for path in _paths(settings)])


def _first_reader(settings: Settings) -> Reader:
    """What learning begins with."""
    if not settings.begin:
        return from_minilm(find_model(None), settings.cut, settings.dropout)
    reader = load_reader(Path(settings.begin)).requires_grad_(True)
    reader.words.weight.requires_grad_(False)
    for part in reader.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = settings.dropout
    return reader


def _paths(settings: Settings) -> list[Path]:
    return [Path(path) for path in settings.teachers.split(",") if path]


def _teacher(path: Path, device: torch.device) -> Reader:
    return load_reader(path).to(device).requires_grad_(False)


def work(rank: int, settings: Settings) -> None:
    """One of the processes."""
    torch.set_num_threads(1)
    if settings.processes > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        dist.init_process_group(
            "gloo",
            init_method=f"file://{settings.out.resolve()}/rendezvous",
            rank=rank,
            world_size=settings.processes,
            timeout=timedelta(hours=6),  # a run may be stopped for a while
        )
    run = begin(settings, rank)
    run.note(settings=str(settings), shape=describe(run.reader))
    run.go(load_sources(settings))


def main() -> None:
    """Read the command line, start the processes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("data", type=Path, help="what prepare_texts wrote")
    parser.add_argument("out", type=Path, help="folder of the run")
    for field in fields(Settings)[2:]:
        standard = getattr(Settings(Path(), Path()), field.name)
        parser.add_argument(f"--{field.name}", type=type(standard), default=standard)
    settings = Settings(**vars(parser.parse_args()))
    if torch.cuda.is_available():
        settings = replace(settings, processes=1)
    settings.out.mkdir(parents=True, exist_ok=True)
    (settings.out / "rendezvous").unlink(missing_ok=True)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    context = mp.get_context("spawn")
    others = [
        context.Process(target=work, args=(rank, settings), daemon=True)
        for rank in range(1, settings.processes)
    ]
    for process in others:
        process.start()
    work(0, settings)  # so that the others wait when this process is stopped


if __name__ == "__main__":
    main()
