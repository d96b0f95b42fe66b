"""A run of training: it learns, and goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_texts import texts, tokenizer

from index.reading.packaged_reader import WEIGHTS_FILE
from index.training.reading.training_rounds import Sources, make_round

if TYPE_CHECKING:
    from index.reading.reader_network import Reader
    from index.training.reading.reader_run import Run, Settings

pytestmark = pytest.mark.slow  # importing torch takes seconds

STEPS = 40


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Compute in one thread, as a run does: two that wait for each other take ten times as long."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def sources() -> Sources:
    """Learn from two texts."""
    return Sources({"written": texts()}, {}, {}, tokenizer())


def settings_of(folder: Path, rank: int = 0) -> Settings:
    """A short run of one process."""
    from index.training.reading.reader_run import Settings

    return Settings(folder, folder, steps=STEPS, pairs=4, rate=3e-3, processes=1, rank=rank)


def small_reader() -> Reader:
    """A reader of three thin layers."""
    import torch

    from index.reading.reader_network import Reader, Shape

    torch.manual_seed(1)
    return Reader(cut=1, dropout=0.1, shape=Shape(width=24, heads=2, inner=32, layers=3))


def start(folder: Path, teachers: tuple[Reader, ...] = (), rank: int = 0) -> Run:
    """Begin a run in *folder*, or go on with it."""
    from index.training.reading.reader_run import Run

    folder.mkdir(exist_ok=True)
    return Run(settings_of(folder, rank), 0, small_reader(), teachers)


@pytest.fixture(scope="module")
def whole(one_thread: None, sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that went to its end."""
    run = start(tmp_path_factory.mktemp("run") / "whole")
    run.go(sources)
    return run


def loss_of(reader: Reader, sources: Sources) -> float:
    """The loss over some rounds."""
    import torch

    from index.training.reading.reader_batch import collate, read_batch
    from index.training.reading.reader_losses import measure_losses

    batch = collate([bundle for number in range(4) for bundle in make_round(sources, number, 9)])
    reader.eval()
    with torch.no_grad():
        return float(measure_losses(read_batch(reader, batch), batch).total)


def test_a_run_lowers_the_loss(whole: Run, sources: Sources) -> None:
    """By a fifth at least, in forty steps over two texts."""
    assert loss_of(whole.reader, sources) < 0.8 * loss_of(small_reader(), sources)


def test_an_interrupted_run_ends_as_one_that_was_not(
    whole: Run, tmp_path: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same weights to the last bit, dropout included."""
    import torch

    from index.training.reading import reader_run

    monkeypatch.setattr(reader_run, "SAVE_SECONDS", -1.0)
    first = start(tmp_path / "parts")
    measured = reader_run.measure_losses
    left = iter(range(STEPS // 3))

    def interrupted(*given: object) -> object:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return measured(*given)

    monkeypatch.setattr(reader_run, "measure_losses", interrupted)
    with pytest.raises(KeyboardInterrupt):
        first.go(sources)
    monkeypatch.setattr(reader_run, "measure_losses", measured)
    rest = start(tmp_path / "parts")
    assert rest.step == STEPS // 3
    rest.go(sources)
    wanted = whole.reader.state_dict()
    for name, values in rest.reader.state_dict().items():
        assert torch.equal(values, wanted[name]), name


def test_a_run_may_be_told_to_end_earlier(tmp_path: Path, sources: Sources) -> None:
    """By a file beside its log, which it reads at every step."""
    (tmp_path / "steps").write_text("5")
    run = start(tmp_path)
    run.go(sources)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert run.step == 5
    assert log[-1]["done"]
    assert (tmp_path / "reader.pt").exists()


def test_the_rate_rises_and_falls() -> None:
    """Linearly, from the first step to nothing after the last."""
    from index.training.reading.reader_run import rate_at

    rates = [rate_at(step, 100) for step in range(1, 101)]
    assert max(rates) == rates[5] == 1.0
    assert rates[:6] == sorted(rates[:6])
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert rates[-1] == 0.0


def test_a_reader_comes_near_to_its_teacher(whole: Run, tmp_path: Path, sources: Sources) -> None:
    """What it says of texts is nearer to the teacher's than what it said before, by a fifth."""
    import torch

    from index.training.reading.reader_batch import collate, read_batch
    from index.training.reading.reader_losses import measure_taught

    teacher = whole.reader.eval()
    run = start(tmp_path / "taught", (teacher,))
    batch = collate([bundle for number in range(4) for bundle in make_round(sources, number, 9)])
    far = []
    for _ in range(2):
        run.reader.eval()
        with torch.no_grad():
            told = read_batch(run.reader, batch), read_batch(teacher, batch)
            far.append(float(measure_taught(told[0], told[1:], batch)))
        run.reader.train()
        run.go(sources)
    assert far[1] < 0.8 * far[0]


def test_a_run_goes_on_from_a_finished_reader(tmp_path: Path, sources: Sources) -> None:
    """Its weights are where another one begins, and all but the words are learnt."""
    from index.reading.reader_weights import load_reader
    from index.training.reading.reader_run import Settings
    from index.training.reading.train_reader import begin

    run = begin(Settings(tmp_path, tmp_path, processes=1, begin=str(WEIGHTS_FILE)), 0)
    known = load_reader(WEIGHTS_FILE).state_dict()
    begun = run.reader.state_dict()
    assert all(values.equal(begun[name]) for name, values in known.items())
    learnt = {name for name, values in run.reader.named_parameters() if values.requires_grad}
    assert learnt == known.keys() - {"words.weight"}


def test_adapters_leave_the_matrices_and_are_merged_at_the_end(
    tmp_path: Path, sources: Sources
) -> None:
    """A finished reader has the names of every other, and its matrices differ by little rank."""
    import torch

    before = small_reader().state_dict()
    run = start(tmp_path, rank=2)
    run.go(sources)
    after = run.reader.state_dict()
    changed = after["layers.1.up.weight"] - before["layers.1.up.weight"]
    assert (after.keys(), int(torch.linalg.matrix_rank(changed, atol=1e-5))) == (before.keys(), 2)


def test_batches_are_the_same_from_a_process_of_their_own(tmp_path: Path, sources: Sources) -> None:
    """A graphics card learns from the same batches in the same order."""
    from itertools import islice

    from torch.utils.data import DataLoader

    from index.training.reading.reader_run import BatchStream

    stream = BatchStream(sources, settings_of(tmp_path), 0, (0, 1))
    apart = DataLoader(stream, batch_size=None, num_workers=1)
    made = [(number, at, batch.windows.tolist()) for number, at, batch in islice(apart, 5)]
    assert made == [(number, at, batch.windows.tolist()) for number, at, batch in islice(stream, 5)]
