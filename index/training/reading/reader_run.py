"""
A run of training: it learns step by step, writes a log, and goes on where it stopped.

What is read in a step follows from the seed and the number of the round, what is dropped out from
the seed and the number of the step: a run that was interrupted ends as one that was not.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from torch.utils.data import DataLoader, IterableDataset

from index.reading.reader_network import Reader
from index.training.reading.low_rank import adapt, merge
from index.training.reading.reader_batch import Batch, collate, read_batch
from index.training.reading.reader_losses import (
    TAUGHT,
    Losses,
    measure_losses,
    measure_taught,
)
from index.training.reading.training_rounds import Sources, arrange, make_round

WARM = 0.06  # of all steps, in which the learning rate rises
DECAY = 0.01  # weight decay
LOG_STEPS = 25
SAVE_SECONDS = 150.0
CHECKPOINT, FINISHED = "checkpoint.pt", "reader.pt"
AHEAD = 16  # batches that are made before a graphics card asks for them


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on; the defaults are those of a whole run on two cores."""

    data: Path
    out: Path
    steps: int = 3000
    seed: int = 1
    cut: int = 2
    pairs: int = 22  # of a step, over all processes
    rate: float = 1.8e-4
    dropout: float = 0.1
    processes: int = 2
    portion: float = 1.0  # of the texts of each file, for a learning curve
    teachers: str = ""  # the finished readers to learn from as well, separated by commas
    rank: int = 0  # of what is learnt beside each matrix, which stays then; 0: the matrices are
    begin: str = ""  # a finished reader to go on from; else the packaged model
    made: int = 1  # 0: without windows and questions that were made wrong


def rate_at(step: int, steps: int) -> float:
    """The share of the highest learning rate: up linearly, then down to nothing."""
    warm = max(round(WARM * steps), 1)
    return min(step / warm, max((steps - step) / max(steps - warm, 1), 0.0))


class Run:
    """
    A run at one moment: model, optimiser, where it is; and what it writes.

    *reader* and *teachers* are on the device that is to be used.
    """

    def __init__(
        self, settings: Settings, rank: int, reader: Reader, teachers: Sequence[Reader] = ()
    ) -> None:
        self.settings, self.rank, self.teachers = settings, rank, teachers
        self.reader = adapt(reader.train(), settings.rank) if settings.rank else reader.train()
        self.device = next(reader.parameters()).device
        if settings.processes > 1:  # the heads begin at random
            for values in self.reader.parameters():
                dist.broadcast(values.data, 0)
        self.optimiser = _make_optimiser(self.reader, settings)
        self.step = self.number = self.at = self.pairs = 0
        self.saved = time.time()
        self._restore()

    def _restore(self) -> None:
        path = self.settings.out / CHECKPOINT
        if path.exists():
            kept = torch.load(path, weights_only=True)
            self.reader.load_state_dict(kept["reader"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.step, self.number, self.at, self.pairs = kept["place"]

    def save(self, name: str = CHECKPOINT) -> None:
        """Write a checkpoint whole or not at all."""
        self.saved = time.time()
        part = self.settings.out / f"{name}.part"
        place = (self.step, self.number, self.at, self.pairs)
        states = {"reader": self.reader.state_dict(), "optimiser": self.optimiser.state_dict()}
        torch.save({**states, "place": place, "cut": self.reader.cut}, part)
        part.rename(self.settings.out / name)

    def note(self, **what: object) -> None:
        """Add a line to the log."""
        if self.rank == 0:
            line = {"time": round(time.time(), 1), "step": self.step, **what}
            with (self.settings.out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")

    def go(self, sources: Sources) -> None:
        """Learn until all steps are done."""
        kept: list[torch.Tensor] = []
        for number, at, batch in self._batches(sources):
            steps = self._agreed_steps()
            if self.step >= steps:
                break
            lost = self._learn(batch, steps)
            self.step, self.number, self.at = self.step + 1, number, at
            self.pairs += len(batch.question) * self.settings.processes
            parts = (lost.total, lost.alone, lost.together, lost.words)
            kept.append(torch.stack(parts).detach())
            if self.step % LOG_STEPS == 0 or self.step == steps:
                means = [round(value, 4) for value in torch.stack(kept).mean(0).tolist()]
                self.note(loss=means, pairs=self.pairs, round=number, of=steps)
                kept = []
            if self.rank == 0 and time.time() - self.saved > SAVE_SECONDS:
                self.save()
        if self.rank == 0:
            if self.settings.rank:
                merge(self.reader)
            self.save(FINISHED)
            self.note(done=True)

    def _batches(self, sources: Sources) -> Iterator[tuple[int, int, Batch]]:
        """The batches of this process from where it is on, each with where to go on behind it."""
        stream = BatchStream(sources, self.settings, self.rank, (self.number, self.at))
        if self.device.type == "cpu":
            yield from stream
        else:  # a graphics card would wait longer for a batch than it learns from it
            loader = DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=AHEAD)
            for number, at, batch in loader:
                yield number, at, batch.to(self.device)

    def _learn(self, batch: Batch, steps: int) -> Losses:
        """One of so many *steps*: the gradients of all processes, averaged."""
        settings = self.settings
        for group in self.optimiser.param_groups:
            group["lr"] = settings.rate * rate_at(self.step + 1, steps)
        torch.manual_seed((settings.seed * 1_000_000 + self.step) * 100 + self.rank)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = read_batch(self.reader, batch)
            with torch.no_grad():
                told = [read_batch(teacher, batch) for teacher in self.teachers]
        lost = measure_losses(logits, batch)
        total = lost.total
        if told:
            total = (1 - TAUGHT) * total + TAUGHT * measure_taught(logits, told, batch)
        self.optimiser.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        learnt = [values for values in self.reader.parameters() if values.grad is not None]
        if settings.processes > 1:
            _average_gradients(learnt, settings.processes)
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        self.optimiser.step()
        return lost

    def _agreed_steps(self) -> int:
        """The number of steps, the same for all processes; somebody may have changed it."""
        path = self.settings.out / "steps"
        steps = int(path.read_text()) if path.exists() else self.settings.steps
        if self.settings.processes > 1:
            told = torch.tensor([steps])
            dist.broadcast(told, 0)
            steps = int(told.item())
        return steps


class BatchStream(IterableDataset[tuple[int, int, Batch]]):
    """The batches of one process from a *place* on, (round, step), with the place behind each."""

    def __init__(
        self, sources: Sources, settings: Settings, rank: int, place: tuple[int, int]
    ) -> None:
        self.sources, self.settings, self.rank, self.place = sources, settings, rank, place

    def __iter__(self) -> Iterator[tuple[int, int, Batch]]:
        """Without end."""
        settings, (number, at) = self.settings, self.place
        while True:
            made = make_round(self.sources, number, settings.seed)
            seed = f"{settings.seed} {number}"
            ordered = arrange(made, settings.pairs, settings.processes, seed)
            for step in range(at, len(ordered) // settings.processes):
                batch = collate(ordered[step * settings.processes + self.rank])
                yield number, step + 1, batch
            number, at = number + 1, 0


def _make_optimiser(reader: Reader, settings: Settings) -> torch.optim.AdamW:
    """AdamW; the decay is for matrices."""
    learnt = [values for values in reader.parameters() if values.requires_grad]
    groups = [
        {"params": [values for values in learnt if values.ndim > 1], "weight_decay": DECAY},
        {"params": [values for values in learnt if values.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.rate, fused=True, betas=(0.9, 0.98))


def _average_gradients(learnt: list[torch.nn.Parameter], processes: int) -> None:
    """Let all processes have the mean of their gradients, by one message."""
    flat = torch.cat([values.grad.flatten() for values in learnt if values.grad is not None])
    dist.all_reduce(flat)
    flat /= processes
    parts = torch.split(flat, [values.numel() for values in learnt])
    for values, part in zip(learnt, parts, strict=True):
        values.grad = part.view_as(values)
